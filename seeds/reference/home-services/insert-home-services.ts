import type { EntityManager } from 'typeorm';
import { insertRows } from '../../../src/shared/statements.js';
import { homeServices, pricesFrom } from './home-services.js';

const columns = [
  'code',
  'serviceGroup',
  'nameZh',
  'nameEn',
  'minutes',
  'skill',
  'caregivers',
  'preparationMinutes',
  'bufferMinutes',
  'genderRule',
];

/** The services that are missing, each with its first price; what somebody has changed since stays. */
export async function insertHomeServices(manager: EntityManager): Promise<void> {
  const present = await serviceIds(manager);
  const missing = homeServices.filter(({ code }) => !present.has(code));
  if (missing.length === 0) return;
  await insertRows(
    manager,
    'home_service',
    columns,
    missing.map((service) => [
      service.code,
      service.group,
      service.nameZh,
      service.nameEn,
      service.minutes,
      service.skill,
      service.caregivers,
      service.preparationMinutes,
      service.bufferMinutes,
      service.genderRule,
    ]),
  );
  const ids = await serviceIds(manager);
  await insertRows(
    manager,
    'home_service_price',
    ['serviceId', 'fromDay', 'fen'],
    missing.map(({ code, fen }) => [ids.get(code), pricesFrom, fen]),
  );
}

/** The ids of all services by their codes. */
export async function serviceIds(manager: EntityManager): Promise<Map<string, number>> {
  const rows: { id: number; code: string }[] = await manager.query('SELECT id, code FROM home_service');
  return new Map(rows.map(({ id, code }) => [code, id]));
}
