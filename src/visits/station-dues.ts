import type { EntityManager } from 'typeorm';
import type { HoursPostingKind } from '../../entities/visits/hours-posting.entity.js';
import type { Day } from '../shared/china-time.js';
import { firstDayOf, type Month, nextMonth } from '../shared/month.js';
import { placeholders } from '../shared/statements.js';

/** What one posting made a station be owed for a visit, or took back: a line of the station's month. */
export interface StationDue {
  postingId: number;
  kind: Extract<HoursPostingKind, 'USE' | 'FORFEIT' | 'CORRECT'>;
  /** The day on which it was written, by which it belongs to the month. */
  bookedOn: Day;
  visitId: number;
  elderId: number;
  /** Minutes of government hours; negative where a use was taken back. */
  hoursMinutes: number;
  /** What the family owes, in fen; negative where it was taken back. */
  familyFen: number;
  /** Who else owes how much, in fen. Together with the family's part it is what the station is owed. */
  funders: { funderId: number; fen: number }[];
}

/**
 * What a station has come to be owed in a month, posting by posting in their order: two statements, however many. A
 * month that is over never changes, because postings are written with the day on which they are; what is corrected
 * later is a line of the later month.
 */
export async function stationDues(
  manager: EntityManager,
  stationId: number,
  month: Month,
): Promise<StationDue[]> {
  const postings: Omit<StationDue, 'hoursMinutes' | 'familyFen' | 'funders'>[] = await manager.query(
    `SELECT id AS postingId, kind, CAST(bookedOn AS CHAR) AS bookedOn, visitId, elderId FROM hours_posting
      WHERE stationId = ? AND bookedOn >= ? AND bookedOn < ? AND kind IN ('USE', 'FORFEIT', 'CORRECT')
      ORDER BY id`,
    [stationId, firstDayOf(month), firstDayOf(nextMonth(month))],
  );
  const entries = await owedEntries(manager, stationId, month);
  return postings.map((posting) => {
    const own = entries.get(posting.postingId) ?? [];
    const sum = (account: string, unit: 'minutes' | 'fen') =>
      own.reduce((total, entry) => (entry.account === account ? total + entry[unit] : total), 0);
    const funders = own
      .filter(({ account }) => account === 'FUNDER')
      .map(({ ownerId, fen }) => ({ funderId: ownerId, fen: -fen }));
    return { ...posting, hoursMinutes: sum('USED', 'minutes'), familyFen: 0 - sum('FAMILY', 'fen'), funders };
  });
}

interface OwedEntry {
  account: 'USED' | 'FAMILY' | 'FUNDER';
  ownerId: number;
  minutes: number;
  fen: number;
}

const owed = ['USED', 'FAMILY', 'FUNDER'] as const;

async function owedEntries(
  manager: EntityManager,
  stationId: number,
  month: Month,
): Promise<Map<number, OwedEntry[]>> {
  const rows: (Omit<OwedEntry, 'minutes' | 'fen'> & {
    postingId: number;
    minutes: number | string;
    fen: number | string;
  })[] = await manager.query(
    `SELECT e.postingId, e.account, e.ownerId, SUM(e.minutes) AS minutes, SUM(e.fen) AS fen
       FROM hours_posting p JOIN hours_entry e ON e.postingId = p.id
      WHERE p.stationId = ? AND p.bookedOn >= ? AND p.bookedOn < ? AND p.kind IN ('USE', 'FORFEIT', 'CORRECT')
        AND e.account IN (${placeholders(owed)})
      GROUP BY e.postingId, e.account, e.ownerId ORDER BY e.postingId, e.account, e.ownerId`,
    [stationId, firstDayOf(month), firstDayOf(nextMonth(month)), ...owed],
  );
  const entries = new Map<number, OwedEntry[]>();
  for (const { postingId, minutes, fen, ...row } of rows) {
    const entry = { ...row, minutes: Number(minutes), fen: Number(fen) };
    entries.set(postingId, [...(entries.get(postingId) ?? []), entry]);
  }
  return entries;
}
