import type { BedType } from '../../../entities/beds/bed.entity.js';
import type { LeaveKind } from '../../../entities/beds/stay-leave.entity.js';
import type { Day } from '../../shared/china-time.js';
import { firstDayOf, lastDayOf, type Month, nextMonth } from '../../shared/month.js';
import { type BedSubsidyRule, rateFor } from './bed-subsidy.rules.js';

/** A day of a stay: in the bed, on leave at home, or in hospital. */
export type DayLetter = 'P' | 'L' | 'H';

/** A stay with its leaves, [fromDay, toDay) each; an end of null is open. */
export interface StayDays {
  stayId: number;
  elderId: number;
  bedType: BedType;
  fromDay: Day;
  toDay: Day | null;
  leaves: readonly { kind: LeaveKind; fromDay: Day; toDay: Day | null }[];
}

/** What a funder pays for at a home in a month: the rule of each day, null where there is none. */
export interface FunderTerms {
  funderId: number;
  byDay: readonly (BedSubsidyRule | null)[];
}

/** The facts of one elder at one home in a month. */
export interface MonthFacts {
  month: Month;
  /** Which share no day, in the order of their first days. */
  stays: readonly StayDays[];
  /** The level that counted on each day of the month. */
  levels: readonly (number | null)[];
  terms: readonly FunderTerms[];
  /** By stay: which days of the month nobody pays for, as in denied_bed_days. */
  denied: ReadonlyMap<number, string>;
}

/** What one funder pays for: how many days, and how much. */
export interface Part {
  days: number;
  fen: number;
}

/** The days of a stay at one level, and what they are worth. */
export interface DueLine {
  stayId: number;
  elderId: number;
  bedType: BedType;
  level: number | null;
  month: Month;
  /** A letter a day of the month; - for a day that is none of these. */
  days: string;
  countedDays: number;
  parts: ReadonlyMap<number, Part>;
}

export function daysIn(month: Month): number {
  return Number(lastDayOf(month).slice(8));
}

/** The day of a month at a place that counts from 0. */
export function dayAt(month: Month, index: number): Day {
  return `${month}-${String(index + 1).padStart(2, '0')}`;
}

/** Which days of the month a stay has, a letter for each; a leave is where the stay is. */
export function lettersOf({ fromDay, toDay, leaves }: StayDays, month: Month): (DayLetter | null)[] {
  const letters = Array<DayLetter | null>(daysIn(month)).fill(null);
  const put = (from: Day, to: Day | null, letter: DayLetter) => {
    const first = indexOn(from, month);
    const end = to === null ? letters.length : indexOn(to, month);
    for (let index = first; index < end; index += 1) {
      if (letter === 'P' || letters[index] !== null) letters[index] = letter;
    }
  };
  put(fromDay, toDay, 'P');
  for (const leave of leaves) put(leave.fromDay, leave.toDay, leave.kind === 'HOME' ? 'L' : 'H');
  return letters;
}

/** Where a day stands in the month: 0 for one before it, the month's length for one after it. */
function indexOn(day: Day, month: Month): number {
  if (day < firstDayOf(month)) return 0;
  return day >= firstDayOf(nextMonth(month)) ? daysIn(month) : Number(day.slice(8)) - 1;
}

interface Group {
  stay: StayDays;
  level: number | null;
  letters: (DayLetter | null)[];
  indexes: number[];
}

