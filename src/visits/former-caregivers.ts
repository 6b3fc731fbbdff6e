import type { EntityManager } from 'typeorm';
import { withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { insertRows, placeholders } from '../shared/statements.js';
import type { VisitReach } from './visit-reach.js';

/** Somebody who brings a visit, or did. */
export interface BroughtBy {
  visitId: number;
  caregiverId: number;
}

/**
 * Keeps who was to bring these visits and is not among those who do so from now on, for what their devices have stored
 * meanwhile. It is asked before those who bring them are written; the visits are locked.
 */
export async function keepFormerCaregivers(
  manager: EntityManager,
  visitIds: readonly number[],
  after: readonly BroughtBy[],
  at: Date,
): Promise<void> {
  const keyOf = ({ visitId, caregiverId }: BroughtBy) => `${visitId} ${caregiverId}`;
  const stay = new Set(after.map(keyOf));
  const relieved: BroughtBy[] = await manager.query(
    `SELECT part.visitId, part.caregiverId FROM visit_caregiver part
       LEFT JOIN visit_former_caregiver former
              ON former.visitId = part.visitId AND former.caregiverId = part.caregiverId
      WHERE part.visitId IN (${placeholders(visitIds)}) AND former.visitId IS NULL`,
    [...visitIds],
  );
  const rows = relieved.filter((each) => !stay.has(keyOf(each)));
  if (rows.length === 0) return;
  await insertRows(
    manager,
    'visit_former_caregiver',
    ['visitId', 'caregiverId', 'relievedAt'],
    rows.map(({ visitId, caregiverId }) => [visitId, caregiverId, at.getTime()]),
  );
}

/** Which of these visits were taken from the caller, as far as its grants as a caregiver hold, and as which caregiver. */
export async function formerVisits(
  manager: EntityManager,
  ids: readonly number[],
  { own }: VisitReach,
  today: Day,
): Promise<Map<number, number>> {
  if (own.stations === 'everywhere' || own.stations.length === 0) return new Map();
  const beneath = withBeneath(own.stations, today);
  const rows: BroughtBy[] = await manager.query(
    `${beneath.sql} SELECT former.visitId, former.caregiverId FROM visit_former_caregiver former
       JOIN caregiver ON caregiver.id = former.caregiverId AND caregiver.accountId = ?
       JOIN visit ON visit.id = former.visitId AND visit.stationId IN (SELECT facilityId FROM beneath)
      WHERE former.visitId IN (${placeholders(ids) || 'NULL'})`,
    [...beneath.parameters, own.accountId, ...ids],
  );
  return new Map(rows.map(({ visitId, caregiverId }) => [visitId, caregiverId]));
}

/** The accounts of those from whom a visit was taken. */
export async function formerAccounts(manager: EntityManager, visitId: number): Promise<number[]> {
  const rows: { accountId: number }[] = await manager.query(
    `SELECT caregiver.accountId FROM visit_former_caregiver former
       JOIN caregiver ON caregiver.id = former.caregiverId WHERE former.visitId = ?`,
    [visitId],
  );
  return rows.map(({ accountId }) => accountId);
}
