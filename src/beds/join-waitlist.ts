import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import { abilityLevelOn } from '../elders/ability.rules.js';
import { openOnDay } from '../network/tree.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { insertRows } from '../shared/statements.js';
import { admissionTerms } from './admission-terms.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import { requestIdFault } from './bed-requests.js';
import { type Acting, type BedReach, lockElderFor } from './lock-elder.js';
import { endHolds } from './take-bed.js';
import { closedUntil } from './waitlist.rules.js';
import { isClosed, refusalsOf } from './waitlist-line.js';
import { announceLine } from './waitlist-news.js';
import { waitlistTerms } from './waitlist-terms.js';
import { entryById, type PlacedEntry } from './waitlist-view.js';

export interface JoinWanted extends Acting {
  /** An unused id. */
  id: number;
  requestId: string;
  elderId: number;
  facilityId: number;
  type: BedType;
}

/** Puts an elder into the line for beds of a type at a facility. */
export async function joinWaitlist(
  manager: EntityManager,
  wanted: JoinWanted,
  reach: BedReach,
): Promise<PlacedEntry | BedRefusal> {
  const { id, elderId, facilityId, type, byId, now } = wanted;
  const requestId = wanted.requestId.toLowerCase();
  const today = dayOf(now);
  const malformed = requestIdFault(wanted);
  if (malformed) return malformed;
  const elder = await lockElderFor(manager, elderId, reach, wanted);
  const hasBeds = await bedsThere(manager, facilityId, type, today);
  if (!elder) return refuseBed('ELDER_NOT_ACTIVE', ['elderId']);
  if (!hasBeds) {
    const text = { zh: '该机构没有这种床位', en: 'There are no beds of this type there' };
    return refuseBed('BED_NOT_FREE', ['facilityId'], text);
  }
  const contentHash = createHash('sha256').update(`${elderId} ${facilityId} ${type}`).digest('hex');
  const [earlier]: { id: number | string; contentHash: string }[] = await manager.query(
    'SELECT id, contentHash FROM waitlist_entry WHERE requestId = ?',
    [requestId],
  );
  if (earlier) {
    if (earlier.contentHash !== contentHash) return refuseBed('REQUEST_ID_REUSED', ['requestId']);
    return entryById(manager, Number(earlier.id), now);
  }
  const isBarred = await whyBarred(manager, wanted);
  if (isBarred) return isBarred;
  if (elder.status !== 'ACTIVE') return refuseBed('ELDER_NOT_ACTIVE', ['elderId']);
  if (await hasStay(manager, elderId, today)) return refuseBed('ELDER_HAS_BED', ['elderId']);
  const terms = await admissionTerms(manager, { facilityId, bedType: type, on: today });
  const level = abilityLevelOn(elder, today);
  if (level === null) return refuseBed('NOT_ASSESSED', ['elderId']);
  if (terms.needsAssessment && (level < terms.levelMin || level > terms.levelMax)) {
    return refuseBed('BED_NOT_SUITABLE', ['type']);
  }
  await openLine(manager, facilityId, type);
  await insertRows(
    manager,
    'waitlist_entry',
    [
      ...['id', 'requestId', 'contentHash', 'elderId', 'openElderId', 'facilityId', 'bedType', 'joinedOn'],
      ...['joinedAt', 'joinedById'],
    ],
    [[id, requestId, contentHash, elderId, elderId, facilityId, type, today, now.getTime(), byId]],
  );
  announceLine(manager, { facilityId, elderId, entryId: id, what: 'JOINED' });
  return entryById(manager, id, now);
}

async function bedsThere(manager: EntityManager, facilityId: number, type: BedType, today: Day) {
  const rows: unknown[] = await manager.query(
    `SELECT f.id FROM facility f WHERE f.id = ? AND ${openOnDay('f')}
       AND EXISTS (SELECT 1 FROM bed b WHERE b.facilityId = f.id AND b.type = ?
                    AND (b.closedOn IS NULL OR b.closedOn > ?))`,
    [facilityId, today, today, type, today],
  );
  return rows.length > 0;
}

