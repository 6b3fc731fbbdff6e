import type { EntityManager } from 'typeorm';
import type { EvidenceVerdict } from '../../entities/visits/visit-evidence.entity.js';
import { narrowed, type Scope } from '../network/scope.js';
import { withBeneath } from '../network/tree.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import type { SealedTable } from '../shared/rotate-keys.js';
import { type CareRefusal, refuseCare } from './care-refusals.js';
import { lockCareVisits, reachedVisits } from './care-visits.js';
import { formerAccounts } from './former-caregivers.js';
import { noteTextOf, shortTextMax } from './note-text.rules.js';
import { followVerdict, lockStation } from './station-verdicts.js';
import { evidenceOf, type KeptEvidence } from './visit-evidence.js';
import type { VisitReach } from './visit-reach.js';

const noteName = (visitId: number) => `visit_evidence.note#${visitId}`;

export const sealedEvidenceNotes: SealedTable = {
  table: 'visit_evidence',
  idColumn: 'visitId',
  columns: { noteSealed: noteName },
};

export interface EvidenceJudgement {
  visitId: number;
  verdict: EvidenceVerdict;
  /** Why, 1 to 200 characters. */
  note: string;
  byId: number;
  now: Date;
}

/**
 * Decides whether a visit is paid whose evidence asks for a look, or blocks it. Somebody else than who brought or ended
 * it does so; deciding again replaces the decision, and the log keeps both.
 */
export async function decideEvidence(
  manager: EntityManager,
  { visitId, verdict, note, byId, now }: EvidenceJudgement,
  reach: VisitReach,
): Promise<KeptEvidence | CareRefusal> {
  const text = noteTextOf(note, shortTextMax);
  if (!text) return refuseCare('NOTE_INVALID', ['note']);
  const reached = await reachedVisits(manager, [visitId], reach, dayOf(now));
  const visit = (await lockCareVisits(manager, reached)).get(visitId);
  // After the elder, as bookings do; a month that is being submitted is waited for, or waits.
  if (visit) await lockStation(manager, visit.stationId);
  const evidence = visit && (await evidenceOf(manager, [visitId])).get(visitId);
  if (!visit) return refuseCare('VISIT_UNKNOWN', ['visitId']);
  if (!evidence || !(evidence.isOpen || evidence.decided !== null)) {
    return refuseCare('WRONG_STATE', ['visitId']);
  }
  const isFormer = (await formerAccounts(manager, visitId)).includes(byId);
  const hadPart = visit.parts.some(({ accountId }) => accountId === byId) || evidence.endedById === byId;
  if (hadPart || isFormer) return refuseCare('OWN_VISIT', ['visitId']);
  await manager.query(
    `UPDATE visit_evidence SET openStationId = NULL, decided = ?, decidedAt = ?, decidedById = ?, noteSealed = ?
      WHERE visitId = ?`,
    [verdict, now.getTime(), byId, cipherOf(manager).encrypt(noteName(visitId), text), visitId],
  );
  if (visit.status === 'COMPLETED') await followVerdict(manager, { visitId, verdict, now });
  return (await evidenceOf(manager, [visitId])).get(visitId) as KeptEvidence;
}

/** What is to be looked at, of the stations at and beneath a place, in the order of the visits. */
export async function openEvidence(
  manager: EntityManager,
  within: number | undefined,
  page: { afterId: number; rowsMax: number },
  scope: Scope,
  today: Day,
): Promise<KeptEvidence[]> {
  const places = await narrowed(manager, scope, within, today);
  const area = places === 'everywhere' ? undefined : withBeneath(places, today);
  const rows: { visitId: number }[] = await manager.query(
    `${area?.sql ?? ''} SELECT visitId FROM visit_evidence
      WHERE openStationId IS NOT NULL AND visitId > ?
        ${area ? 'AND openStationId IN (SELECT facilityId FROM beneath)' : ''}
      ORDER BY visitId LIMIT ?`,
    [...(area?.parameters ?? []), page.afterId, page.rowsMax],
  );
  const ids = rows.map(({ visitId }) => visitId);
  const found = await evidenceOf(manager, ids);
  return ids.map((id) => found.get(id) as KeptEvidence);
}

/** One visit's evidence, with why it was decided so; undefined when there is none within reach. */
export async function evidenceWithin(
  manager: EntityManager,
  visitId: number,
  reach: VisitReach,
  today: Day,
): Promise<KeptEvidence | undefined> {
  const reached = await reachedVisits(manager, [visitId], reach, today);
  return (await evidenceOf(manager, reached.length > 0 ? reached : [0])).get(visitId);
}

/** Why each of these was decided as it was. One statement. */
export async function evidenceNotes(
  manager: EntityManager,
  visitIds: readonly number[],
): Promise<Map<number, string>> {
  if (visitIds.length === 0) return new Map();
  const rows: { visitId: number; noteSealed: string }[] = await manager.query(
    `SELECT visitId, noteSealed FROM visit_evidence
      WHERE noteSealed IS NOT NULL AND visitId IN (${visitIds.map(() => '?').join(', ')})`,
    [...visitIds],
  );
  const cipher = cipherOf(manager);
  return new Map(
    rows.map(({ visitId, noteSealed }) => [visitId, cipher.decrypt(noteName(visitId), noteSealed)]),
  );
}
