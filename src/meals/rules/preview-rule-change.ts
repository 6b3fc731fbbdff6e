import { setImmediate as othersTurn } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { InstitutionStays } from '../../elders/institution-stays.js';
import type { ListedVersion } from '../../rule-versions/list-versions.js';
import { addDays, type Day, daysOver, isDay } from '../../shared/china-time.js';
import { readDiners } from '../diner-facts.js';
import { readPostedMeals, readRecordedMeals } from './previewed-meals.js';
import { readPreviewedRules } from './previewed-terms.js';
import { RememberedSplits } from './remembered-splits.js';
import { daysCounted, periodOf } from './rule-caps.rules.js';
import { ImpactTally, type RuleImpact } from './rule-impact.js';
import { splitAgain } from './split-again.js';

/** Two months; more would be no question of a change, and take as long as an answer may. */
export const previewDaysMax = 62;

export function isPreviewable({ fromDay, toDay }: { fromDay: Day; toDay: Day }): boolean {
  const areDays = isDay(fromDay) && isDay(toDay);
  return areDays && fromDay < toDay && toDay <= addDays(fromDay, previewDaysMax);
}

export function lastMonth(today: Day): { fromDay: Day; toDay: Day } {
  const toDay = periodOf('MONTH', today).first;
  return { fromDay: periodOf('MONTH', addDays(toDay, -1)).first, toDay };
}

/** Where a preview ends before it is through, so that nobody keeps the server at it for as long as he likes. */
export interface PreviewBound {
  /** After so many meals no more elders are looked at. */
  mealsMax: number;
  /** Whether its time is over. */
  isOver(): boolean;
}

/** A large city's two months have two million meals. */
export const previewMealsMax = 3_000_000;
/** Shorter than a caller waits for an answer. */
export const previewSecondsMax = 20;

/** For who asks over the network, from now on. */
export function previewBound(): PreviewBound {
  const endMs = performance.now() + previewSecondsMax * 1000;
  return { mealsMax: previewMealsMax, isOver: () => performance.now() > endMs };
}

/** For who sits at the machine, and can break it off. */
const unbounded: PreviewBound = { mealsMax: Number.POSITIVE_INFINITY, isOver: () => false };

/**
 * Whose meals are in memory at a time, a hundred and forty days of each at the very most; on SQLite nobody else gets a
 * turn while these are split.
 */
const eldersPerPage = 60;

/**
 * What the recorded meals of [fromDay, toDay) cost by the ledger, and what they would have cost if this version had been
 * in force instead of the others of its code. Elders are taken a page at a time with all their meals: seven statements a
 * page, and no more in memory than one page. Between pages others get their turn. At the bound it stops and says so: its
 * figures are then those of the elders who were looked at.
 *
 * What was borne is what the ledger has now, after what reviews and disputes decided; the canteen bears a meal for review
 * that nobody has decided yet, and funders a subsidy in doubt, until it is decided. `splitAgain` says what is split anew
 * and what stands whatever the rules. People are taken as their files and stays are today, since what was known of them
 * at the tap is not kept; the version that was in force therefore changes what became known of them later, and nothing else.
 */
export async function previewRuleChange(
  manager: EntityManager,
  rules: ListedVersion,
  { fromDay, toDay }: { fromDay: Day; toDay: Day },
  { stays, bound = unbounded }: { stays: InstitutionStays; bound?: PreviewBound },
): Promise<RuleImpact> {
  const days = daysOver(fromDay, toDay);
  const counted = {
    first: daysCounted('MONTH', fromDay).first,
    last: daysCounted('MONTH', addDays(toDay, -1)).last,
  };
  const tally = new ImpactTally();
  const known = await readPreviewedRules(manager, rules, { fromDay, toDay });
  const accounts = new Map(known.funders.map((funder) => [funder.accountId, funder]));
  const preview = { ...known, accounts, splits: new RememberedSplits(), tally };
  let eldersLookedAt = 0;
  let mealsRead = 0;
  let page = await eldersAfter(manager, 0);
  for (; page.length > 0; page = await eldersAfter(manager, page.at(-1) ?? 0)) {
    if (eldersLookedAt > 0 && (mealsRead >= bound.mealsMax || bound.isOver())) break;
    const meals = await readRecordedMeals(manager, page, counted);
    const elderIds = [...meals.keys()];
    const posted = await readPostedMeals(manager, elderIds, { fromDay, toDay });
    const diners = await readDiners(manager, elderIds);
    const living = await stays.on(manager, elderIds, days);
    for (const [elderId, own] of meals) {
      const diner = diners.get(elderId);
      if (diner) splitAgain(own, { diner, living, posted }, preview);
      mealsRead += own.length;
    }
    eldersLookedAt += page.length;
    await othersTurn();
  }
  const complete = page.length === 0;
  const eldersInAll = complete ? eldersLookedAt : await countElders(manager);
  return { fromDay, toDay, complete, eldersLookedAt, eldersInAll, ...tally.result() };
}

async function eldersAfter(manager: EntityManager, afterId: number): Promise<number[]> {
  const rows: { elderId: number }[] = await manager.query(
    'SELECT DISTINCT elderId FROM meal_card WHERE elderId > ? ORDER BY elderId LIMIT ?',
    [afterId, eldersPerPage],
  );
  return rows.map(({ elderId }) => elderId);
}

async function countElders(manager: EntityManager): Promise<number> {
  const rows: { elders: number | string }[] = await manager.query(
    'SELECT COUNT(DISTINCT elderId) AS elders FROM meal_card',
  );
  return Number(rows[0]?.elders ?? 0);
}
