import type { EntityManager } from 'typeorm';
import type { GenderRule, ServiceGroup } from '../../entities/visits/home-service.entity.js';
import type { AuditedState } from '../audit-log/write-on-record.js';
import type { Day } from '../shared/china-time.js';
import { isCode } from '../shared/code.js';
import { forUpdate } from '../shared/database.js';
import { isRefusal } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import { isDayAhead } from './days-ahead.rules.js';
import { announceCatalog } from './planning-news.js';
import { refuseService, type ServiceRefusal } from './service-refusals.js';
import { type ServiceTerms, serviceFault } from './service-terms.rules.js';

export interface NewService extends ServiceTerms {
  code: string;
  group: ServiceGroup;
  /** The first day on which it can be had, at this price. */
  fromDay: Day;
  priceFen: number;
}

const priceFenMax = 10_000_000;

/** Adds a service to the catalogue of the whole network, with its first price. */
export async function addService(
  manager: EntityManager,
  service: NewService,
  today: Day,
): Promise<{ id: number; code: string } | ServiceRefusal> {
  const { code, group, fromDay, priceFen, ...terms } = service;
  if (!isCode(code)) return refuseService('CODE_INVALID', ['input', 'code']);
  if (!isRefusal(await lockService(manager, code))) return refuseService('CODE_TAKEN', ['input', 'code']);
  const fault = serviceFault(terms) ?? priceFault(priceFen, 'priceFen') ?? dayFault(fromDay, today);
  if (fault) return { ...fault, field: ['input', ...(fault.field ?? [])] };
  const row = rowOf(terms);
  await insertRows(
    manager,
    'home_service',
    ['code', 'serviceGroup', ...Object.keys(row)],
    [[code, group, ...Object.values(row)]],
  );
  const added = await lockService(manager, code);
  if (isRefusal(added)) throw new Error(`the service ${code} was inserted and is not there`);
  await insertRows(
    manager,
    'home_service_price',
    ['serviceId', 'fromDay', 'fen'],
    [[added.id, fromDay, priceFen]],
  );
  await keepPair(manager, added.id, terms);
  return added;
}

/**
 * Changes what a service takes from now on; visits that are booked keep their times. How many caregivers it takes is
 * not changed while visits are booked with as many as it takes now.
 */
export async function changeService(
  manager: EntityManager,
  code: string,
  terms: ServiceTerms,
  now: Date,
): Promise<{ id: number; code: string } | ServiceRefusal> {
  const service = await lockService(manager, code);
  if (isRefusal(service)) return service;
  const fault = serviceFault(terms);
  if (fault) return { ...fault, field: ['input', ...(fault.field ?? [])] };
  if (service.caregivers !== terms.caregivers && (await hasVisitsAhead(manager, service.id, now))) {
    return refuseService('SERVICE_BOOKED', ['input', 'caregivers']);
  }
  const row = rowOf(terms);
  await manager.query(
    `UPDATE home_service SET ${Object.keys(row)
      .map((name) => `${name} = ?`)
      .join(', ')} WHERE id = ?`,
    [...Object.values(row), service.id],
  );
  await manager.query('DELETE FROM home_service_pair WHERE serviceId = ?', [service.id]);
  await keepPair(manager, service.id, terms);
  return service;
}

/**
 * Sets the price of a visit from a day on, until a later one begins. A price that has begun is never changed: visits
 * were booked at it.
 */
export async function setServicePrice(
  manager: EntityManager,
  { code, fromDay, priceFen }: { code: string; fromDay: Day; priceFen: number },
  today: Day,
): Promise<{ id: number; code: string } | ServiceRefusal> {
  const service = await lockService(manager, code);
  if (isRefusal(service)) return service;
  const fault = priceFault(priceFen, 'priceFen') ?? dayFault(fromDay, today);
  if (fault) return fault;
  const rows: unknown[] = await manager.query(
    'SELECT fromDay FROM home_service_price WHERE serviceId = ? AND fromDay = ?',
    [service.id, fromDay],
  );
  if (rows.length > 0 && fromDay <= today) return refuseService('PRICE_BEGUN', ['fromDay']);
  await manager.query('DELETE FROM home_service_price WHERE serviceId = ? AND fromDay = ?', [
    service.id,
    fromDay,
  ]);
  await insertRows(
    manager,
    'home_service_price',
    ['serviceId', 'fromDay', 'fen'],
    [[service.id, fromDay, priceFen]],
  );
  return service;
}

