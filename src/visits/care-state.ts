import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { lockCareVisits } from './care-visits.js';
import { evidenceOf } from './visit-evidence.js';

/**
 * What the log is told of a visit: where it stands, and nothing of what was said about it. Its elder and its caregivers
 * stay locked from the first look on.
 */
export async function careVisitState(manager: EntityManager, id: number): Promise<AuditedState | undefined> {
  const visit = (await lockCareVisits(manager, [id])).get(id);
  if (!visit) return undefined;
  const { elderId, stationId, status, version, checkedInAt, checkedOutAt } = visit;
  return {
    about: { elderId, facilityId: stationId, subject: `visit:${id}` },
    values: {
      status,
      version,
      checkedInAt: checkedInAt?.toISOString() ?? null,
      checkedOutAt: checkedOutAt?.toISOString() ?? null,
    },
  };
}

/** The evidence of a visit as the audit log shows it. */
export async function evidenceState(
  manager: EntityManager,
  visitId: number,
): Promise<AuditedState | undefined> {
  const visit = await careVisitState(manager, visitId);
  const evidence = (await evidenceOf(manager, [visitId])).get(visitId);
  if (!visit) return undefined;
  const { score, decision, decided, decidedById } = evidence ?? {};
  return { about: visit.about, values: { score, decision, decided, decidedById } };
}
