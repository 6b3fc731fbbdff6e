import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import { appendRecord, auditRow, done } from '../audit-log/audit-record.js';
import { boundedDetails } from '../audit-log/masking.rules.js';
import { dayOf } from '../shared/china-time.js';
import { type Database, forUpdate } from '../shared/database.js';
import { offerBed } from './offer-bed.js';
import type { PassingOn } from './pass-offers-on.js';

export interface FreeBedsOffering extends PassingOn {
  /** The bed after which to look on; 0 for the first. */
  afterBedId: number;
}

export interface FreeBedsOffered {
  /** The new offers. */
  offerIds: number[];
  /** Where the next round goes on; 0 when this one came to the last bed. */
  afterBedId: number;
}

/** Beds that nobody suits are looked at in vain, so that a round looks at few and the next one goes on after them. */
export const freeBedsMax = 100;

/**
 * Offers free beds, one at a time in the order of their ids, to the next in line whom each suits, where the facility lets
 * them be offered by themselves. The row of the line is locked before a bed is looked at, so that two servers, or a
 * manager who offers by hand, come one after the other.
 */
export async function offerFreeBeds(
  database: Database,
  { ids, now, afterBedId, isStopped = () => false, onFailure }: FreeBedsOffering,
): Promise<FreeBedsOffered> {
  const free: FreeBed[] = await database.read((manager) =>
    manager.query(`${selectFree} AND b.id > ? ORDER BY b.id LIMIT ?`, [
      ...freeValues(now),
      afterBedId,
      freeBedsMax,
    ]),
  );
  const offerIds: number[] = [];
  const failures: unknown[] = [];
  let last = afterBedId;
  for (const bed of free) {
    if (isStopped()) break;
    last = bed.id;
    try {
      const [id, recordId] = [await ids.take(1), await ids.take(1)];
      if (await database.write((manager) => offerFree(manager, bed, { id, recordId, now })))
        offerIds.push(id);
    } catch (error) {
      if (onFailure) onFailure(error);
      else failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return { offerIds, afterBedId: free.length < freeBedsMax ? 0 : last };
}

interface FreeBed {
  id: number;
  facilityId: number;
  type: BedType;
}

/** False when it is free no more, when the facility thought otherwise, and when nobody is there whom it suits. */
async function offerFree(
  manager: EntityManager,
  { id: bedId, facilityId, type }: FreeBed,
  { id, recordId, now }: { id: number; recordId: number; now: Date },
): Promise<boolean> {
  const [line]: { offersFreeById: number | null }[] = await manager.query(
    `SELECT offersFreeById FROM waitlist_line WHERE facilityId = ? AND bedType = ?${forUpdate(manager)}`,
    [facilityId, type],
  );
  const byId = line?.offersFreeById ?? null;
  const isFree: unknown[] = await manager.query(`${selectFree} AND b.id = ?`, [...freeValues(now), bedId]);
  if (byId === null || isFree.length === 0) return false;
  const wanted = { id, bedId, entryId: null, skipReason: null, byId, now };
  const entry = await offerBed(manager, wanted, { beds: 'everywhere', elders: 'everywhere' });
  if ('refused' in entry) return false;
  await appendRecord(manager, recordOf(entry, { facilityId, bedId, id, recordId, now }));
  return true;
}

/**
 * Beds that can be had from today on for good, in lines where somebody waits and that offer them by themselves. One that
 * was offered since somebody had it last, and of which it is not decided whether it passes on, waits for that; where it
 * waits for a manager, or the facility took the offer back, it is the facility's to say.
 */
const selectFree = `SELECT b.id, b.facilityId, b.type
  FROM waitlist_line l
  JOIN facility f ON f.id = l.facilityId
  JOIN bed b ON b.facilityId = l.facilityId AND b.type = l.bedType
 WHERE l.offersFreeById IS NOT NULL AND f.closedOn IS NULL AND b.closedOn IS NULL AND b.inServiceFrom <= ?
   AND EXISTS (SELECT 1 FROM waitlist_entry w
                WHERE w.facilityId = l.facilityId AND w.bedType = l.bedType AND w.openElderId IS NOT NULL)
   AND NOT EXISTS (SELECT 1 FROM bed_stay s
                    WHERE s.bedId = b.id AND s.cancelledAt IS NULL AND (s.toDay IS NULL OR s.toDay > ?))
   AND NOT EXISTS (SELECT 1 FROM bed_hold h WHERE h.bedId = b.id AND h.endedAt IS NULL AND h.expiresAt > ?)
   AND NOT EXISTS (SELECT 1 FROM bed_out_of_service c
                    WHERE c.bedId = b.id AND (c.toDay IS NULL OR c.toDay > ?))
   AND NOT EXISTS (SELECT 1 FROM bed_offer o
                    WHERE o.bedId = b.id AND (o.passOnAt IS NOT NULL OR o.passedOnAs IN ('WAITS', 'TAKEN_BACK'))
                      AND NOT EXISTS (SELECT 1 FROM bed_stay t WHERE t.bedId = o.bedId AND t.enteredAt > o.offeredAt))`;

const freeValues = (now: Date) => [dayOf(now), dayOf(now), now.getTime(), dayOf(now)];

/** What the audit log is told: the server did it, and nobody asked. */
function recordOf(
  { id: entryId, elderId }: { id: number; elderId: number },
  {
    facilityId,
    bedId,
    id,
    recordId,
    now,
  }: Record<'facilityId' | 'bedId' | 'id' | 'recordId', number> & { now: Date },
) {
  const actor = { accountId: null, roles: [], address: null, requestId: null, facilityId: null };
  return auditRow(recordId, now, actor, {
    ...{ operation: 'offerFreeBed', result: done, facilityId, elderId, subject: `waiting:${entryId}` },
    details: boundedDetails({ asked: { bedId }, after: { offerId: id } }),
  });
}
