import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import { type AdmissionTerms, type DaySpan, unsuitable } from './bed.rules.js';
import { announceBoards } from './bed-news.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import { type BedElder, candidateOf } from './lock-elder.js';
import type { FoundBed } from './read-beds.js';
import { type Claim, claimsOn, whyNotFree } from './who-has.js';

export interface Taking extends DaySpan {
  bed: FoundBed;
  elder: BedElder;
  terms: AdmissionTerms;
  now: Date;
  /** Stays and holds that do not stand in the way, because the same step ends them. */
  without?: readonly number[];
  /** A move among beds of one type at one facility asks for no new assessment. */
  asksLevel?: boolean;
}

/** What the step that takes the bed has to end: live holds of the elder. */
export interface Takeable {
  holds: readonly Claim[];
}

/**
 * Whether an elder may have a bed over [from, to), both locked: the first reason that speaks against it, or the elder's
 * own holds, which end when a stay begins. `own` says what the elder's other claims are to a hold.
 */
export async function takeable(
  manager: EntityManager,
  taking: Taking,
  own: 'ONE_HOLD' | 'HOLDS_END',
): Promise<Takeable | BedRefusal> {
  const { bed, elder, from, to, now } = taking;
  const claims = await claimsOn(manager, { bedId: bed.id, elderId: elder.id, from, to }, now);
  return takeableBeside(manager, taking, claims, own);
}

/** The same, where what claims the bed and the elder is known. */
export function takeableBeside(
  manager: EntityManager,
  { bed, elder, from, to, terms, without = [], asksLevel = true }: Taking,
  all: readonly Claim[],
  own: 'ONE_HOLD' | 'HOLDS_END',
): Takeable | BedRefusal {
  const claims = all.filter(({ id, kind }) => kind === 'OUT_OF_SERVICE' || !without.includes(id));
  const holds = claims.filter(({ kind, elderId }) => kind === 'HOLD' && elderId === elder.id);
  const foreign = claims.filter((claim) => claim.kind !== 'HOLD' || claim.elderId !== elder.id);
  const isTaken = whyNotFree(bed, { from, to }, own === 'ONE_HOLD' ? claims : foreign);
  if (isTaken) return refuseBed('BED_NOT_FREE', ['bedId'], isTaken);
  const isOver = elder.endedOn !== null || elder.registeredOn > from;
  if (elder.status !== 'ACTIVE' || isOver) return refuseBed('ELDER_NOT_ACTIVE', ['elderId']);
  const has = claims.some(
    ({ kind, elderId }) => elderId === elder.id && (kind === 'STAY' || own === 'ONE_HOLD'),
  );
  if (has) return refuseBed('ELDER_HAS_BED', ['elderId']);
  const why = unsuitable(bed, candidateOf(manager, elder), from, terms, asksLevel);
  if (why) return refuseBed(why.code, why.field, why.text);
  return { holds };
}

/** Ends holds; those that a stay came of are told apart from those that it made needless. */
export async function endHolds(
  manager: EntityManager,
  holds: readonly Pick<Claim, 'id' | 'facilityId'>[],
  kind: 'ADMITTED' | 'RELEASED',
  { now, today }: { now: Date; today: Day },
): Promise<void> {
  if (holds.length === 0) return;
  announceBoards(
    manager,
    holds.map(({ facilityId }) => facilityId),
  );
  await manager.query(
    `UPDATE bed_hold SET endedAt = ?, endedOn = ?, endKind = ?
      WHERE endedAt IS NULL AND id IN (${placeholders(holds)})`,
    [now.getTime(), today, kind, ...holds.map(({ id }) => id)],
  );
}
