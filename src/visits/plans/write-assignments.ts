import type { EntityManager } from 'typeorm';
import { insertRows, placeholders, writeTogether } from '../../shared/statements.js';
import { writeEvents } from '../change-visit.js';
import { keepFormerCaregivers } from '../former-caregivers.js';
import { announceVisit } from '../visit-news.js';
import { tellPlanned } from '../visit-notices.js';
import type { ProposedVisit } from './check-plan.rules.js';
import type { FactVisit } from './plan-facts.js';

/**
 * Gives visits to caregivers at their times, or takes their caregivers away, each with its event. Elders and caregivers
 * are locked, and what is written was found to be good. Whom it concerns, those before too, is told after the commit, and
 * the family by message where the visit begins at another time.
 */
export async function writeAssignments(
  manager: EntityManager,
  proposed: readonly ProposedVisit[],
  visits: readonly FactVisit[],
  { byId, at }: { byId: number; at: Date },
): Promise<void> {
  if (proposed.length === 0) return;
  const known = new Map(visits.map((visit) => [visit.id, visit]));
  const changes = proposed.map((each) => {
    const visit = known.get(each.visitId);
    if (!visit) throw new Error(`visit ${each.visitId} is changed, and was not read`);
    const isAssigned = each.parts.length > 0;
    return {
      visit,
      status: isAssigned ? ('ASSIGNED' as const) : ('REQUESTED' as const),
      kind: isAssigned ? ('ASSIGN' as const) : ('UNASSIGN' as const),
      ...each,
    };
  });
  const ids = proposed.map(({ visitId }) => visitId);
  const after = proposed.flatMap(({ visitId, parts }) =>
    parts.map(({ caregiverId }) => ({ visitId, caregiverId })),
  );
  await keepFormerCaregivers(manager, ids, after, at);
  await manager.query(`DELETE FROM visit_caregiver WHERE visitId IN (${placeholders(ids)})`, ids);
  await writeTogether(
    manager,
    changes.map(({ visit, status, startsAt, endsAt }) => ({
      sql: `UPDATE visit SET status = ?, startsAt = ?, endsAt = ?, version = version + 1
             WHERE id = ? AND version = ? AND status IN ('REQUESTED', 'ASSIGNED')`,
      parameters: [status, startsAt.getTime(), endsAt.getTime(), visit.id, visit.version],
      affects: 1,
    })),
  );
  await insertRows(
    manager,
    'visit_caregiver',
    ['visitId', 'caregiverId', 'startsAt', 'endsAt'],
    changes.flatMap(({ visit, parts }) =>
      parts.map((part) => [visit.id, part.caregiverId, part.startsAt.getTime(), part.endsAt.getTime()]),
    ),
  );
  await writeEvents(
    manager,
    changes.map(({ visit, status, kind, startsAt }) => ({
      visit,
      status,
      kind,
      startsAt,
      version: visit.version + 1,
      at,
      byId,
    })),
  );
  const moved = changes
    .filter(({ visit, startsAt }) => startsAt.getTime() !== visit.startsAt.getTime())
    .map(({ visit, startsAt: happensAt }) => ({ ...visit, happensAt }));
  await tellPlanned(manager, moved, at);
  for (const { visit, parts } of changes) {
    const { id: visitId, elderId, stationId } = visit;
    const told = [...visit.parts, ...parts].map(({ caregiverId }) => caregiverId);
    const version = visit.version + 1;
    announceVisit(manager, { visitId, version, stationIds: [stationId], elderId, caregiverIds: told });
  }
}
