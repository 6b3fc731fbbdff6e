import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import { queueNotice } from '../elders/notices/queue-notice.js';
import { covers, nowhere } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { insertRows } from '../shared/statements.js';
import { admissionTerms } from './admission-terms.js';
import { type AdmissionTerms, noteOf } from './bed.rules.js';
import { announceBoards } from './bed-news.js';
import { type BedRefusal, type BedRefusalCode, refuseBed } from './bed-refusals.js';
import { noEntry } from './join-waitlist.js';
import type { Acting, BedReach } from './lock-elder.js';
import { keepPass, type LineForBed, lineForBed } from './next-in-line.js';
import { bedsById, type FoundBed, lockBeds } from './read-beds.js';
import { takeable } from './take-bed.js';
import { byLine } from './waitlist.rules.js';
import type { Waiting } from './waitlist-line.js';
import { announceLine } from './waitlist-news.js';
import { waitlistTerms } from './waitlist-terms.js';
import { entryById, type PlacedEntry } from './waitlist-view.js';
import { claimsOn, whyNotFree } from './who-has.js';

export interface OfferWanted extends Acting {
  /** An unused id. */
  id: number;
  bedId: number;
  /** Null for the next in line. */
  entryId: number | null;
  skipReason: string | null;
}

/** Refusals of a candidate that say that somebody else is the next. */
const passedOver: readonly BedRefusalCode[] = [
  'ELDER_NOT_ACTIVE',
  'ELDER_HAS_BED',
  'NOT_ASSESSED',
  'BED_NOT_SUITABLE',
];

/**
 * Offers a bed to the next in line whom it suits, or to the named entry, and keeps it until the offer expires. Offers of
 * one line take turns by its row; then the elder is locked, and the bed.
 */
export async function offerBed(
  manager: EntityManager,
  wanted: OfferWanted,
  reach: BedReach,
): Promise<PlacedEntry | BedRefusal> {
  const { bedId, entryId, now } = wanted;
  const today = dayOf(now);
  const reason = noteOf(wanted.skipReason);
  if (reason === undefined) return refuseBed('NOTE_INVALID', ['skipReason']);
  const bed = (await bedsById(manager, [bedId])).get(bedId);
  const isCovered = await covers(manager, reach.beds, bed?.facilityId ?? nowhere, today);
  if (!bed || !isCovered) return refuseBed('BED_NOT_FREE', ['bedId']);
  const { facilityId, type } = bed;
  await manager.query(
    `SELECT facilityId FROM waitlist_line WHERE facilityId = ? AND bedType = ?${forUpdate(manager)}`,
    [facilityId, type],
  );
  // Asked again when the bed is locked; here so that a bed that is taken is called so, whoever waits.
  const claims = await claimsOn(manager, { bedId, elderId: nowhere, from: today, to: null }, now);
  const isTaken = whyNotFree(bed, { from: today, to: null }, claims);
  if (isTaken) return refuseBed('BED_NOT_FREE', ['bedId'], isTaken);
  const terms = await admissionTerms(manager, { facilityId, bedType: type, on: today });
  const line = await lineForBed(manager, bed, today, terms, now);
  const chosen = entryId === null ? line.suitable : line.all.filter(({ id }) => id === entryId);
  if (entryId !== null && chosen.length === 0) return refuseBed('WRONG_STATE', ['entryId'], noEntry);
  for (const candidate of chosen) {
    const result = await offerTo(manager, { ...wanted, skipReason: reason }, { bed, terms, line, candidate });
    if ('refused' in result && entryId === null && passedOver.includes(result.refused)) continue;
    return result;
  }
  const text = { zh: '轮候名单上没有适合此床位的老人', en: 'Nobody in line whom the bed suits' };
  return refuseBed('WRONG_STATE', ['bedId'], text);
}

interface Choice {
  bed: FoundBed;
  terms: AdmissionTerms;
  line: LineForBed;
  candidate: Waiting;
}

async function offerTo(
  manager: EntityManager,
  wanted: OfferWanted,
  { bed, terms, line, candidate }: Choice,
): Promise<PlacedEntry | BedRefusal> {
  const { id, entryId, skipReason, byId, now } = wanted;
  const { elderId } = candidate;
  const today = dayOf(now);
  await manager.query(`SELECT id FROM elder WHERE id = ?${forUpdate(manager)}`, [elderId]);
  const elder = await manager.findOneByOrFail(Elder, { id: elderId });
  const locked = (await lockBeds(manager, [bed.id])).get(bed.id) as FoundBed;
  const taking = { bed: locked, elder, from: today, to: null, terms, now };
  const result = await takeable(manager, taking, 'ONE_HOLD');
  if ('refused' in result) return result;
  if (!(await waitsStill(manager, candidate.id))) return refuseBed('ELDER_NOT_ACTIVE', ['entryId'], noEntry);
  const skipped = entryId === null ? [] : line.suitable.filter((waiting) => byLine(waiting, candidate) < 0);
  if (skipped.length > 0 && skipReason === null) return refuseBed('NOT_NEXT_IN_LINE', ['skipReason']);
  const { offerHours } = await waitlistTerms(manager, today);
  const expiresAt = new Date(now.getTime() + offerHours * 3_600_000);
  await insertRows(
    manager,
    'bed_hold',
    ['id', 'bedId', 'facilityId', 'elderId', 'fromDay', 'expiresAt', 'expiresOn', 'heldAt', 'heldById'],
    [
      [
        id,
        bed.id,
        bed.facilityId,
        elderId,
        today,
        expiresAt.getTime(),
        dayOf(expiresAt),
        now.getTime(),
        byId,
      ],
    ],
  );
  await insertRows(
    manager,
    'bed_offer',
    ['id', 'entryId', 'elderId', 'bedId', 'offeredAt', 'offeredById', 'passOnAt'],
    [[id, candidate.id, elderId, bed.id, now.getTime(), byId, expiresAt.getTime()]],
  );
  await queueNotice(manager, {
    ...{ kind: 'BED_OFFERED', elderId, now },
    ...{ happensAt: expiresAt, staleAt: expiresAt },
  });
  if (skipped.length > 0 && skipReason !== null) {
    await keepPass(manager, { id, reason: skipReason, byId, now }, skipped);
  }
  announceBoards(manager, [bed.facilityId]);
  announceLine(manager, { facilityId: bed.facilityId, elderId, entryId: candidate.id, what: 'OFFERED' });
  return entryById(manager, candidate.id, now);
}

async function waitsStill(manager: EntityManager, entryId: number): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    'SELECT id FROM waitlist_entry WHERE id = ? AND openElderId IS NOT NULL',
    [entryId],
  );
  return rows.length > 0;
}
