import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import { categoriesOfElders } from '../elders/elder-categories.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
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
  /** Who is let in by the same transaction, and so waits no more though the rows say so still. */
  letIn?: ReadonlySet<number>;
}

/** What an admission does to the line: whom it passes over, and whether the elder waits no more. */
export interface LineAdmission {
  skipped: readonly Waiting[];
  waits: boolean;
}

/** Whether an elder waits for any bed, and somebody else for one of this type here. */
export interface LineSeen {
  waits: boolean;
  othersWait: boolean;
}

/** Who is to have a bed of which line. */
export interface LineAsked {
  elderId: number;
  facilityId: number;
  bedType: BedType;
}

/** A look at the lines of many, in their order. One statement. */
export async function lookAtLines(manager: EntityManager, asked: readonly LineAsked[]): Promise<LineSeen[]> {
  const elderIds = asked.map(({ elderId }) => elderId);
  const facilityIds = [...new Set(asked.map(({ facilityId }) => facilityId))];
  const types = [...new Set(asked.map(({ bedType }) => bedType))];
  const rows: { facilityId: number | null; bedType: string | null; lowest: number; highest: number }[] =
    await manager.query(
      `SELECT NULL AS facilityId, NULL AS bedType, openElderId AS lowest, openElderId AS highest
         FROM waitlist_entry WHERE openElderId IN (${placeholders(elderIds)})
       UNION ALL
       SELECT facilityId, bedType, MIN(openElderId), MAX(openElderId) FROM waitlist_entry
        WHERE facilityId IN (${placeholders(facilityIds)}) AND bedType IN (${placeholders(types)})
          AND openElderId IS NOT NULL GROUP BY facilityId, bedType`,
      [...elderIds, ...facilityIds, ...types],
    );
  const waiting = new Set(rows.filter(({ facilityId }) => facilityId === null).map(({ lowest }) => lowest));
  return asked.map(({ elderId, facilityId, bedType }) => {
    const line = rows.find((row) => row.facilityId === facilityId && row.bedType === bedType);
    const isAlone = !line || (line.lowest === elderId && line.highest === elderId);
    return { waits: waiting.has(elderId), othersWait: !isAlone };
  });
}

/**
 * Whether an elder may have a bed before those who wait for it. One who is let in at once may; so may one who stands
 * before them, and anybody when a reason is given. `seen` is what lookAtLines found, where many are asked for together;
 * where nobody waits that is all that is asked.
 */
export async function lineAdmission(
  manager: EntityManager,
  { bed, elder, from, terms, now, skipReason, holdId, letIn }: Admission,
  seen?: LineSeen,
): Promise<LineAdmission | BedRefusal> {
  const asked = { elderId: elder.id, facilityId: bed.facilityId, bedType: bed.type };
  const { waits, othersWait } = seen ?? ((await lookAtLines(manager, [asked]))[0] as LineSeen);
  if (!othersWait || holdId !== undefined) return { skipped: [], waits };
  const { all, suitable } = await lineForBed(manager, bed, from, terms, now);
  const own = all.find(({ elderId }) => elderId === elder.id);
  const others = suitable.filter(({ elderId }) => elderId !== elder.id && !letIn?.has(elderId));
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
