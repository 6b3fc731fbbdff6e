import type { BedType } from '../../../entities/beds/bed.entity.js';
import type { Day } from '../../shared/china-time.js';
import type { Month } from '../../shared/month.js';
import { countOf, type DueLine, dayAt, type Part } from './bed-day.rules.js';

/** How many months before a statement's own it looks again at what was settled: more than anything is entered late. */
export const correctedMonths = 15;

const firstYear = 2020;
const monthsMax = 800;
const levelsMax = 6;

/** How many numbers of lines belong to a stay: those of stay n begin with n times as many. */
export const linesPerStay = monthsMax * (correctedMonths + 1) * levelsMax;

/** A month that homes can be settled for: the number of a line has room for no other. */
export function isSettledMonth(month: Month): boolean {
  const number = monthNumber(month) - firstYear * 12;
  return number >= 0 && number < monthsMax;
}

export function monthsBefore(month: Month, count: number): Month {
  const number = monthNumber(month) - count;
  return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`;
}

function monthNumber(month: Month): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
}

export interface LineKey {
  stayId: number;
  /** Of the days. */
  month: Month;
  level: number | null;
}

export const keyOf = ({ stayId, month, level }: LineKey) => `${stayId} ${month} ${level}`;

/**
 * The number of a line, which says what it is about: the same line of a draft, of the statement, and of the statement
 * that was returned and submitted again. So a dispute stays with its line, and nothing has to be kept to number it.
 */
export function lineIdOf({ stayId, month, level }: LineKey, statementMonth: Month): number {
  const number = monthNumber(statementMonth);
  const lag = number - monthNumber(month);
  const place = (number - firstYear * 12) * (correctedMonths + 1) + lag;
  const id = stayId * linesPerStay + place * levelsMax + (level ?? -1) + 1;
  if (lag < 0 || lag > correctedMonths || id >= 1e15) throw new Error(`no line can be of stay ${stayId}`);
  return id;
}

/** The days and the money that statements have of a line's days so far, or that one line has. */
export interface DayCounts {
  units: number;
  homeLeaveDays: number;
  hospitalDays: number;
  countedDays: number;
  parts: ReadonlyMap<number, Part>;
}

export interface SettledDays extends LineKey, DayCounts {
  elderId: number;
  bedType: BedType;
  /** The first of the days. */
  day: Day;
}

export interface HomeLineDraft extends SettledDays {
  id: number;
  kind: 'STAY' | 'CORRECT' | 'DISPUTE';
  correctsMonth: Month | null;
  days: string;
}

/**
 * What a statement has to say of a month's days: what is due less what is settled, where that is anything. So whatever
 * is entered late comes as the difference, however often, and a line that was submitted never changes.
 */
export function openLines(
  { statementMonth, month, denied }: { statementMonth: Month; month: Month; denied: ReadonlySet<number> },
  due: readonly DueLine[],
  settled: readonly SettledDays[],
): HomeLineDraft[] {
  const wanted = new Map(due.map((line) => [keyOf(line), { ...line, ...countsOf(line) }]));
  const known = new Map(settled.map((line) => [keyOf(line), line]));
  const lines: HomeLineDraft[] = [];
  for (const key of new Set([...wanted.keys(), ...known.keys()])) {
    const [now, before] = [wanted.get(key), known.get(key)];
    const about = now ?? before;
    if (!about) continue;
    const { stayId, elderId, bedType, level } = about;
    const counts = difference(now ?? noCounts, before ?? noCounts);
    if (isNothing(counts)) continue;
    const days = now?.days ?? '-'.repeat(31);
    const day = now ? dayAt(month, now.days.search(/[PLH]/)) : (before?.day ?? dayAt(month, 0));
    const isOwn = month === statementMonth;
    const isDenial =
      denied.has(stayId) && counts.units === 0 && counts.homeLeaveDays === 0 && counts.hospitalDays === 0;
    const kind = isOwn ? 'STAY' : isDenial ? 'DISPUTE' : 'CORRECT';
    const id = lineIdOf({ stayId, month, level }, statementMonth);
    const place = { id, kind, stayId, elderId, bedType, level, month, day, days } as const;
    lines.push({ ...place, correctsMonth: isOwn ? null : month, ...counts });
  }
  return lines;
}

const noCounts: DayCounts = { units: 0, homeLeaveDays: 0, hospitalDays: 0, countedDays: 0, parts: new Map() };

function countsOf({ days, countedDays, parts }: DueLine): DayCounts {
  return {
    units: countOf(days, 'P'),
    homeLeaveDays: countOf(days, 'L'),
    hospitalDays: countOf(days, 'H'),
    countedDays,
    parts,
  };
}

function difference(one: DayCounts, other: DayCounts): DayCounts {
  const parts = new Map<number, Part>();
  for (const funderId of new Set([...one.parts.keys(), ...other.parts.keys()])) {
    const [due, had] = [one.parts.get(funderId), other.parts.get(funderId)];
    const part = { days: (due?.days ?? 0) - (had?.days ?? 0), fen: (due?.fen ?? 0) - (had?.fen ?? 0) };
    if (part.days !== 0 || part.fen !== 0) parts.set(funderId, part);
  }
  return {
    units: one.units - other.units,
    homeLeaveDays: one.homeLeaveDays - other.homeLeaveDays,
    hospitalDays: one.hospitalDays - other.hospitalDays,
    countedDays: one.countedDays - other.countedDays,
    parts,
  };
}

function isNothing({ units, homeLeaveDays, hospitalDays, countedDays, parts }: DayCounts): boolean {
  return units === 0 && homeLeaveDays === 0 && hospitalDays === 0 && countedDays === 0 && parts.size === 0;
}

/** The first of the months that has days and was not submitted; undefined when every one was. */
export function firstOpenMonth(
  { from, before, closed }: { from: Month; before: Month; closed: ReadonlySet<Month> },
  spans: readonly { fromDay: Day; toDay: Day | null }[],
): Month | undefined {
  for (let month = from; month < before; month = monthsBefore(month, -1)) {
    if (closed.has(month)) continue;
    const first = dayAt(month, 0);
    const next = dayAt(monthsBefore(month, -1), 0);
    if (spans.some(({ fromDay, toDay }) => fromDay < next && (toDay === null || toDay > first))) return month;
  }
  return undefined;
}