/** The service of this code; nobody else changes it, its prices or who offers it, until the transaction ends. */
export async function lockService(
  manager: EntityManager,
  code: string,
): Promise<{ id: number; code: string; caregivers: number } | ServiceRefusal> {
  const rows: { id: number; code: string; caregivers: number }[] = await manager.query(
    `SELECT id, code, caregivers FROM home_service WHERE code = ?${forUpdate(manager)}`,
    [code],
  );
  announceCatalog(manager);
  // MySQL also finds the code in other letters, or with a space after it; SQLite does not.
  return rows.find((row) => row.code === code) ?? refuseService('SERVICE_UNKNOWN', ['serviceCode']);
}

function priceFault(priceFen: number, field: string): ServiceRefusal | undefined {
  const isPrice = Number.isSafeInteger(priceFen) && priceFen >= 0 && priceFen <= priceFenMax;
  return isPrice ? undefined : refuseService('PRICE_OUT_OF_RANGE', [field]);
}

function dayFault(fromDay: Day, today: Day): ServiceRefusal | undefined {
  return isDayAhead(fromDay, today) ? undefined : refuseService('DATE_OUT_OF_RANGE', ['fromDay']);
}

function rowOf(terms: ServiceTerms): Record<string, string | number | GenderRule | null> {
  const { nameZh, nameEn, minutes, skill, caregivers, preparationMinutes, bufferMinutes, genderRule } = terms;
  const names = { nameZh: nameZh.trim(), nameEn: nameEn.trim() };
  return { ...names, minutes, skill, caregivers, preparationMinutes, bufferMinutes, genderRule };
}

async function keepPair(manager: EntityManager, serviceId: number, { pair }: ServiceTerms): Promise<void> {
  if (!pair) return;
  await insertRows(
    manager,
    'home_service_pair',
    ['serviceId', 'secondAfterMin', 'secondAfterMax'],
    [[serviceId, pair.secondAfterMin, pair.secondAfterMax]],
  );
}

async function hasVisitsAhead(manager: EntityManager, serviceId: number, now: Date): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    `SELECT id FROM visit WHERE serviceId = ? AND status IN ('REQUESTED', 'ASSIGNED', 'IN_PROGRESS') AND endsAt > ?
      LIMIT 1`,
    [serviceId, now.getTime()],
  );
  return rows.length > 0;
}

/** A service as the audit log shows it; its row stays locked from the first look on. */
export async function serviceState(manager: EntityManager, code: string): Promise<AuditedState | undefined> {
  const service = await lockService(manager, code);
  if (isRefusal(service)) return undefined;
  const [row]: Record<string, unknown>[] = await manager.query(
    `SELECT s.nameZh, s.nameEn, s.minutes, s.skill, s.caregivers, s.preparationMinutes, s.bufferMinutes, s.genderRule,
            p.secondAfterMin, p.secondAfterMax
       FROM home_service s LEFT JOIN home_service_pair p ON p.serviceId = s.id WHERE s.id = ?`,
    [service.id],
  );
  const prices: { fromDay: Day; fen: number | string }[] = await manager.query(
    `SELECT CAST(fromDay AS CHAR) AS fromDay, fen FROM home_service_price WHERE serviceId = ?
      ORDER BY fromDay DESC LIMIT 3`,
    [service.id],
  );
  return {
    about: { subject: `service:${service.id}` },
    values: { ...row, prices: prices.map(({ fromDay, fen }) => `${fromDay} ${Number(fen)}`) },
  };
}
