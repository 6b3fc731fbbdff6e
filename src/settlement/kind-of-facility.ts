import type { EntityManager } from 'typeorm';
import type { StatementKind } from '../../entities/settlement/month-statement.entity.js';

/**
 * What is settled with a facility, which follows from its own kind and never changes. Whatever is no home-care station
 * is asked for as a canteen; whether it is one is found out behind that kind's lock.
 */
export async function kindOfFacility(manager: EntityManager, facilityId: number): Promise<StatementKind> {
  const rows: { kind: string }[] = await manager.query('SELECT kind FROM facility WHERE id = ?', [
    facilityId,
  ]);
  return rows[0]?.kind === 'HOME_CARE_STATION' ? 'STATION' : 'CANTEEN';
}
