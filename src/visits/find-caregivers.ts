import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';

/** A caregiver as visits show it. */
export interface FoundCaregiver {
  id: number;
  /** The name of the account. */
  name: string;
  stationId: number;
}

/** Who brings each of these visits, whoever came first at the head; one statement. */
export async function caregiversOfVisits(
  manager: EntityManager,
  visitIds: readonly number[],
): Promise<Map<number, FoundCaregiver[]>> {
  const caregivers = new Map<number, FoundCaregiver[]>(visitIds.map((id) => [id, []]));
  if (visitIds.length === 0) return caregivers;
  const rows: (FoundCaregiver & { visitId: number })[] = await manager.query(
    `SELECT part.visitId, caregiver.id, account.name, caregiver.stationId
       FROM visit_caregiver part
       JOIN caregiver ON caregiver.id = part.caregiverId
       JOIN account ON account.id = caregiver.accountId
      WHERE part.visitId IN (${placeholders(visitIds)})
      ORDER BY part.visitId, part.startsAt, caregiver.id`,
    [...visitIds],
  );
  for (const { visitId, ...caregiver } of rows) caregivers.get(visitId)?.push(caregiver);
  return caregivers;
}

/** Caregivers by their ids; one statement. */
export async function caregiversById(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, FoundCaregiver>> {
  if (ids.length === 0) return new Map();
  const rows: FoundCaregiver[] = await manager.query(
    `SELECT caregiver.id, account.name, caregiver.stationId
       FROM caregiver JOIN account ON account.id = caregiver.accountId
      WHERE caregiver.id IN (${placeholders(ids)})`,
    [...ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** The skills of each caregiver whose certificates count on `today`, by name; one statement. */
export async function skillsOfCaregivers(
  manager: EntityManager,
  caregiverIds: readonly number[],
  today: Day,
): Promise<Map<number, string[]>> {
  const skills = new Map<number, string[]>(caregiverIds.map((id) => [id, []]));
  if (caregiverIds.length === 0) return skills;
  const rows: { caregiverId: number; skill: string }[] = await manager.query(
    `SELECT caregiverId, skill FROM caregiver_skill
      WHERE caregiverId IN (${placeholders(caregiverIds)}) AND (expiresOn IS NULL OR expiresOn > ?)
      ORDER BY caregiverId, skill`,
    [...caregiverIds, today],
  );
  for (const { caregiverId, skill } of rows) skills.get(caregiverId)?.push(skill);
  return skills;
}
