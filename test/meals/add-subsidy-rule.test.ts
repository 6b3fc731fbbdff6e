import { afterAll, beforeAll, expect, it } from 'vitest';
import { addFunder } from '../../src/meals/add-funder.js';
import { addSubsidyRule, type NewSubsidyRule } from '../../src/meals/add-subsidy-rule.js';
import { readCanteenTerms, termsKey } from '../../src/meals/canteen-terms.js';
import { expectAuditClean } from '../support/audited.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, countRows, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

const supper: NewSubsidyRule = {
  code: 'DINNER-70',
  version: 1,
  facilityCode: 'COUNTY',
  funderCode: 'BUREAU',
  meal: 'DINNER',
  ageMin: 70,
  amountFen: 250,
  fromDay: '2026-01-01',
  toDay: null,
};

function add(change: Partial<NewSubsidyRule> = {}) {
  return open.database.write((manager) => addSubsidyRule(manager, { ...supper, ...change }));
}

async function refusalOf(work: Promise<object>): Promise<string> {
  const result = await work;
  return 'refused' in result && 'field' in result ? `${result.refused} ${result.field}` : 'done';
}

/** Versions of a rule over their days, as a canteen beneath its facility sees them. */
async function versionsOf(code: string): Promise<string[]> {
  const key = { canteenId: town.canteenIds[0], day: '2026-03-10' };
  const terms = await open.database.read((manager) => readCanteenTerms(manager, [key]));
  const rules = terms.get(termsKey(key))?.rules.filter((rule) => rule.code === code) ?? [];
  return rules
    .sort((one, other) => one.version - other.version)
    .map((rule) => `${rule.version} ${rule.fromDay} ${rule.toDay} ${rule.amountFen} ${rule.funderName}`);
}

it('a funder has an account in the ledger', async () => {
  const before = await countRows(open, 'ledger_account');
  const funder = { code: 'DONOR-1', name: ' 福彩公益金 ' };
  expect(await open.database.write((manager) => addFunder(manager, funder))).toEqual({
    id: expect.any(Number),
    code: 'DONOR-1',
    name: '福彩公益金',
  });
  expect(await countRows(open, 'ledger_account')).toBe(before + 1);
  const refusal = (code: string, name: string) =>
    refusalOf(open.database.write((manager) => addFunder(manager, { code, name })));
  expect(await refusal('DONOR-1', 'again')).toBe('CODE_TAKEN code');
  for (const code of ['', 'donor-1', 'DONOR 1', 'A'.repeat(33)]) {
    expect(await refusal(code, 'x')).toBe('CODE_INVALID code');
  }
  for (const name of ['', ' ', 'a\nb', 'x'.repeat(101)])
    expect(await refusal('B', name)).toBe('NAME_INVALID name');
  expect(await countRows(open, 'ledger_account')).toBe(before + 1);
});

it('a later version ends the one without an end, and no other', async () => {
  expect(await add()).toEqual({ code: 'DINNER-70', version: 1, endedVersion: null });
  const second = { version: 2, fromDay: '2026-05-01', toDay: '2026-08-01', amountFen: 1_000_000 };
  expect(await add(second)).toEqual({ code: 'DINNER-70', version: 2, endedVersion: 1 });
  const third = { version: 3, fromDay: '2026-08-01', funderCode: 'DONOR-1', amountFen: 1 };
  expect(await add(third)).toEqual({ code: 'DINNER-70', version: 3, endedVersion: null });
  const versions = [
    '1 2026-01-01 2026-05-01 250 市民政局',
    '2 2026-05-01 2026-08-01 1000000 市民政局',
    '3 2026-08-01 null 1 福彩公益金',
  ];
  expect(await versionsOf('DINNER-70')).toEqual(versions);

  const overlap = 'VERSIONS_OVERLAP fromDay';
  expect(await refusalOf(add({ version: 4, fromDay: '2026-07-31' }))).toBe(overlap);
  expect(await refusalOf(add({ version: 4, fromDay: '2026-08-01' }))).toBe(overlap);
  expect(await refusalOf(add({ version: 4, fromDay: '2025-01-01', toDay: '2026-01-02' }))).toBe(overlap);
  expect(await refusalOf(add({ version: 3, fromDay: '2027-01-01' }))).toBe('VERSION_TAKEN version');
  expect(await versionsOf('DINNER-70')).toEqual(versions);
  expect(await add({ version: 4, fromDay: '2025-01-01', toDay: '2026-01-01' })).toMatchObject({ version: 4 });
});

it('refuses, by name and writing nothing', async () => {
  const before = await countRows(open, 'subsidy_rule');
  const refusals: [Partial<NewSubsidyRule>, string][] = [
    [{ code: 'dinner' }, 'CODE_INVALID code'],
    [{ version: 0 }, 'VERSION_INVALID version'],
    [{ meal: 'SUPPER' }, 'MEAL_UNKNOWN meal'],
    [{ ageMin: 151 }, 'AGE_OUT_OF_RANGE ageMin'],
    [{ amountFen: 0 }, 'AMOUNT_OUT_OF_RANGE amountFen'],
    [{ amountFen: 1_000_001 }, 'AMOUNT_OUT_OF_RANGE amountFen'],
    [{ fromDay: '2026-02-30' }, 'DATE_OUT_OF_RANGE fromDay'],
    [{ toDay: '2026-01-01' }, 'DATE_OUT_OF_RANGE toDay'],
    [{ toDay: 'tomorrow' }, 'DATE_OUT_OF_RANGE toDay'],
    [{ facilityCode: 'county' }, 'FACILITY_UNKNOWN facility'],
    [{ funderCode: 'bureau' }, 'FUNDER_UNKNOWN funder'],
  ];
  for (const [change, refusal] of refusals) {
    expect(await refusalOf(add({ code: 'OTHER', ...change }))).toBe(refusal);
  }
  expect(await countRows(open, 'subsidy_rule')).toBe(before);
});

it('of ten first versions at once one is added', async () => {
  const versions = Array.from({ length: 10 }, (_, index) => add({ code: 'RACE', version: index + 1 }));
  const results = await Promise.all(versions.map(refusalOf));
  expect(results.filter((result) => result === 'done')).toHaveLength(1);
  expect(await versionsOf('RACE')).toHaveLength(1);
});
