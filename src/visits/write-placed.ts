import type { EntityManager } from 'typeorm';
import { insertRows, placeholders } from '../shared/statements.js';
import { keepFormerCaregivers } from './former-caregivers.js';
import type { Placed } from './place-visits.rules.js';

/** Who comes to visits that are there already, in the place of those who were to come. */
export async function writeCaregivers(
  manager: EntityManager,
  visits: readonly { id: number; placed: Pick<Placed, 'caregivers'> }[],
  at: Date,
): Promise<void> {
  if (visits.length === 0) return;
  const ids = visits.map(({ id }) => id);
  const after = visits.flatMap(({ id: visitId, placed }) =>
    placed.caregivers.map(({ caregiverId }) => ({ visitId, caregiverId })),
  );
  await keepFormerCaregivers(manager, ids, after, at);
  await manager.query(`DELETE FROM visit_caregiver WHERE visitId IN (${placeholders(ids)})`, ids);
  await insertRows(
    manager,
    'visit_caregiver',
    ['visitId', 'caregiverId', 'startsAt', 'endsAt'],
    visits.flatMap(({ id, placed }) =>
      placed.caregivers.map(({ caregiverId, fromMs, toMs }) => [id, caregiverId, fromMs, toMs]),
    ),
  );
}
