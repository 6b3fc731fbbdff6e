import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { lockTimes } from './change-visit.js';
import { visitsById } from './find-visits.js';

/** A visit as the audit log shows it before and after a step; its elder stays locked from the first look on. */
export async function visitState(manager: EntityManager, visitId: number): Promise<AuditedState | undefined> {
  const [unlocked] = await visitsById(manager, [visitId]);
  if (!unlocked) return undefined;
  await lockTimes(manager, { elderIds: [unlocked.elderId], caregiverIds: [] });
  const [visit] = await visitsById(manager, [visitId]);
  if (!visit) return undefined;
  const parts: { caregiverId: number }[] = await manager.query(
    'SELECT caregiverId FROM visit_caregiver WHERE visitId = ? ORDER BY startsAt, caregiverId',
    [visitId],
  );
  const { elderId, stationId, status, startsAt, version } = visit;
  return {
    about: { elderId, facilityId: stationId, subject: `visit:${visitId}` },
    values: {
      status,
      startsAt: startsAt.toISOString(),
      version,
      caregiverIds: parts.map(({ caregiverId }) => caregiverId),
    },
  };
}
