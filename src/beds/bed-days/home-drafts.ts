import type { EntityManager } from 'typeorm';
import { type Counted, levelOn } from '../../elders/assessment.rules.js';
import type { Day } from '../../shared/china-time.js';
import { firstDayOf, lastDayOf, type Month, nextMonth } from '../../shared/month.js';
import { type DueLine, dayAt, daysIn, dueLines } from './bed-day.rules.js';
import {
  correctedMonths,
  firstOpenMonth,
  type HomeLineDraft,
  isSettledMonth,
  monthsBefore,
  openLines,
  type SettledDays,
} from './home-line.rules.js';
import { beginning, closedMonths, deniedDays, firstMonths, settledDays } from './read-settled-days.js';
import { type ElderLevels, levelsOfResidents, type StayOfHome, staysOfHomes } from './read-stay-days.js';
import {
  allPayers,
  allSubsidies,
  everAbove,
  type KeptSubsidy,
  type Payer,
  termsIn,
} from './read-subsidies.js';

/** What drafts of a month would hold if they were submitted now, and who pays. */
export interface HomeDrafts {
  lines: Map<number, HomeLineDraft[]>;
  funders: Map<number, Payer>;
}

/** Everything that the drafts of some homes follow from. */
interface Books {
  month: Month;
  stays: readonly StayOfHome[];
  levels: Map<number, ElderLevels>;
  closed: Map<number, Set<Month>>;
  first: Map<number, Month>;
  settled: Map<number, SettledDays[]>;
  denied: Map<string, string>;
  subsidies: readonly KeptSubsidy[];
  above: Awaited<ReturnType<typeof everAbove>>;
}

/**
 * The lines of drafts, in the order of their numbers: the days of the month, and of earlier months that were submitted
 * what was entered since. Twelve statements, however many homes and stays.
 */
export async function draftsOf(
  manager: EntityManager,
  facilityIds: readonly number[],
  month: Month,
): Promise<HomeDrafts> {
  if (facilityIds.length === 0 || !isSettledMonth(month)) return { lines: new Map(), funders: new Map() };
  const books = await readBooks(manager, facilityIds, month);
  const lines = new Map(facilityIds.map((id) => [id, linesOfHome(books, id)]));
  return { lines, funders: await allPayers(manager) };
}

async function readBooks(
  manager: EntityManager,
  facilityIds: readonly number[],
  month: Month,
): Promise<Books> {
  const from = monthsBefore(month, correctedMonths);
  const days = { facilityIds, from: firstDayOf(from), to: firstDayOf(nextMonth(month)) };
  const months = { facilityIds, from, to: month };
  return {
    month,
    stays: await staysOfHomes(manager, days),
    levels: await levelsOfResidents(manager, days),
    closed: await closedMonths(manager, facilityIds),
    first: await firstMonths(manager, facilityIds),
    settled: await settledDays(manager, months),
    denied: await deniedDays(manager, months),
    subsidies: await allSubsidies(manager),
    above: await everAbove(manager, facilityIds),
  };
}

function linesOfHome(books: Books, facilityId: number): HomeLineDraft[] {
  const { month, first, closed } = books;
  const stays = books.stays.filter((stay) => stay.facilityId === facilityId);
  const settled = books.settled.get(facilityId) ?? [];
  const own = closed.get(facilityId) ?? new Set<Month>();
  const earliest = monthsBefore(month, correctedMonths);
  const begun = beginning({ closed: own, first: first.get(facilityId) }, month);
  const from = begun > earliest ? begun : earliest;
  // Corrections come with the first month that is open, so that two drafts do not promise the same money.
  const isNext = firstOpenMonth({ from, before: month, closed: own }, stays) === undefined;
  const corrected = isNext ? [...own].filter((each) => each >= earliest && each < month) : [];
  const lines = [month, ...corrected].flatMap((daysMonth) => {
    const kept = settled.filter((line) => line.month === daysMonth);
    return linesOfMonth(books, { facilityId, daysMonth, stays, settled: kept });
  });
  return lines.sort((one, other) => one.id - other.id);
}

function linesOfMonth(
  books: Books,
  {
    facilityId,
    daysMonth,
    stays,
    settled,
  }: { facilityId: number; daysMonth: Month; stays: readonly StayOfHome[]; settled: readonly SettledDays[] },
): HomeLineDraft[] {
  const [start, end] = [firstDayOf(daysMonth), lastDayOf(daysMonth)];
  const terms = termsIn(books.subsidies, books.above, { facilityId, month: daysMonth });
  const byElder = new Map<number, StayOfHome[]>();
  for (const stay of stays) {
    if (stay.fromDay > end || (stay.toDay !== null && stay.toDay <= start)) continue;
    byElder.set(stay.elderId, [...(byElder.get(stay.elderId) ?? []), stay]);
  }
  // An erased file says no level any more, which is no reason to pay anew what was settled by the one that counted.
  const isLeft = (elderId: number) =>
    daysMonth !== books.month && books.levels.get(elderId)?.isErased === true;
  const due: DueLine[] = [];
  const denied = new Map<number, string>();
  for (const [elderId, own] of byElder) {
    if (isLeft(elderId)) continue;
    for (const { stayId } of own) {
      const days = books.denied.get(`${stayId} ${daysMonth}`);
      if (days !== undefined) denied.set(stayId, days);
    }
    const levels = levelsIn(books.levels.get(elderId)?.levels ?? [], daysMonth);
    due.push(...dueLines({ month: daysMonth, stays: own, levels, terms, denied }));
  }
  const known = settled.filter(({ elderId }) => !isLeft(elderId));
  const asked = { statementMonth: books.month, month: daysMonth, denied: new Set(denied.keys()) };
  return openLines(asked, due, known);
}

/** The level of each day; most months have one throughout. */
function levelsIn(counted: readonly Counted[], month: Month): (number | null)[] {
  const isWithin = (day: Day | null) => day !== null && day > firstDayOf(month) && day <= lastDayOf(month);
  const changes = counted.some(
    ({ assessedOn, countsUntil }) => isWithin(assessedOn) || isWithin(countsUntil),
  );
  const first = levelOn(counted, firstDayOf(month));
  return Array.from({ length: daysIn(month) }, (_, index) =>
    changes ? levelOn(counted, dayAt(month, index)) : first,
  );
}
