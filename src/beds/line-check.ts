import type { EntityManager } from 'typeorm';
import { categoriesOfElders } from '../elders/find-elders.js';
import { type Day, dayOf } from '../shared/china-time.js';
import type { AdmissionTerms } from './bed.rules.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import type { BedElder } from './lock-elder.js';
import { keepPass, lineForBed } from './next-in-line.js';
import type { FoundBed } from './read-beds.js';
import { byLine, classOf } from './waitlist.rules.js';
import type { Waiting } from './waitlist-line.js';
import { waitlistClasses } from './waitlist-terms.js';

export interface Admission {
  bed: FoundBed;
  elder: BedElder;
  from: Day;
  terms: AdmissionTerms;
  now: Date;
  /** Why others may be passed over; null when nothing is said. */
  skipReason: string | null;
  /** The hold that the stay comes of: the line was asked when it was made, as it was for an offer. */
  holdId: number | undefined;
}

/** What an admission does to the line: whom it passes over, and whether the elder waits no more. */
export interface LineAdmission {
  skipped: readonly Waiting[];
  waits: boolean;
}

/**
 * Whether an elder may have a bed before those who wait for it. One who is let in at once may; so may one who stands
 * before them, and anybody when a reason is given. Where nobody waits it costs one statement.
 */
export async function lineAdmission(
  manager: EntityManager,
  { bed, elder, from, terms, now, skipReason, holdId }: Admission,
): Promise<LineAdmission | BedRefusal> {
  const rows: { openElderId: number }[] = await manager.query(
    `SELECT openElderId FROM (SELECT openElderId FROM waitlist_entry WHERE openElderId = ? LIMIT 1) own
     UNION ALL SELECT openElderId FROM (SELECT openElderId FROM waitlist_entry
       WHERE facilityId = ? AND bedType = ? AND openElderId IS NOT NULL AND openElderId <> ? LIMIT 1) others`,
    [elder.id, bed.facilityId, bed.type, elder.id],
  );
  const waits = rows.some(({ openElderId }) => openElderId === elder.id);
  const isAlone = rows.every(({ openElderId }) => openElderId === elder.id);
  if (isAlone || holdId !== undefined) return { skipped: [], waits };
  const { all, suitable } = await lineForBed(manager, bed, from, terms, now);
  const own = all.find(({ elderId }) => elderId === elder.id);
  const others = suitable.filter(({ elderId }) => elderId !== elder.id);
  const first = own ? others.filter((waiting) => byLine(waiting, own) < 0) : others;
  if (first.length === 0 || (await isAtOnce(manager, elder, now))) return { skipped: [], waits };
  if (skipReason === null) return refuseBed('NOT_NEXT_IN_LINE', ['skipReason']);
  return { skipped: first, waits };
}

async function isAtOnce(manager: EntityManager, elder: BedElder, now: Date): Promise<boolean> {
  const today = dayOf(now);
  const categories = (await categoriesOfElders(manager, [elder.id])).get(elder.id) ?? [];
  return classOf({ ...elder, categories }, await waitlistClasses(manager, today), today).atOnce;
}

/** Writes what lineAdmission found: who was passed over by the stay with this id; and who has a bed waits no more. */
export async function leaveLine(
  manager: EntityManager,
  stay: { id: number; elderId: number; byId: number; now: Date },
  { skipped, waits }: LineAdmission,
  skipReason: string | null,
): Promise<void> {
  const { elderId, byId, now } = stay;
  await keepSkipped(manager, stay, { skipped }, skipReason);
  if (waits) await endEntries(manager, elderId, 'ADMITTED', { byId, now });
}

/** Keeps for each who was passed over by the hold or the stay with this id why it was. */
export async function keepSkipped(
  manager: EntityManager,
  { id, byId, now }: { id: number; byId: number; now: Date },
  { skipped }: Pick<LineAdmission, 'skipped'>,
  skipReason: string | null,
): Promise<void> {
  if (skipped.length === 0 || skipReason === null) return;
  await keepPass(manager, { id, reason: skipReason, byId, now }, skipped);
}

/** Ends every entry of an elder who waits; nothing when none does. */
export async function endEntries(
  manager: EntityManager,
  elderId: number,
  kind: 'ADMITTED' | 'CLOSED' | 'FILE_ENDED',
  { byId, now }: { byId: number | null; now: Date },
): Promise<void> {
  await manager.query(
    `UPDATE waitlist_entry SET endKind = ?, endedAt = ?, endedById = ?, openElderId = NULL WHERE openElderId = ?`,
    [kind, now.getTime(), byId, elderId],
  );
}
