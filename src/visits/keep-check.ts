import type { EntityManager } from 'typeorm';
import { cipherOf } from '../shared/database-cipher.js';
import type { SealedTable } from '../shared/rotate-keys.js';
import { insertRows } from '../shared/statements.js';
import type { CareTerms } from './care-terms.rules.js';
import { type CareVisit, doubtWords } from './care-visits.js';
import { changeVisit } from './change-visit.js';
import type { WellFormedCheck } from './given-check.rules.js';
import { useHours } from './hours-book.js';
import type { JudgedCheck } from './judge-check.rules.js';
import { type Presence, presenceOf, standingAfter } from './presence.rules.js';
import { closeAlertsThatWentOn } from './raise-alerts.js';
import { keepEvidence } from './visit-evidence.js';

/** The name that is authenticated with a position; stored in no row, and never to be changed. */
export const checkPositionName = 'visit_check.position';

export const sealedCheckPositions: SealedTable = {
  table: 'visit_check',
  idColumn: 'id',
  columns: { positionSealed: () => checkPositionName },
};

export interface CheckToKeep {
  check: WellFormedCheck;
  /** Locked, and brought up to date. */
  visit: CareVisit;
  judged: JudgedCheck;
  terms: CareTerms;
  tagSince: Date | undefined;
  accountId: number;
  now: Date;
}

/** Keeps a tap, takes the steps that follow from it, and scores the evidence anew. */
export async function keepCheck(manager: EntityManager, kept: CheckToKeep): Promise<void> {
  const { visit, judged, terms, tagSince, now } = kept;
  const { tap } = judged;
  await insertCheck(manager, kept);
  const before = presenceOf(visit.taps, tap.caregiverId);
  visit.taps.push(tap);
  await takeSteps(manager, kept, before);
  await keepEvidence(manager, visit, { terms, tagSince, now });
}

async function insertCheck(
  manager: EntityManager,
  { check, visit, judged: { tap }, now }: CheckToKeep,
): Promise<void> {
  const place = check.position && `${check.position.latitudeMicro} ${check.position.longitudeMicro}`;
  const row = {
    requestId: tap.requestId,
    visitId: visit.id,
    caregiverId: tap.caregiverId,
    kind: tap.kind,
    deviceAt: tap.deviceAtMs,
    sentAt: check.sentAt?.getTime() ?? null,
    receivedAt: now.getTime(),
    countsAt: tap.countsAtMs,
    isOffline: tap.isOffline,
    positionSealed: place === null ? null : cipherOf(manager).encrypt(checkPositionName, place),
    distanceMetres: tap.distanceMetres,
    accuracyMetres: check.accuracyMetres,
    tag: tap.tag,
    doubts: doubtWords(tap),
  };
  await insertRows(manager, 'visit_check', Object.keys(row), [Object.values(row)]);
}

/**
 * A step for each end of the caregiver's presence that the tap changed: a late tap in may bring with it the tap out
 * that was waiting for it.
 */
async function takeSteps(
  manager: EntityManager,
  { visit, judged: { tap }, accountId, now }: CheckToKeep,
  before: Presence,
): Promise<void> {
  if (visit.status === 'CANCELLED' || tap.doubts.includes('REASSIGNED')) return;
  const presences = visit.parts.map(({ caregiverId }) => presenceOf(visit.taps, caregiverId));
  const own = presenceOf(visit.taps, tap.caregiverId);
  const hasArrived = own.arrived !== undefined && isOther(own.arrived, before.arrived);
  const hasLeft = own.left !== undefined && isOther(own.left, before.left);
  if (!hasArrived && !hasLeft) return;
  const wasCompleted = visit.status === 'COMPLETED';
  const after = standingAfter(visit, presences);
  const caregiverIds = visit.parts.map(({ caregiverId }) => caregiverId);
  const change = { caregiverIds, at: now, byId: accountId };
  if (hasArrived) {
    const status = wasCompleted ? 'COMPLETED' : 'IN_PROGRESS';
    await changeVisit(manager, { ...change, visit, kind: 'CHECK_IN', status });
    Object.assign(visit, { status, version: visit.version + 1 });
    await closeAlertsThatWentOn(manager, visit.id, 'NOT_BEGUN', now);
  }
  if (hasLeft) {
    await changeVisit(manager, { ...change, visit, kind: 'CHECK_OUT', status: after.status });
    visit.version += 1;
  }
  Object.assign(visit, after);
  await writeTimes(manager, visit);
  if (after.status !== 'COMPLETED' || wasCompleted) return;
  await closeAlertsThatWentOn(manager, visit.id, 'NOT_ENDED', now);
  await useHours(manager, [visit.id], now);
}

function isOther(tap: { requestId: string }, earlier: { requestId: string } | undefined): boolean {
  return tap.requestId !== earlier?.requestId;
}

/** When the first came and the last left, in both at once: none may be without the other for a moment. */
export async function writeTimes(
  manager: EntityManager,
  { id, checkedInAt, checkedOutAt }: Pick<CareVisit, 'id' | 'checkedInAt' | 'checkedOutAt'>,
): Promise<void> {
  await manager.query('UPDATE visit SET checkedInAt = ?, checkedOutAt = ? WHERE id = ?', [
    checkedInAt?.getTime() ?? null,
    checkedOutAt?.getTime() ?? null,
    id,
  ]);
}
