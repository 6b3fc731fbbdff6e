import type { EntityManager } from 'typeorm';
import type { CancelCause } from '../../entities/visits/visit-event.entity.js';
import type { ObjectionDecision } from '../../entities/visits/visit-objection.entity.js';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { ancestorFacilitiesOf } from '../network/ancestor-facilities.js';
import { covers } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { insertRows } from '../shared/statements.js';
import { type CareRefusal, refuseCare } from './care-refusals.js';
import { careVisitState } from './care-state.js';
import { type CareVisit, lockCareVisits, reachedVisits } from './care-visits.js';
import { type FoundObjection, objectionsOf } from './find-objections.js';
import { noteTextOf, shortTextMax } from './note-text.rules.js';
import { objectionNoteName, objectionReasonName } from './sealed-care.js';
import { lockStation, takeVisitBack } from './station-verdicts.js';
import type { VisitReach } from './visit-reach.js';

/** For so long after a visit was called off its family may object, in days. */
export const objectionDays = 30;

interface Cancelled {
  at: Date;
  byId: number | null;
  /** By the station, past the notice, on the family's account: only then it costs the elder hours. */
  isDoubtful: boolean;
}

/**
 * A family says that a visit was not called off on its account, as its station said; once for a visit. The same said again
 * is answered as the first time. Nothing changes until the centre above the station has looked.
 */
export async function objectToCancellation(
  manager: EntityManager,
  given: { visitId: number; reason: string; byId: number; now: Date },
  reach: VisitReach,
): Promise<FoundObjection | CareRefusal> {
  const { visitId, byId, now } = given;
  const reason = noteTextOf(given.reason, shortTextMax);
  if (!reason) return refuseCare('NOTE_INVALID', ['reason']);
  const visit = await lockReached(manager, visitId, reach, now);
  const cancelled = await cancellationOf(manager, visit?.id ?? 0);
  const earlier = (await objectionsOf(manager, [visitId])).get(visitId);
  if (!visit) return refuseCare('VISIT_UNKNOWN', ['visitId']);
  if (earlier?.reason === reason) return earlier;
  if (earlier || !cancelled?.isDoubtful) return refuseCare('WRONG_STATE', ['visitId']);
  if (now.getTime() - cancelled.at.getTime() > objectionDays * 86_400_000) {
    const text = {
      zh: `须在取消后 ${objectionDays} 天内提出`,
      en: `is said within ${objectionDays} days after it was called off`,
    };
    return refuseCare('TIME_OUT_OF_RANGE', ['visitId'], text);
  }
  const columns = ['visitId', 'openStationId', 'reasonSealed', 'madeAt', 'madeById'];
  const reasonSealed = cipherOf(manager).encrypt(objectionReasonName(visitId), reason);
  await insertRows(manager, 'visit_objection', columns, [
    [visitId, visit.stationId, reasonSealed, now.getTime(), byId],
  ]);
  return (await objectionsOf(manager, [visitId])).get(visitId) as FoundObjection;
}

/**
 * The centre above the station decides. When it agrees with the family, what was lost is taken back: the hours are the
 * elder's again, and nobody owes anything for the visit; of a month that was submitted, by a correction of the next one.
 */
export async function decideObjection(
  manager: EntityManager,
  given: { visitId: number; isUpheld: boolean; note: string; byId: number; now: Date },
  reach: VisitReach,
): Promise<FoundObjection | CareRefusal> {
  const { visitId, isUpheld, byId, now } = given;
  const note = noteTextOf(given.note, shortTextMax);
  if (!note) return refuseCare('NOTE_INVALID', ['note']);
  const visit = await lockReached(manager, visitId, reach, now);
  // After the elder, as verdicts about evidence do; a month that is being submitted is waited for, or waits.
  if (visit) await lockStation(manager, visit.stationId);
  const objection = (await objectionsOf(manager, [visitId])).get(visitId);
  if (!visit) return refuseCare('VISIT_UNKNOWN', ['visitId']);
  if (!objection || objection.decision !== null) return refuseCare('WRONG_STATE', ['visitId']);
  const cancelled = await cancellationOf(manager, visitId);
  if (cancelled?.byId === byId || objection.madeById === byId) return refuseCare('OWN_VISIT', ['visitId']);
  if (!(await isAbove(manager, visit.stationId, reach, now))) {
    const text = {
      zh: '须由服务站上级中心处理',
      en: 'is decided by the centre above the station',
    };
    return refuseCare('OWN_VISIT', ['visitId'], text);
  }
  const decision: ObjectionDecision = isUpheld ? 'UPHELD' : 'DENIED';
  await manager.query(
    `UPDATE visit_objection SET openStationId = NULL, decision = ?, decidedAt = ?, decidedById = ?, noteSealed = ?
      WHERE visitId = ?`,
    [decision, now.getTime(), byId, cipherOf(manager).encrypt(objectionNoteName(visitId), note), visitId],
  );
  if (isUpheld) await takeVisitBack(manager, visitId, now);
  return (await objectionsOf(manager, [visitId])).get(visitId) as FoundObjection;
}

async function lockReached(
  manager: EntityManager,
  visitId: number,
  reach: VisitReach,
  now: Date,
): Promise<CareVisit | undefined> {
  const reached = await reachedVisits(manager, [visitId], reach, dayOf(now));
  return (await lockCareVisits(manager, reached)).get(visitId);
}

/** Somebody of the station itself does not decide who is to blame. */
async function isAbove(
  manager: EntityManager,
  stationId: number,
  { stations }: VisitReach,
  now: Date,
): Promise<boolean> {
  const above = (await ancestorFacilitiesOf(manager, [stationId], dayOf(now))).get(stationId) ?? [];
  const parent = above.at(-1);
  return parent !== undefined && covers(manager, stations, parent.id, dayOf(now));
}

async function cancellationOf(manager: EntityManager, visitId: number): Promise<Cancelled | undefined> {
  const [row]: {
    at: number | string;
    byId: number | null;
    causedBy: CancelCause | null;
    isOverride: boolean | number;
  }[] = await manager.query(
    `SELECT at, byId, causedBy, isOverride FROM visit_event
      WHERE visitId = ? AND kind = 'CANCEL' ORDER BY version DESC LIMIT 1`,
    [visitId],
  );
  if (!row) return undefined;
  const isDoubtful = row.causedBy === 'FAMILY' && Boolean(row.isOverride);
  return { at: new Date(Number(row.at)), byId: row.byId, isDoubtful };
}

/** What the log is told: whether it is open or how it was decided, and no word of what was said. */
export async function objectionState(
  manager: EntityManager,
  visitId: number,
): Promise<AuditedState | undefined> {
  const visit = await careVisitState(manager, visitId);
  if (!visit) return undefined;
  const objection = (await objectionsOf(manager, [visitId])).get(visitId);
  const state = objection ? (objection.decision ?? 'OPEN') : null;
  return { about: visit.about, values: { objection: state } };
}