/** What the days of an elder at a home in a month come to: a line for each stay and level that has days. */
export function dueLines(facts: MonthFacts): DueLine[] {
  const { month, denied } = facts;
  const groups = groupsOf(facts);
  const worths = facts.terms.map((terms) => ({ ...worthOf(facts, groups, terms), funderId: terms.funderId }));
  return groups.map(({ stay, level, letters, indexes }, place) => {
    const refused = denied.get(stay.stayId) ?? '';
    const paid = new Set<number>();
    const parts = new Map<number, Part>();
    for (const { funderId, counted, fen } of worths) {
      const own = indexes.filter((index) => counted.has(index));
      const kept = own.filter((index) => refused[index] !== 'X');
      for (const index of kept) paid.add(index);
      const whole = fen[place] ?? 0;
      if (kept.length > 0) {
        parts.set(funderId, { days: kept.length, fen: Math.floor((whole * kept.length) / own.length) });
      }
    }
    const { stayId, elderId, bedType } = stay;
    const days = letters.map((letter) => letter ?? '-').join('');
    return { stayId, elderId, bedType, level, month, days, countedDays: paid.size, parts };
  });
}

function emptyGroup(stay: StayDays, level: number | null, month: Month): Group {
  return { stay, level, letters: Array<DayLetter | null>(daysIn(month)).fill(null), indexes: [] };
}

/** The days by stay and level, in the order of their first days. */
function groupsOf({ month, stays, levels }: MonthFacts): Group[] {
  const groups: Group[] = [];
  for (const stay of stays) {
    const byLevel = new Map<number | null, Group>();
    lettersOf(stay, month).forEach((letter, index) => {
      if (letter === null) return;
      const level = levels[index] ?? null;
      const group = byLevel.get(level) ?? emptyGroup(stay, level, month);
      group.letters[index] = letter;
      group.indexes.push(index);
      byLevel.set(level, group);
    });
    groups.push(...byLevel.values());
  }
  return groups;
}

/**
 * What one funder pays for each group, and for which days. Amounts are added up over the elder's month and rounded down
 * once: what a group gets is what the sum grew by, so that a resident who moved within the home costs no fen less.
 */
function worthOf(
  { month }: MonthFacts,
  groups: readonly Group[],
  { byDay }: FunderTerms,
): { counted: Set<number>; fen: number[] } {
  const days = countedDays(groups, byDay);
  const inMonths = [...days.values()].filter(({ rule }) => rule.per === 'MONTH').length;
  const sum = { perDay: 0, whole: 0, part: 0 };
  const [whole, part] = [Math.max(inMonths, 1), daysIn(month)];
  let before = 0;
  const fen = groups.map(({ indexes }) => {
    for (const index of indexes) {
      const day = days.get(index);
      if (!day) continue;
      const { per, wholeMonthDays } = day.rule;
      if (per === 'DAY') sum.perDay += day.fen;
      else if (wholeMonthDays !== null && inMonths >= wholeMonthDays) sum.whole += day.fen;
      else sum.part += day.fen;
    }
    const total = Math.floor(
      (sum.perDay * whole * part + sum.whole * part + sum.part * whole) / (whole * part),
    );
    const grown = total - before;
    before = total;
    return grown;
  });
  return { counted: new Set(days.keys()), fen };
}

/** The days that count for a funder: those in the bed, and as many days of leave of the month as the rule lets count. */
function countedDays(
  groups: readonly Group[],
  byDay: readonly (BedSubsidyRule | null)[],
): Map<number, { rule: BedSubsidyRule; fen: number }> {
  const found = new Map<number, { rule: BedSubsidyRule; fen: number }>();
  const used = { L: 0, H: 0 };
  const days = groups.flatMap((group) => group.indexes.map((index) => ({ index, group })));
  days.sort((one, other) => one.index - other.index);
  for (const { index, group } of days) {
    const letter = group.letters[index];
    if (letter === 'L' || letter === 'H') used[letter] += 1;
    const rule = byDay[index];
    if (!rule) continue;
    if (letter === 'L' && used.L > rule.homeLeaveDaysMax) continue;
    if (letter === 'H' && used.H > rule.hospitalDaysMax) continue;
    const rate = rateFor(rule, group.stay.bedType, group.level);
    if (rate) found.set(index, { rule, fen: rate.fen });
  }
  return found;
}

/** How often a letter stands among the days. */
export function countOf(days: string, letter: DayLetter): number {
  return days.split(letter).length - 1;
}