/** Why an elder may not join: in this line already, or closed out by refusals. An entry that refusals ended goes. */
async function whyBarred(
  manager: EntityManager,
  { elderId, facilityId, type, byId, now }: JoinWanted,
): Promise<BedRefusal | undefined> {
  const today = dayOf(now);
  const terms = await waitlistTerms(manager, today);
  const refused = await refusalsOf(manager, elderId, now);
  const until = closedUntil(refused, terms, today);
  if (until !== null) {
    const text = {
      zh: `该老人多次放弃床位，${until} 起方可重新轮候`,
      en: `Beds were refused too often: the list is open to this elder again from ${until} on`,
    };
    return refuseBed('WRONG_STATE', ['elderId'], text);
  }
  const [open]: { id: number | string; joinedOn: Day }[] = await manager.query(
    `SELECT id, CAST(joinedOn AS CHAR) AS joinedOn FROM waitlist_entry
      WHERE openElderId = ? AND facilityId = ? AND bedType = ?`,
    [elderId, facilityId, type],
  );
  if (!open) return undefined;
  if (!isClosed(refused, terms, open.joinedOn)) {
    const text = { zh: '该老人已在此轮候', en: 'The elder waits there already' };
    return refuseBed('WRONG_STATE', ['elderId'], text);
  }
  await endEntry(manager, Number(open.id), 'CLOSED', { byId, now });
  return undefined;
}

async function hasStay(manager: EntityManager, elderId: number, today: Day): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    'SELECT id FROM bed_stay WHERE elderId = ? AND cancelledAt IS NULL AND (toDay IS NULL OR toDay > ?)',
    [elderId, today],
  );
  return rows.length > 0;
}

/** The row by which offers take turns. Two who open a line at once: the second runs again, and finds it. */
async function openLine(manager: EntityManager, facilityId: number, type: BedType): Promise<void> {
  const rows: unknown[] = await manager.query(
    'SELECT facilityId FROM waitlist_line WHERE facilityId = ? AND bedType = ?',
    [facilityId, type],
  );
  if (rows.length > 0) return;
  await insertRows(manager, 'waitlist_line', ['facilityId', 'bedType'], [[facilityId, type]]);
}

async function endEntry(
  manager: EntityManager,
  id: number,
  kind: 'LEFT' | 'CLOSED',
  { byId, now }: Acting,
): Promise<void> {
  await manager.query(
    `UPDATE waitlist_entry SET endKind = ?, endedAt = ?, endedById = ?, openElderId = NULL
      WHERE id = ? AND openElderId IS NOT NULL`,
    [kind, now.getTime(), byId, id],
  );
}

/** Takes an elder out of a line; a bed that was offered from it is free again. Again is as once. */
export async function leaveWaitlist(
  manager: EntityManager,
  { entryId, byId, now }: { entryId: number } & Acting,
  reach: BedReach,
): Promise<PlacedEntry | BedRefusal> {
  const acting = { byId, now };
  const unknown = refuseBed('WRONG_STATE', ['entryId'], noEntry);
  const [seen]: { elderId: number; facilityId: number }[] = await manager.query(
    'SELECT elderId, facilityId FROM waitlist_entry WHERE id = ?',
    [entryId],
  );
  const elder = await lockElderFor(manager, seen?.elderId ?? 0, reach, acting);
  if (!elder || !seen) return unknown;
  const [row]: { endKind: string | null }[] = await manager.query(
    'SELECT endKind FROM waitlist_entry WHERE id = ?',
    [entryId],
  );
  if (row?.endKind === 'LEFT') return entryById(manager, entryId, now);
  if (row?.endKind !== null) return unknown;
  const offers: { id: number | string; facilityId: number }[] = await manager.query(
    `SELECT o.id, h.facilityId FROM bed_offer o JOIN bed_hold h ON h.id = o.id
      WHERE o.entryId = ? AND h.endedAt IS NULL AND h.expiresAt > ?`,
    [entryId, now.getTime()],
  );
  await endHolds(
    manager,
    offers.map(({ id, facilityId }) => ({ id: Number(id), facilityId })),
    'RELEASED',
    { now, today: dayOf(now) },
  );
  await endEntry(manager, entryId, 'LEFT', acting);
  announceLine(manager, { facilityId: seen.facilityId, elderId: seen.elderId, entryId, what: 'LEFT' });
  return entryById(manager, entryId, now);
}

export const noEntry = { zh: '没有这条轮候记录', en: 'Nobody waits by this entry' };
