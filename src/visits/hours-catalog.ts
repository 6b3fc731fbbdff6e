import type { EntityManager } from 'typeorm';
import type { ServiceGroup } from '../../entities/visits/home-service.entity.js';
import { endOf, withEverAbove } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { placeholders, type Reading, readAtOnce, type Statement } from '../shared/statements.js';
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
  /** A station with everything above it on a day, from the root down. */
  placesOn(stationId: number, day: Day): readonly number[];
  /** The day whose tree counts where a question names no other. */
  treeDay: Day;
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
  const [catalog] = await readAtOnce(manager, hoursCatalogOf(asked));
  return catalog;
}

/** The same for whoever reads more at once. */
export function hoursCatalogOf(asked: AskedOfCatalog): Reading<HoursCatalog> {
  return {
    statements: catalogStatements(asked),
    of([sets, ancestors, elders, categories, services, funders, grants]) {
      const above = ancestors as unknown as AboveRow[];
      const known = services as unknown as ServiceRow[];
      const paying = funders as unknown as { id: number; code: string }[];
      return {
        sets: (sets as unknown as SetRow[]).map((row) => ({ ...row, document: understood(row.document) })),
        placesOn: (stationId, day) => [
          ...above
            .filter(({ startId, fromDay, toDay }) => startId === stationId && fromDay <= day && day < toDay)
            .map(({ ancestorId }) => ancestorId),
          stationId,
        ],
        treeDay: asked.fromDay,
        elders: eldersOf(elders as unknown as ElderRow[], categories as unknown as CategoryRow[]),
        services: new Map(known.map(({ id, ...service }) => [id, service])),
        funders: new Map(paying.map(({ id, code }) => [code, id])),
        grants: grants as unknown as GrantRow[],
      };
    },
  };
}

/** Everything above a station while it stands there. */
interface AboveRow {
  startId: number;
  ancestorId: number;
  fromDay: Day;
  toDay: Day;
}

function catalogStatements({
  elderIds,
  stationIds,
  serviceIds,
  fromDay,
  toDay,
}: AskedOfCatalog): Statement[] {
  const above = withEverAbove(
    `SELECT placement.facilityId, placement.parentId, CAST(placement.fromDay AS CHAR), ${endOf('placement')}, 1
       FROM facility_placement placement WHERE placement.facilityId IN (${placeholders(stationIds) || 'NULL'})`,
  );
  return [
    setsStatement,
    {
      sql: `${above} SELECT startId, ancestorId, fromDay, toDay FROM above ORDER BY distance DESC`,
      parameters: stationIds,
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
  ];
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
  category: string;
}
interface ServiceRow {
  id: number;
  serviceCode: string;
  serviceGroup: ServiceGroup;
}

function eldersOf(rows: readonly ElderRow[], memberships: readonly CategoryRow[]): Map<number, HoursElder> {
  const categories = new Map<number, string[]>();
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
