import type { EntityManager } from 'typeorm';
import { placeholders } from '../../shared/statements.js';
import type { FoundCaregiver } from '../find-caregivers.js';

/** The caregivers with these ids, for plans whose stations the caller was found to cover. One statement. */
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
  return new Map(rows.map(({ id, name, stationId }) => [id, { id, name, stationId }]));
}
