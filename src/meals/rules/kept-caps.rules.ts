import type { Day } from '../../shared/china-time.js';
import { type CapOwner, capsOn, periodOf } from './rule-caps.rules.js';
import type { GivingRule } from './rule-catalog.js';
import type { Cap } from './rule-language.rules.js';

/** A meal that counts for caps, with the rules that gave something towards it. */
export interface GivenMeal {
  day: Day;
  given: readonly GivingRule[];
}

/** A cap that more was given of than it allows. */
export interface ExceededCap extends CapOwner {
  per: Cap['per'];
  /** The first day of its period. */
  first: Day;
  unit: 'times' | 'fen';
  given: number;
  most: number;
}

/**
 * The caps that are exceeded by what rules gave towards these meals of one elder, in whatever order they were recorded.
 *
 * A swipe is held against the caps of the version of its own day, and counts whatever was given before it in the whole
 * period, by whichever version. Where versions differ, the one recorded last may so follow others under a wider cap, and
 * the order is not kept. What was kept can be told without it: there is an order in which every meal fits its own cap if
 * and only if those whose caps allow so much at most have had no more than that together, for each cap that there is.
 * Under one version that is the cap itself.
 */
export function exceededCaps(meals: readonly GivenMeal[]): ExceededCap[] {
  const spent = new Map<string, Spent>();
  for (const [index, { day, given }] of meals.entries()) {
    for (const [key, bound] of boundsOf(given)) {
      const { per, owner } = bound;
      const first = firstDayOf(per, day);
      const periodKey = `${key} ${per === 'MEAL' ? index : first}`;
      const known = spent.get(periodKey) ?? { per, owner, first, bounds: [] };
      if (known.bounds.length === 0) spent.set(periodKey, known);
      known.bounds.push(bound);
    }
  }
  return [...spent.values()].flatMap(({ owner, per, first, bounds }) => {
    const times = per === 'MEAL' ? [] : bounds.map(({ timesMost }) => ({ given: 1, most: timesMost }));
    const fen = bounds.map((bound) => ({ given: bound.fen, most: bound.fenMost }));
    return [
      ...beyond(times).map((over) => ({ ...owner, per, first, unit: 'times' as const, ...over })),
      ...beyond(fen).map((over) => ({ ...owner, per, first, unit: 'fen' as const, ...over })),
    ];
  });
}

/** By period and day: of days there are few, and of meals many. */
const firstDays = new Map<string, Day>();

function firstDayOf(per: Cap['per'], day: Day): Day {
  const key = `${per} ${day}`;
  const first = firstDays.get(key) ?? periodOf(per, day).first;
  firstDays.set(key, first);
  return first;
}

/** What one owner of caps gave towards one meal, and the most that the caps of a period allow. */
interface Bound {
  owner: CapOwner;
  per: Cap['per'];
  fen: number;
  timesMost: number;
  fenMost: number;
}

/** All that was given of one owner in one period, meal by meal. */
interface Spent extends Pick<Bound, 'owner' | 'per'> {
  first: Day;
  bounds: Bound[];
}

/** By owner and period; caps of one owner and period that stand beside each other bind together. */
function boundsOf(given: readonly GivingRule[]): Map<string, Bound> {
  const bounds = new Map<string, Bound>();
  for (const { set, group, rule, fen } of given) {
    const counted = new Set<Bound>();
    for (const { owner, cap } of capsOn(set, group, rule)) {
      const { per, times = Number.POSITIVE_INFINITY, fen: fenMost = Number.POSITIVE_INFINITY } = cap;
      const key = `${per} ${owner.setCode} ${owner.groupCode ?? ''} ${owner.ruleCode ?? ''}`;
      const bound = bounds.get(key) ?? { owner, per, fen: 0, timesMost: times, fenMost };
      bounds.set(key, bound);
      bound.timesMost = Math.min(bound.timesMost, times);
      bound.fenMost = Math.min(bound.fenMost, fenMost);
      if (!counted.has(bound)) bound.fen += fen;
      counted.add(bound);
    }
  }
  return bounds;
}

interface Part {
  given: number;
  most: number;
}

/** The first bound that those with no wider one are beyond together; empty when there is none. */
function beyond(parts: readonly Part[]): Part[] {
  let given = 0;
  for (const part of [...parts].sort((one, other) => one.most - other.most)) {
    given += part.given;
    if (given > part.most) return [{ given, most: part.most }];
  }
  return [];
}
