import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import type { SealedTable } from '../shared/rotate-keys.js';
import { insertRows } from '../shared/statements.js';
import { type AdmissionTerms, unsuitable } from './bed.rules.js';
import type { FoundBed } from './read-beds.js';
import { candidateInLine, lineOf, readLines, type Waiting } from './waitlist-line.js';

/** The name that is authenticated with why somebody was passed over; never to be changed. */
export const passReasonName = 'waitlist_pass.reason';

export const sealedPasses: SealedTable = {
  table: 'waitlist_pass',
  idColumn: 'id',
  columns: { reasonSealed: () => passReasonName },
};

/** Everybody who waits for a bed of this type here, and of them those to whom this bed can be offered, both in order. */
export interface LineForBed {
  all: Waiting[];
  suitable: Waiting[];
}

/**
 * Who may have a bed next: whom it suits, who has no bed and none kept, and who did not let this very bed pass since
 * somebody had it last. From whom the facility took it back let nothing pass, so it is not given past them unsaid.
 */
export async function lineForBed(
  manager: EntityManager,
  bed: FoundBed,
  on: Day,
  terms: AdmissionTerms,
  now: Date,
): Promise<LineForBed> {
  const all = await readLines(manager, lineOf(bed.facilityId, bed.type), now);
  if (all.length === 0) return { all, suitable: [] };
  const out = await outOfTurn(manager, bed, on, now);
  const asksGender = bed.genderRule !== 'ANY';
  const suitable = all.filter(
    (waiting) =>
      !out.has(waiting.elderId) &&
      unsuitable(bed, candidateInLine(manager, waiting, asksGender), on, terms) === undefined,
  );
  return { all, suitable };
}

/** Elders in line with a bed or a hold, and those who let this bed pass. */
async function outOfTurn(
  manager: EntityManager,
  { id, facilityId, type }: FoundBed,
  on: Day,
  now: Date,
): Promise<ReadonlySet<number>> {
  const rows: { elderId: number }[] = await manager.query(
    `SELECT s.elderId FROM bed_stay s JOIN waitlist_entry w ON w.openElderId = s.elderId
      WHERE w.facilityId = ? AND w.bedType = ? AND s.cancelledAt IS NULL AND (s.toDay IS NULL OR s.toDay > ?)
     UNION
     SELECT h.elderId FROM bed_hold h JOIN waitlist_entry w ON w.openElderId = h.elderId
      WHERE w.facilityId = ? AND w.bedType = ? AND h.endedAt IS NULL AND h.expiresAt > ?
     UNION
     SELECT o.elderId FROM bed_offer o
      WHERE o.bedId = ? AND (o.passedOnAs IS NULL OR o.passedOnAs <> 'TAKEN_BACK')
        AND NOT EXISTS (SELECT 1 FROM bed_stay t WHERE t.bedId = o.bedId AND t.enteredAt > o.offeredAt)`,
    [facilityId, type, on, facilityId, type, now.getTime(), id],
  );
  return new Set(rows.map(({ elderId }) => elderId));
}

/** Keeps that those ahead were passed over, and why; `id` is that of the offer or the stay that was given. */
export async function keepPass(
  manager: EntityManager,
  pass: { id: number; reason: string; byId: number; now: Date },
  skipped: readonly Waiting[],
): Promise<void> {
  const { id, reason, byId, now } = pass;
  const sealed = cipherOf(manager).encrypt(passReasonName, reason);
  await insertRows(
    manager,
    'waitlist_pass',
    ['id', 'reasonSealed', 'passedAt', 'passedById'],
    [[id, sealed, now.getTime(), byId]],
  );
  await insertRows(
    manager,
    'waitlist_skip',
    ['passId', 'entryId'],
    skipped.map((waiting) => [id, waiting.id]),
  );
}

export interface Skip {
  entryId: number;
  /** Null once somebody whom it was about was erased. */
  reason: string | null;
  at: Date;
}

/** When and why somebody in line was passed over, in order of time. One statement. */
export async function skipsOf(manager: EntityManager, entryId: number): Promise<Skip[]> {
  const rows: { entryId: number | string; reasonSealed: string | null; passedAt: number | string }[] =
    await manager.query(
      `SELECT s.entryId, p.reasonSealed, p.passedAt FROM waitlist_skip s JOIN waitlist_pass p ON p.id = s.passId
        WHERE s.entryId = ? ORDER BY p.passedAt, p.id`,
      [entryId],
    );
  return rows.map((row) => ({
    entryId: Number(row.entryId),
    reason: row.reasonSealed === null ? null : cipherOf(manager).decrypt(passReasonName, row.reasonSealed),
    at: new Date(Number(row.passedAt)),
  }));
}
