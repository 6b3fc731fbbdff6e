import type { EntityManager } from 'typeorm';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import type { ServiceGroup } from '../../entities/visits/home-service.entity.js';
import { withAbove } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { placeholders, readTogether } from '../shared/statements.js';
import type { HoursElder, HoursSet } from './hours-entitlement.rules.js';
import { type HoursDocument, hoursDocument } from './hours-language.rules.js';

/** A grant that was made already. */
export interface GrantRow {
  id: number;
  elderId: number;
  ruleId: number;
  setCode: string;
  grantCode: string;
  period: string;
  fromDay: Day;
  toDay: Day;
  grantedMinutes: number;
  leftMinutes: number;
}

/** What must be known to say what hours pay. */
export interface HoursCatalog {
  sets: readonly HoursSet[];
  /** Each station with everything above it, from the root down. */
  places: ReadonlyMap<number, readonly number[]>;
  elders: ReadonlyMap<number, HoursElder>;
  services: ReadonlyMap<number, { serviceCode: string; serviceGroup: ServiceGroup }>;
  /** Funders' ids by their codes. */
  funders: ReadonlyMap<string, number>;
  grants: readonly GrantRow[];
}

export interface AskedOfCatalog {
  elderIds: readonly number[];
  stationIds: readonly number[];
  serviceIds: readonly number[];
  fromDay: Day;
  toDay: Day;
}

/**
 * Reads it for questions about these days: seven statements, sent together, however many questions. The tree is
 * that of the first day.
 */
export async function readHoursCatalog(manager: EntityManager, asked: AskedOfCatalog): Promise<HoursCatalog> {
  const { elderIds, stationIds, serviceIds, fromDay, toDay } = asked;
  const above = withAbove(stationIds, fromDay);
  const [sets, ancestors, elders, categories, services, funders, grants] = await readTogether(manager, [
    setsStatement,
    {
      sql: `${above.sql} SELECT facilityId, ancestorId FROM above ORDER BY facilityId, distance DESC`,
      parameters: above.parameters,
    },
    {
      sql: `SELECT e.id AS elderId, CAST(e.birthDate AS CHAR) AS birthDate, e.abilityLevel,
                   CAST(e.abilityExpiresOn AS CHAR) AS abilityExpiresOn, f.divisionCode AS residence
              FROM elder e LEFT JOIN facility f ON f.id = e.homeStationId
             WHERE e.id IN (${placeholders(elderIds)})`,
      parameters: elderIds,
    },
    {
      sql: `SELECT elderId, category FROM elder_category WHERE elderId IN (${placeholders(elderIds)})`,
      parameters: elderIds,
    },
    {
      sql: `SELECT id, code AS serviceCode, serviceGroup FROM home_service WHERE id IN (${placeholders(serviceIds) || 'NULL'})`,
      parameters: serviceIds,
    },
    { sql: 'SELECT id, code FROM funder', parameters: [] },
    {
      sql: `SELECT ${grantColumns} FROM hours_grant
             WHERE elderId IN (${placeholders(elderIds)}) AND toDay > ? AND fromDay <= ? ORDER BY fromDay, id`,
      parameters: [...elderIds, fromDay, toDay],
    },
  ]);
  const places = new Map(stationIds.map((id) => [id, [] as number[]]));
  for (const { facilityId, ancestorId } of ancestors as { facilityId: number; ancestorId: number }[]) {
    places.get(facilityId)?.push(ancestorId);
  }
  for (const [stationId, above] of places) above.push(stationId);
  return {
    sets: (sets as SetRow[]).map((row) => ({ ...row, document: understood(row.document) })),
    places,
    elders: eldersOf(elders as ElderRow[], categories as CategoryRow[]),
    services: new Map((services as ServiceRow[]).map(({ id, ...service }) => [id, service])),
    funders: new Map((funders as { id: number; code: string }[]).map(({ id, code }) => [code, id])),
    grants: grants as GrantRow[],
  };
}

export const grantColumns = `id, elderId, ruleId, setCode, grantCode, period, CAST(fromDay AS CHAR) AS fromDay,
  CAST(toDay AS CHAR) AS toDay, grantedMinutes, leftMinutes`;

/** Every approved version: a city has a few, and changes them once in years. */
const setsStatement = {
  sql: `SELECT r.id AS ruleId, r.code, r.version, r.facilityId, CAST(r.fromDay AS CHAR) AS fromDay,
               CAST(r.toDay AS CHAR) AS toDay, r.document, f.divisionCode AS scopeDivision
          FROM hours_rule r JOIN facility f ON f.id = r.facilityId
         WHERE r.status = 'APPROVED' ORDER BY r.code, r.version`,
  parameters: [],
};

type SetRow = Omit<HoursSet, 'document'> & { document: string };
type ElderRow = Omit<HoursElder, 'categories'> & { elderId: number };
interface CategoryRow {
  elderId: number;
  category: ElderCategory;
}
interface ServiceRow {
  id: number;
  serviceCode: string;
  serviceGroup: ServiceGroup;
}

function eldersOf(rows: readonly ElderRow[], memberships: readonly CategoryRow[]): Map<number, HoursElder> {
  const categories = new Map<number, ElderCategory[]>();
  for (const { elderId, category } of memberships) {
    categories.set(elderId, [...(categories.get(elderId) ?? []), category]);
  }
  return new Map(
    rows.map(({ elderId, ...facts }) => [elderId, { ...facts, categories: categories.get(elderId) ?? [] }]),
  );
}

/** Documents by their text: every booking asks for them, and each is checked once. */
const read = new Map<string, HoursDocument>();
const readMax = 200;

function understood(text: string): HoursDocument {
  const known = read.get(text);
  if (known) return known;
  // What it means was checked when it was proposed; a check that is added later must not stop bookings.
  const document = hoursDocument.parse(JSON.parse(text));
  if (read.size >= readMax) read.clear();
  read.set(text, document);
  return document;
}
