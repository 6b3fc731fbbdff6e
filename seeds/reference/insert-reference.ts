import type { EntityManager } from 'typeorm';
import { cashOwnerId, openLedgerAccounts } from '../../src/meals/ledger.js';
import type { RuleFile } from '../../src/meals/rules/rule-file.rules.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import { forUpdate } from '../../src/shared/database.js';
import { insertRows } from '../../src/shared/statements.js';
import { hoursRules } from '../../src/visits/hours-rules.js';
import { insertHomeServices } from './home-services/insert-home-services.js';
import { insertBedSubsidies } from './insert-bed-subsidies.js';
import { insertRuleSets } from './insert-rule-sets.js';
import { nanyangCanteens } from './nanyang/canteens.js';
import { nanyangNetwork, rootCode } from './nanyang/network.js';
import { insertVisitTerms } from './nanyang/visit-terms.js';
import { insertPublicHolidays } from './public-holidays/insert-public-holidays.js';
import { referenceHours, referenceRules } from './reference-rules.js';

/**
 * Nanyang's network, its canteens, the rule, the ledger accounts they need, the home services, the
 * hours of them that the government buys, what it pays homes for occupied beds, and the terms on which visits are booked. Only what is missing is
 * inserted, so what somebody has since renamed, moved or closed stays as it is. In a write transaction.
 */
export async function insertReference(manager: EntityManager): Promise<void> {
  // One row that is there from the start: two servers that start together insert one after the other.
  await manager.query(`SELECT nextId FROM id_sequence WHERE name = 'meals'${forUpdate(manager)}`);
  const ids = await insertNetwork(manager);
  await insertCanteens(manager, ids);
  const rules = referenceRules('nanyang/lunch-rule.json');
  const funderIds = await insertFunders(manager, rules);
  await insertRuleSets(manager, subsidyRules, rules.ruleSets, idOf(ids, rootCode));
  const canteenIds = nanyangCanteens().map(({ code }) => idOf(ids, code));
  await insertHomeServices(manager);
  const hours = referenceHours('nanyang-hours/hours.json');
  await insertRuleSets(manager, hoursRules, hours.ruleSets, idOf(ids, rootCode));
  await insertBedSubsidies(manager, idOf(ids, rootCode));
  await insertPublicHolidays(manager);
  await insertVisitTerms(manager, idOf(ids, rootCode));
  await openLedgerAccounts(manager, [
    { kind: 'CASH', ownerId: cashOwnerId },
    ...funderIds.map((ownerId) => ({ kind: 'FUNDER' as const, ownerId })),
    ...canteenIds.map((ownerId) => ({ kind: 'CANTEEN_RECEIVABLE' as const, ownerId })),
    ...canteenIds.map((ownerId) => ({ kind: 'CANTEEN_DISCOUNT' as const, ownerId })),
  ]);
}

/** The facilities' ids by their codes. */
export async function facilityIds(manager: EntityManager): Promise<Map<string, number>> {
  const rows: { code: string; id: number }[] = await manager.query(
    'SELECT code, id FROM facility WHERE code = ? OR code LIKE ?',
    [rootCode, `${rootCode}-%`],
  );
  return new Map(rows.map(({ code, id }) => [code, id]));
}

export function idOf(ids: ReadonlyMap<string, number>, code: string | null): number {
  const id = ids.get(code ?? '');
  if (id === undefined) throw new Error(`there is no facility ${code}`);
  return id;
}

async function insertNetwork(manager: EntityManager): Promise<Map<string, number>> {
  const present = await facilityIds(manager);
  const missing = nanyangNetwork().filter(({ code }) => !present.has(code));
  if (missing.length === 0) return present;
  await insertRows(
    manager,
    'facility',
    ['code', 'name', 'kind', 'divisionCode', 'openedOn'],
    missing.map(({ code, name, kind, divisionCode, openedOn }) => [code, name, kind, divisionCode, openedOn]),
  );
  const ids = await facilityIds(manager);
  await insertRows(
    manager,
    'facility_placement',
    ['facilityId', 'parentId', 'fromDay'],
    missing
      .filter(({ parentCode }) => parentCode !== null)
      .map(({ code, parentCode, openedOn }) => [idOf(ids, code), idOf(ids, parentCode), openedOn]),
  );
  return ids;
}

async function insertCanteens(manager: EntityManager, ids: ReadonlyMap<string, number>): Promise<void> {
  const rows: { facilityId: number }[] = await manager.query('SELECT facilityId FROM canteen');
  const present = new Set(rows.map(({ facilityId }) => facilityId));
  const missing = nanyangCanteens()
    .map((canteen) => ({ ...canteen, facilityId: idOf(ids, canteen.code) }))
    .filter(({ facilityId }) => !present.has(facilityId));
  await insertRows(
    manager,
    'canteen',
    ['facilityId', 'priceFenMax'],
    missing.map(({ facilityId, priceFenMax }) => [facilityId, priceFenMax]),
  );
  await insertRows(
    manager,
    'meal_window',
    ['canteenId', 'meal', 'fromMinute', 'toMinute'],
    missing.flatMap(({ facilityId, windows }) =>
      windows.map(({ meal, fromMinute, toMinute }) => [facilityId, meal, fromMinute, toMinute]),
    ),
  );
  await insertRows(
    manager,
    'delivery_terms',
    ['canteenId', 'priceFen', 'cutoffMinutes'],
    missing.flatMap(({ facilityId, delivery }) =>
      delivery ? [[facilityId, delivery.priceFen, delivery.cutoffMinutes]] : [],
    ),
  );
}

async function insertFunders(manager: EntityManager, { funders }: RuleFile): Promise<number[]> {
  const find = async (): Promise<{ id: number; code: string }[]> =>
    manager.query('SELECT id, code FROM funder');
  const present = await find();
  await insertRows(
    manager,
    'funder',
    ['code', 'name', 'level', 'divisionCode'],
    funders
      .filter(({ code }) => !present.some((funder) => funder.code === code))
      .map(({ code, name, level, divisionCode }) => [code, name, level, divisionCode]),
  );
  const all = await find();
  return all.filter(({ code }) => funders.some((funder) => funder.code === code)).map(({ id }) => id);
}
