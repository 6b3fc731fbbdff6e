import type { EntityManager } from 'typeorm';
import type { AfterStay } from '../elders/institution-stays.js';
import { nowhere } from '../network/scope.js';
import { addDays, type Day, dayOf } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import type { SealedTable } from '../shared/rotate-keys.js';
import { admissionTerms } from './admission-terms.js';
import { admitLocked } from './admit.js';
import { noteOf } from './bed.rules.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import { endEntries } from './line-check.js';
import { type Acting, type BedElder, type BedReach, lockElderFor } from './lock-elder.js';
import { type FoundBed, lockBeds } from './read-beds.js';
import type { Stay } from './read-stays.js';
import { endHolds } from './take-bed.js';
import { closedUntil } from './waitlist.rules.js';
import { refusalsOf } from './waitlist-line.js';
import { announceLine } from './waitlist-news.js';
import { waitlistTerms } from './waitlist-terms.js';
import { entryById, type PlacedEntry } from './waitlist-view.js';

/** The name that is authenticated with why an offer was declined; never to be changed. */
export const declineReasonName = 'bed_offer.reason';

export const sealedOfferReasons: SealedTable = {
  table: 'bed_offer',
  idColumn: 'id',
  columns: { reasonSealed: () => declineReasonName },
};

interface OfferRow {
  id: number;
  entryId: number;
  elderId: number;
  bedId: number;
  offeredAt: Date;
  expiresAt: Date;
  /** True when it was taken, declined, or taken back. */
  isAnswered: boolean;
}

interface OpenOffer {
  offer: OfferRow;
  elder: BedElder;
  bed: FoundBed;
}

/** Takes a bed that was offered: the stay has the id of the offer. */
export async function acceptOffer(
  manager: EntityManager,
  wanted: { offerId: number; from: Day; contractSignedOn?: Day | null } & Acting,
  reach: BedReach,
  afterwards: readonly AfterStay[] = [],
): Promise<Stay | BedRefusal> {
  const { offerId, from, contractSignedOn = null, byId, now } = wanted;
  const locked = await lockOffer(manager, offerId, reach, wanted);
  if ('refused' in locked) return locked;
  const { offer, elder, bed } = locked;
  const { elderId, bedId, entryId } = offer;
  const first = dayOf(offer.offeredAt);
  const last = addDays(first, (await waitlistTerms(manager, first)).moveInDaysMax);
  if (from < first || from > last) {
    const text = { zh: `须在 ${first} 至 ${last} 之间`, en: `must be within ${first} and ${last}` };
    return refuseBed('DAY_OUT_OF_RANGE', ['from'], text);
  }
  const admission = { id: offerId, bedId, elderId, from, holdId: offerId, contractSignedOn, byId, now };
  const asked = { facilityId: bed.facilityId, bedType: bed.type, on: admission.from };
  const terms = await admissionTerms(manager, asked);
  const stay = await admitLocked(manager, admission, { bed, elder, terms, skipReason: null }, afterwards);
  if (!('refused' in stay)) {
    announceLine(manager, { facilityId: bed.facilityId, elderId, entryId, what: 'ACCEPTED' });
  }
  return stay;
}

/** Leaves a bed to the next in line. Refusals that come too often end every place the elder has in line. */
export async function declineOffer(
  manager: EntityManager,
  wanted: { offerId: number; reason: string } & Acting,
  reach: BedReach,
): Promise<PlacedEntry | BedRefusal> {
  const { offerId, byId, now } = wanted;
  const today = dayOf(now);
  const reason = noteOf(wanted.reason);
  if (!reason) return refuseBed('NOTE_INVALID', ['reason']);
  const locked = await lockOffer(manager, offerId, reach, wanted);
  if ('refused' in locked) return locked;
  const { elderId, entryId } = locked.offer;
  await endHolds(manager, [{ id: offerId, facilityId: locked.bed.facilityId }], 'RELEASED', { now, today });
  await manager.query(
    'UPDATE bed_offer SET declinedAt = ?, declinedOn = ?, declinedById = ?, reasonSealed = ? WHERE id = ?',
    [now.getTime(), today, byId, cipherOf(manager).encrypt(declineReasonName, reason), offerId],
  );
  const refused = await refusalsOf(manager, elderId, now);
  if (closedUntil(refused, await waitlistTerms(manager, today), today) !== null) {
    await endEntries(manager, elderId, 'CLOSED', { byId, now });
  }
  announceLine(manager, { facilityId: locked.bed.facilityId, elderId, entryId, what: 'DECLINED' });
  return entryById(manager, entryId, now);
}

/** Locks the elder and the bed of an offer that counts still; one out of reach is as unknown. */
async function lockOffer(
  manager: EntityManager,
  offerId: number,
  reach: BedReach,
  acting: Acting,
): Promise<OpenOffer | BedRefusal> {
  const seen = await offerById(manager, offerId);
  const elder = await lockElderFor(manager, seen?.elderId ?? nowhere, reach, acting);
  const bed = (await lockBeds(manager, [seen?.bedId ?? nowhere])).get(seen?.bedId ?? nowhere);
  const offer = await offerById(manager, offerId);
  if (!offer || !elder || !bed) {
    const text = { zh: '没有这次床位通知', en: 'There is no such offer' };
    return refuseBed('STAY_UNKNOWN', ['offerId'], text);
  }
  if (offer.isAnswered) {
    const text = { zh: '该床位通知已经答复或撤回', en: 'The offer was answered or taken back before' };
    return refuseBed('WRONG_STATE', ['offerId'], text);
  }
  if (offer.expiresAt <= acting.now) {
    const text = { zh: '该床位通知已经过期', en: 'The offer has expired' };
    return refuseBed('HOLD_EXPIRED', ['offerId'], text);
  }
  return { offer, elder, bed };
}

async function offerById(manager: EntityManager, id: number): Promise<OfferRow | undefined> {
  const [row]: (Omit<OfferRow, 'id' | 'entryId' | 'offeredAt' | 'expiresAt' | 'isAnswered'> & {
    entryId: number | string;
    offeredAt: number | string;
    expiresAt: number | string;
    endedAt: number | string | null;
  })[] = await manager.query(
    `SELECT o.entryId, o.elderId, o.bedId, o.offeredAt, h.expiresAt, h.endedAt
       FROM bed_offer o JOIN bed_hold h ON h.id = o.id WHERE o.id = ?`,
    [id],
  );
  if (!row) return undefined;
  return {
    id,
    entryId: Number(row.entryId),
    elderId: row.elderId,
    bedId: row.bedId,
    offeredAt: new Date(Number(row.offeredAt)),
    expiresAt: new Date(Number(row.expiresAt)),
    isAnswered: row.endedAt !== null,
  };
}
