import { parseCsv } from 'hucre/csv';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { brokenOperatorShares } from '../../src/meals/audit-operators.js';
import { addSubsidyRules } from '../../src/meals/rules/add-subsidy-rule.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import { cityRules } from '../support/rule-cases.js';
import { at, type Office, openOffice } from '../support/settlement.js';
import { addDiner, type Diner } from '../support/town.js';

let office: Office;
let oldest: Diner[];

/** Beijing's table, for this city's district: 3 yuan to the operator per person and day on basic care. */
beforeAll(async () => {
  office = await openOffice();
  const { funders, ruleSets } = cityRules('beijing');
  const file = { ruleSets, funders: funders.map((funder) => ({ ...funder, divisionCode: '411302' })) };
  const added = await office.server.database.write((manager) =>
    addSubsidyRules(manager, { file, facilityCode: 'CITY', approved: true }, at('2026-03-10T08:00:00')),
  );
  if (isRefusal(added)) throw new Error(added.message.en);
  oldest = [];
  for (let count = 0; count < 2; count += 1) {
    oldest.push(await addDiner(office.town, { birthDate: '1940-01-01', balanceFen: 100_000 }));
  }
});
afterAll(() => office.server.close());

const now = (text: string) => office.server.clock.set(at(text), 0);
const elder = (index: number) => oldest[index] as Diner;

async function statement(month: string) {
  const { body } = await office.ask<{
    canteenStatement: { sums: Record<string, number>; shares: { part: string; code: string }[] };
  }>(
    'finance',
    `{ canteenStatement(canteenId: ${office.canteenId}, month: "${month}") {
        sums { meals subsidyFen operatorFen } shares { part code units fen } } }`,
  );
  const { sums, shares } = body.data.canteenStatement;
  return { sums, operator: shares.filter(({ part }) => part.startsWith('OPERATOR')) };
}

async function operatorBalance(from: string, to: string) {
  const { body } = await office.ask<{
    trialBalance: { sumFen: number; lines: Record<string, unknown>[] };
  }>(
    'finance',
    `{ trialBalance(from: "${from}", to: "${to}", by: CANTEEN) { sumFen lines { canteen { id } operatorFen funderFen } } }`,
  );
  const { sumFen, lines } = body.data.trialBalance;
  return { sumFen, lines: lines.filter(({ canteen }) => canteen !== null) };
}

async function walk(month: string): Promise<void> {
  const note = ', note: "P-1"';
  expect(await office.step('canteen', 'submitStatement', month)).toBe('SUBMITTED');
  expect(await office.step('street', 'reviewStatement', month)).toBe('REVIEWED');
  expect(await office.step('county', 'signStatement', month)).toBe('SIGNED');
  expect(await office.step('finance', 'payStatement', month, note)).toBe('PAID');
  expect(await office.step('finance2', 'freezeStatement', month)).toBe('FROZEN');
}

const march = { part: 'OPERATOR_PERSON', code: 'BJ-DISTRICT', units: 4, fen: 1200 };
const swipes: string[] = [];

it('a draft shows what the operator would get, by funder, with the persons and days it rests on', async () => {
  swipes.push(await office.eat(elder(0), '2026-03-11'));
  swipes.push(await office.eat(elder(0), '2026-03-12'));
  swipes.push(await office.eat(elder(1), '2026-03-12'));
  swipes.push(await office.eat(elder(1), '2026-03-13'));
  // One of 76 is not on basic care: another rule pays for the meal, and nobody the operator.
  await office.eat(await office.diner(), '2026-03-12');
  expect(await statement('2026-03')).toEqual({
    sums: { meals: 5, subsidyFen: 4 * 500 + 300, operatorFen: 1200 },
    operator: [march],
  });
});

it('is fixed with the month, owed from its signature on, and in the document', async () => {
  // Eaten in March, uploaded in April: it is April's to settle.
  await office.eat(elder(0), '2026-03-31', '2026-04-01T00:10:00');
  now('2026-04-02T09:00:00');
  expect((await operatorBalance('2026-04-01', '2026-05-01')).lines[0]).toMatchObject({ operatorFen: 0 });
  await walk('2026-03');
  expect((await statement('2026-03')).operator).toEqual([march]);
  expect(await operatorBalance('2026-04-01', '2026-05-01')).toEqual({
    sumFen: 0,
    lines: [{ canteen: { id: String(office.canteenId) }, operatorFen: 1200, funderFen: -1200 - 500 }],
  });
  const { bytes } = await office.download('finance', `${office.canteenId}/2026-03.csv`);
  const rows = parseCsv(bytes.toString('utf8')) as unknown[][];
  const texts = rows.map((row) => row.map(String));
  const share = texts.find(([, part]) => part === '运营补贴（按人次）') ?? [];
  expect([...share.slice(0, 3), share[9]]).toEqual(['朝阳区民政局', '运营补贴（按人次）', '4', '12.00']);
  expect(texts.find(([head]) => head === '应拨付合计')?.[9]).toBe(((4 * 500 + 300 + 1200) / 100).toFixed(2));
});

it('what comes late and what is taken back corrects it in the next month', async () => {
  const { body } = await office.ask<{ correctSwipe: { __typename: string } }>(
    'canteen',
    `mutation { correctSwipe(swipeId: "${swipes[2]}", reason: "错刷") { __typename } }`,
  );
  expect(body.data.correctSwipe.__typename).toBe('SwipeReceipt');
  // One person and day more of March, one less, and two of April.
  await office.eat(elder(0), '2026-04-03');
  await office.eat(elder(1), '2026-04-03');
  expect((await statement('2026-04')).operator).toEqual([{ ...march, units: 2, fen: 600 }]);
  now('2026-05-02T09:00:00');
  await walk('2026-04');
  expect((await statement('2026-04')).operator).toEqual([{ ...march, units: 2, fen: 600 }]);
  expect((await statement('2026-03')).operator).toEqual([march]);
  await expectAuditClean(office.server.database);
});

it('the audit computes it from the swipes, and sees what was changed', async () => {
  const broken = async () => {
    const found: string[] = [];
    await office.server.database.read(async (manager) => {
      for await (const { what } of brokenOperatorShares(manager)) found.push(what);
    });
    return found;
  };
  expect(await broken()).toEqual([]);
  await office.server.database.write((manager) =>
    manager.query("UPDATE statement_share SET units = 5 WHERE part = 'OPERATOR_PERSON' AND units = 4"),
  );
  expect(await broken()).toEqual(['stored 5 for 1200 fen, due 4 for 1200 fen']);
});
