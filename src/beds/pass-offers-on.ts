import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import type { OfferPassedAs } from '../../entities/beds/bed-offer.entity.js';
import { appendRecord, auditRow, done } from '../audit-log/audit-record.js';
import { boundedDetails } from '../audit-log/masking.rules.js';
import { dayOf } from '../shared/china-time.js';
import { type Database, forUpdate } from '../shared/database.js';
import type { IdBlocks } from '../shared/ids.js';
import { affectedRows } from '../shared/statements.js';
import { offerBed } from './offer-bed.js';
import { announceLine } from './waitlist-news.js';
import { waitlistTerms } from './waitlist-terms.js';

export interface PassingOn {
  ids: IdBlocks;
  now: Date;
  /** Asked before each bed. */
  isStopped?(): boolean;
  /** Told of a bed that could not be passed on; without it the first error is thrown when all were looked at. */
  onFailure?(error: unknown): void;
}

/** Far more than a city has in a round; the rest comes in the next one. */
const offersMax = 500;

/**
 * Passes on, one at a time, the beds of offers that were declined, expired or lost otherwise than by the facility: to
 * the next in line whom the bed suits, where the line lets it. Each offer is looked at once, whichever server comes to
 * it first. Returns what became of each that this call looked at.
 */
export async function passOffersOn(
  database: Database,
  { ids, now, isStopped = () => false, onFailure }: PassingOn,
): Promise<OfferPassedAs[]> {
  const due: { id: number | string }[] = await database.read((manager) =>
    manager.query('SELECT id FROM bed_offer WHERE passOnAt <= ? ORDER BY passOnAt, id LIMIT ?', [
      now.getTime(),
      offersMax,
    ]),
  );
  const outcomes: OfferPassedAs[] = [];
  const failures: unknown[] = [];
  for (const { id: offerId } of due) {
    if (isStopped()) break;
    try {
      const [id, recordId] = [await ids.take(1), await ids.take(1)];
      const wanted = { offerId: Number(offerId), id, recordId, now };
      const outcome = await database.write((manager) => passOn(manager, wanted));
      if (outcome !== undefined) outcomes.push(outcome);
    } catch (error) {
      if (onFailure) onFailure(error);
      else failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return outcomes;
}

interface PassOnWanted {
  offerId: number;
  /** Unused ids, of the next offer and of the record in the audit log. */
  id: number;
  recordId: number;
  now: Date;
}

/** The offer whose bed is free again, as it is under the lock of its line. */
interface Lapsed {
  entryId: number;
  elderId: number;
  bedId: number;
  facilityId: number;
  type: BedType;
  offeredById: number;
  endKind: string | null;
  expiresAt: number;
}

/** Undefined when another server came first, or the offer counts still. */
async function passOn(manager: EntityManager, wanted: PassOnWanted): Promise<OfferPassedAs | undefined> {
  const { offerId, now } = wanted;
  const [where]: { facilityId: number; type: BedType }[] = await manager.query(
    'SELECT b.facilityId, b.type FROM bed_offer o JOIN bed b ON b.id = o.bedId WHERE o.id = ?',
    [offerId],
  );
  if (!where) return undefined;
  // The row by which offers of a line take turns: whoever waited here reads what the other did.
  const [line]: { passesOn: number | boolean | null }[] = await manager.query(
    `SELECT passesOn FROM waitlist_line WHERE facilityId = ? AND bedType = ?${forUpdate(manager)}`,
    [where.facilityId, where.type],
  );
  const offer = await lapsedOffer(manager, offerId, now);
  if (!offer) return undefined;
  const { passesOn } = await waitlistTerms(manager, dayOf(now));
  const letsIt = line?.passesOn === null || line === undefined ? passesOn : Boolean(line.passesOn);
  const outcome = await outcomeOf(manager, offer, wanted, letsIt);
  await mark(manager, wanted, outcome);
  if (outcome === 'TAKEN') return outcome;
  const { facilityId, elderId, entryId } = offer;
  announceLine(manager, { facilityId, elderId, entryId, what: 'PASSED_ON' });
  await appendRecord(manager, recordOf(offer, wanted, outcome));
  return outcome;
}

async function outcomeOf(
  manager: EntityManager,
  offer: Lapsed,
  { id, now }: PassOnWanted,
  letsIt: boolean,
): Promise<OfferPassedAs> {
  if (offer.endKind === 'ADMITTED') return 'TAKEN';
  if (!letsIt) return 'WAITS';
  // On behalf of whoever offered the bed first.
  const next = { id, bedId: offer.bedId, entryId: null, skipReason: null, byId: offer.offeredById, now };
  const result = await offerBed(manager, next, { beds: 'everywhere', elders: 'everywhere' });
  if (!('refused' in result)) return 'OFFERED';
  return result.refused === 'WRONG_STATE' ? 'NOBODY' : 'NOT_FREE';
}

async function mark(
  manager: EntityManager,
  { offerId, id }: PassOnWanted,
  outcome: OfferPassedAs,
): Promise<void> {
  const marked = await affectedRows(
    manager,
    'UPDATE bed_offer SET passOnAt = NULL, passedOnAs = ?, nextOfferId = ? WHERE id = ? AND passOnAt IS NOT NULL',
    [outcome, outcome === 'OFFERED' ? id : null, offerId],
  );
  if (marked !== 1) throw new Error(`offer ${offerId} was passed on by somebody who did not lock its line`);
}

async function lapsedOffer(manager: EntityManager, id: number, now: Date): Promise<Lapsed | undefined> {
  const [row]: (Omit<Lapsed, 'entryId' | 'expiresAt'> & Record<'entryId' | 'expiresAt', number | string>)[] =
    await manager.query(
      `SELECT o.entryId, o.elderId, o.bedId, h.facilityId, b.type, o.offeredById, h.endKind, h.expiresAt
         FROM bed_offer o JOIN bed_hold h ON h.id = o.id JOIN bed b ON b.id = o.bedId
        WHERE o.id = ? AND o.passOnAt IS NOT NULL`,
      [id],
    );
  if (!row) return undefined;
  const offer = { ...row, entryId: Number(row.entryId), expiresAt: Number(row.expiresAt) };
  return offer.endKind !== null || offer.expiresAt <= now.getTime() ? offer : undefined;
}

/** What the audit log is told: the server did it, and nobody asked. */
function recordOf(
  { facilityId, elderId, entryId }: Lapsed,
  { offerId, id, recordId, now }: PassOnWanted,
  outcome: OfferPassedAs,
) {
  const actor = { accountId: null, roles: [], address: null, requestId: null, facilityId: null };
  const next = outcome === 'OFFERED' ? { nextOfferId: id } : {};
  return auditRow(recordId, now, actor, {
    operation: 'passOfferOn',
    result: outcome === 'OFFERED' ? done : outcome,
    ...{ facilityId, elderId, subject: `waiting:${entryId}` },
    details: boundedDetails({ asked: { offerId }, after: next }),
  });
}
