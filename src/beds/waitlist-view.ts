import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import { addDays, type Day, dayOf } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import type { Text } from '../shared/text.js';
import { expectedWaitDays } from './waitlist.rules.js';
import { linesOfElder, readLines, type Waiting } from './waitlist-line.js';

export interface Offer {
  id: number;
  bedId: number;
  expiresAt: Date;
}

/** Somebody in line as it is shown. */
export interface PlacedEntry {
  id: number;
  elderId: number;
  facilityId: number;
  type: BedType;
  /** 1 is next; 0 for somebody who waits no more. */
  position: number;
  joinedOn: Day;
  /** The class by which the place was found; null for somebody who waits no more. */
  className: Text | null;
  /** By how beds became free over the last year; null when none did, or for somebody who waits no more. */
  expectedWaitDays: number | null;
  offer: Offer | null;
}

/** Entries as they are shown. Two statements, however many. */
export async function shownEntries(
  manager: EntityManager,
  waiting: readonly Waiting[],
  now: Date,
): Promise<PlacedEntry[]> {
  if (waiting.length === 0) return [];
  const offers = await openOffers(
    manager,
    waiting.map(({ id }) => id),
    now,
  );
  const freed = await freedInYear(manager, [...new Set(waiting.map(({ facilityId }) => facilityId))], now);
  return waiting.map(({ id, elderId, facilityId, bedType, position, joinedOn, class: { name } }) => ({
    ...{ id, elderId, facilityId, type: bedType, position, joinedOn, className: name },
    expectedWaitDays: expectedWaitDays(position, freed.get(`${facilityId} ${bedType}`) ?? 0),
    offer: offers.get(id) ?? null,
  }));
}

async function openOffers(
  manager: EntityManager,
  entryIds: readonly number[],
  now: Date,
): Promise<Map<number, Offer>> {
  const rows: {
    id: number | string;
    entryId: number | string;
    bedId: number;
    expiresAt: number | string;
  }[] = await manager.query(
    `SELECT o.id, o.entryId, o.bedId, h.expiresAt FROM bed_offer o JOIN bed_hold h ON h.id = o.id
      WHERE h.endedAt IS NULL AND h.expiresAt > ? AND o.entryId IN (${placeholders(entryIds)})`,
    [now.getTime(), ...entryIds],
  );
  return new Map(
    rows.map(({ id, entryId, bedId, expiresAt }) => [
      Number(entryId),
      { id: Number(id), bedId, expiresAt: new Date(Number(expiresAt)) },
    ]),
  );
}

/** How many stays ended in the last year, moves to other beds left out, by facility and type. One statement. */
async function freedInYear(
  manager: EntityManager,
  facilityIds: readonly number[],
  now: Date,
): Promise<Map<string, number>> {
  const today = dayOf(now);
  const rows: { facilityId: number; type: string; freed: number | string }[] = await manager.query(
    `SELECT s.facilityId, b.type, COUNT(*) AS freed FROM bed_stay s JOIN bed b ON b.id = s.bedId
      WHERE s.facilityId IN (${placeholders(facilityIds)}) AND s.toDay > ? AND s.toDay <= ?
        AND s.cancelledAt IS NULL AND s.endReason <> 'TRANSFER'
      GROUP BY s.facilityId, b.type`,
    [...facilityIds, addDays(today, -365), today],
  );
  return new Map(rows.map(({ facilityId, type, freed }) => [`${facilityId} ${type}`, Number(freed)]));
}

/** One entry as it now is, of somebody who waits or waited; it must be there. */
export async function entryById(manager: EntityManager, id: number, now: Date): Promise<PlacedEntry> {
  const [row]: { elderId: number; facilityId: number; bedType: BedType; joinedOn: Day }[] =
    await manager.query(
      `SELECT elderId, facilityId, bedType, CAST(joinedOn AS CHAR) AS joinedOn FROM waitlist_entry WHERE id = ?`,
      [id],
    );
  if (!row) throw new Error(`there is no entry ${id}`);
  const lines = await readLines(manager, linesOfElder(row.elderId), now);
  const [shown] = await shownEntries(
    manager,
    lines.filter((waiting) => waiting.id === id),
    now,
  );
  const { bedType: type, ...rest } = row;
  return shown ?? { id, ...rest, type, position: 0, className: null, expectedWaitDays: null, offer: null };
}
