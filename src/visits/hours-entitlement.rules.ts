import {
  type PersonConditions,
  type PersonFacts,
  type PersonUnmet,
  unmetPerson,
} from '../elders/person-conditions.rules.js';
import { isLater, versionOn, versionsAt } from '../rule-versions/dated-versions.rules.js';
import { addDays, type Day, weekdayOf } from '../shared/china-time.js';
import { firstDayOf, monthOf, nextMonth } from '../shared/month.js';
import type { HoursDocument, HoursGrantRule, HoursWho } from './hours-language.rules.js';

/** What rules of hours ask of an elder, as the file is today. */
export type HoursElder = PersonFacts;

/** An approved version of a set of rules. */
export interface HoursSet {
  ruleId: number;
  code: string;
  version: number;
  facilityId: number;
  /** The division code of the place that the rules are for. */
  scopeDivision: string;
  fromDay: Day;
  toDay: Day | null;
  document: HoursDocument;
}

/** A month or a week: [fromDay, toDay). */
export interface HoursPeriod {
  period: string;
  fromDay: Day;
  toDay: Day;
}

export function hoursPeriod(per: HoursDocument['per'], day: Day): HoursPeriod {
  if (per === 'MONTH') {
    const month = monthOf(day);
    return { period: month, fromDay: firstDayOf(month), toDay: firstDayOf(nextMonth(month)) };
  }
  const fromDay = addDays(day, 1 - weekdayOf(day));
  return { period: fromDay, fromDay, toDay: addDays(fromDay, 7) };
}

/** Why a grant is not an elder's. */
export type HoursUnmet =
  | PersonUnmet
  | { why: 'NONE_OF_SEVERAL' }
  | { why: 'EXCLUDED' }
  | { why: 'OTHER_GRANT_BETTER'; code: string }
  | { why: 'OTHER_SET_BETTER'; code: string };

/** A grant that was looked at over the period of a day: the elder's when nothing is unmet. */
export interface LookedGrant extends HoursPeriod {
  set: HoursSet;
  grant: HoursGrantRule;
  unmet: HoursUnmet | null;
}

/**
 * The versions that count at a place for the month or the week of a day, from the top of the tree down. A period
 * that has begun keeps the version that it began under, so that its hours do not change with the day that is asked;
 * a set that begins within a period counts from its first day on, and one that ends counts no more from then on.
 *
 * @param places the station and everything above it, from the root down
 */
export function hoursSetsInForce(sets: Iterable<HoursSet>, places: readonly number[], day: Day): HoursSet[] {
  return versionsAt(sets, places, (versions) => versionFor(versions, day));
}

function versionFor(versions: readonly HoursSet[], day: Day): HoursSet | undefined {
  const today = versionOn(versions, day);
  if (!today) return undefined;
  const { per } = today.document;
  const { fromDay } = hoursPeriod(per, day);
  const atStart = versionOn(versions, fromDay);
  if (atStart?.document.per === per) return atStart;
  const begun = versions.filter(
    (version) => version.document.per === per && fromDay < version.fromDay && version.fromDay <= day,
  );
  return begun.reduce((first, version) => (isLater(first, version) ? version : first), today);
}

/**
 * Every grant of the sets in force, and why it is not the elder's over the month or the week of `day`. The elder is
 * looked at as of the period's first day, so that a period has one answer, whichever of its days is asked.
 */
export function lookAtGrants(sets: readonly HoursSet[], elder: HoursElder, day: Day): LookedGrant[] {
  const bySet = sets.map((set) => {
    const period = hoursPeriod(set.document.per, day);
    const looked = set.document.grants.map((grant) => {
      const unmet = unmetBy(grant.who, elder, period.fromDay, set.scopeDivision);
      return { ...period, set, grant, unmet };
    });
    return picked(set.document, looked);
  });
  const rivals = bySet.filter((looked) => looked[0]?.set.document.alongside === 'BEST');
  const best = mostOf(rivals, (looked) => sumOf(looked));
  if (!best || sumOf(best) === 0) return bySet.flat();
  const code = best[0]?.set.code ?? '';
  return bySet.flatMap((looked) =>
    looked === best || !rivals.includes(looked)
      ? looked
      : looked.map((each) =>
          each.unmet ? each : { ...each, unmet: { why: 'OTHER_SET_BETTER' as const, code } },
        ),
  );
}

function picked({ pick }: HoursDocument, looked: readonly LookedGrant[]): LookedGrant[] {
  if (pick === 'ALL') return [...looked];
  const mine = looked.filter(({ unmet }) => unmet === null);
  const best = mostOf(mine, ({ grant }) => grant.minutes);
  if (!best) return [...looked];
  const { code } = best.grant;
  return looked.map((each) =>
    each.unmet || each === best ? each : { ...each, unmet: { why: 'OTHER_GRANT_BETTER', code } },
  );
}

/** Months and weeks compare by what they come to in a year. */
function sumOf(looked: readonly LookedGrant[]): number {
  const perYear = looked[0]?.set.document.per === 'WEEK' ? 52 : 12;
  return looked.reduce((sum, { grant, unmet }) => (unmet ? sum : sum + grant.minutes * perYear), 0);
}

/** The first of those with the most. */
function mostOf<Item>(items: readonly Item[], amount: (item: Item) => number): Item | undefined {
  let best: Item | undefined;
  for (const item of items) if (!best || amount(item) > amount(best)) best = item;
  return best;
}

function unmetBy(
  who: HoursWho | undefined,
  elder: HoursElder,
  day: Day,
  scopeDivision: string,
): HoursUnmet | null {
  if (!who) return null;
  const unmetOf = (one: PersonConditions) => unmetPerson(one, elder, day, scopeDivision);
  const { anyOf, noneOf } = who;
  const unmet = unmetOf(who);
  if (unmet) return unmet;
  if (anyOf && !anyOf.some((one) => !unmetOf(one))) return { why: 'NONE_OF_SEVERAL' };
  return noneOf?.some((one) => !unmetOf(one)) ? { why: 'EXCLUDED' } : null;
}
