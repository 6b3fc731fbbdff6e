import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decideReview } from '../../src/meals/decide-review.js';
import {
  type TrialBalanceAsked,
  type TrialBalanceLine,
  trialBalance,
  trialBalanceQuery,
} from '../../src/meals/trial-balance.js';
import type { Scope } from '../../src/network/scope.js';
import { insertRows } from '../../src/shared/statements.js';
import { statementsOf } from '../support/count-statements.js';
import { intakeOf, tap } from '../support/taps.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, today, topUp } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;

/** Two diners of this county and one of the other eat here; a review of 10 yuan goes to the bureau. */
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  const intake = intakeOf(town);
  const local = await addDiner(town, { balanceFen: 10_000 });
  const guest = await addDiner(town, { balanceFen: 3000, homeStationId: town.otherStationId });
  const poor = await addDiner(town, { balanceFen: 0 });
  await intake.record(tap(town, { cardUid: local.uid }));
  await intake.record(tap(town, { cardUid: guest.uid }, { canteen: 1 }));
  const reviewed = tap(town, { cardUid: poor.uid, offline: true, grossFen: 1000 });
  await intake.record(reviewed);
  const decision = {
    requestId: randomUUID(),
    swipeId: reviewed.command.swipeId,
    bornBy: 'FUNDER',
    funderCode: 'BUREAU',
    note: '核实',
    byId: town.managerId,
    now: new Date('2026-04-02T09:00:00+08:00'),
    postingId: await town.ids.take(1),
  } as const;
  await open.database.write((manager) => decideReview(manager, decision, 'everywhere'));
  await topUp(town, poor.uid, 50);
});
afterAll(() => open.drop());

const wide = { from: '2026-01-01', to: '2026-12-31' };

function asked(
  by: TrialBalanceAsked['by'],
  scope: Scope = 'everywhere',
  more: Partial<TrialBalanceAsked> = {},
) {
  return open.database.read((manager) => trialBalance(manager, { ...wide, by, ...more }, scope, today));
}

const linesOf = async (...of: Parameters<typeof asked>) => (await asked(...of)) as TrialBalanceLine[];

const line = (
  key: string | null,
  funderFen: number,
  receivableFen: number,
  discountFen: number,
  elderFen: number,
  cashFen: number,
) => ({
  key,
  funderFen,
  donorFen: 0,
  receivableFen,
  discountFen,
  elderFen,
  cashFen,
  operatorFen: 0,
});

const sumOf = (lines: readonly TrialBalanceLine[]) =>
  lines.reduce(
    (total, { funderFen, receivableFen, discountFen, elderFen, cashFen }) =>
      total + funderFen + receivableFen + discountFen + elderFen + cashFen,
    0,
  );

it('by canteen: each line sums to zero, counters have their own', async () => {
  const lines = await linesOf('CANTEEN');
  expect(lines).toEqual([
    line(null, 0, 0, 0, 13_050, -13_050),
    line(String(town.canteenIds[0]), -300 - 1000, 1200 + 1000, 0, -900, 0),
    line(String(town.canteenIds[1]), -300, 1200, 0, -900, 0),
  ]);
  for (const each of lines) expect(sumOf([each])).toBe(0);
});

it('by funder, day and month says the same in other lines', async () => {
  expect(await asked('FUNDER')).toEqual([
    line(null, 0, 3400, 0, 11_250, -13_050),
    line(String(town.funderId), -1600, 0, 0, 0, 0),
  ]);
  const march = line('2026-03', -600, 3400, -1000, 11_250, -13_050);
  expect(await asked('MONTH')).toEqual([march, line('2026-04', -1000, 0, 1000, 0, 0)]);
  expect(await asked('DAY')).toEqual([
    { ...march, key: '2026-03-10' },
    line('2026-04-02', -1000, 0, 1000, 0, 0),
  ]);
});

it('of a place has the meals of its canteens and the money of its stations, and sums to zero', async () => {
  expect(await asked('CANTEEN', [town.otherCountyId])).toEqual([line(null, 0, 0, 0, 3000, -3000)]);
  expect(await asked('CANTEEN', [town.canteenIds[1]])).toEqual([
    line(String(town.canteenIds[1]), -300, 1200, 0, -900, 0),
  ]);
  expect(await asked('MONTH', [town.countyId], { within: town.otherCountyId })).toEqual([]);
  expect(await asked('MONTH', [])).toEqual([]);
  expect(await asked('DAY', [town.cityId], { from: '2026-03-11', to: '2026-04-02' })).toEqual([]);
  for (const by of ['FUNDER', 'CANTEEN', 'DAY', 'MONTH'] as const) {
    for (const scope of ['everywhere', [town.cityId], [town.countyId], [town.stationId]] as const) {
      expect(sumOf(await linesOf(by, scope))).toBe(0);
    }
  }
});

it('takes three statements, however much was booked', async () => {
  const { statements } = await statementsOf(open.database, () =>
    asked('CANTEEN', [town.cityId], { within: town.countyId }),
  );
  expect(statements.length).toBeLessThanOrEqual(3);
});

it('refuses what is too much at once, naming the latest end that is not, and never a single day', async () => {
  const all = await linesOf('DAY');
  const postings: { day: string; count: number }[] = await open.database.read((manager) =>
    manager.query(
      'SELECT CAST(bookedOn AS CHAR) AS day, COUNT(*) AS count FROM ledger_posting GROUP BY bookedOn ORDER BY bookedOn',
    ),
  );
  const [first, second] = postings.map(({ count }) => Number(count)) as [number, number];
  expect(postings).toHaveLength(2);
  expect(await asked('DAY', 'everywhere', { postingsMax: first + second })).toEqual(all);
  for (const postingsMax of [first, first + second - 1]) {
    expect(await asked('DAY', 'everywhere', { postingsMax })).toEqual({
      refused: 'TOO_MUCH_BOOKED',
      field: ['to'],
      message: {
        zh: expect.stringContaining('截止日最晚可为 2026-04-02'),
        en: expect.stringContaining('at latest on 2026-04-02'),
      },
    });
  }
  const few = { from: '2026-03-10', postingsMax: 1 };
  expect(await asked('DAY', 'everywhere', few)).toMatchObject({
    message: { en: expect.stringContaining('at latest on 2026-03-11') },
  });
  expect(await asked('DAY', 'everywhere', { ...few, to: '2026-03-11' })).toEqual(all.slice(0, 1));
});

/** Enough past days that an index is worth its while, on whichever engine. */
it('begins with the days by their index, as few of many they are', async () => {
  const firstId = await town.ids.take(4000);
  const postings = Array.from({ length: 4000 }, (_, index) => {
    const day = `20${10 + (index % 10)}-0${1 + (index % 9)}-1${index % 10}`;
    return [firstId + index, 'TOP_UP', firstId + index, day, 0];
  });
  await open.database.write(async (manager) => {
    await insertRows(manager, 'ledger_posting', ['id', 'kind', 'sourceId', 'bookedOn', 'postedAt'], postings);
    const entries = postings.flatMap(([id]) => [
      [id, 1, 1, 5],
      [id, 2, 2, -5],
    ]);
    await insertRows(manager, 'ledger_entry', ['postingId', 'line', 'accountId', 'fen'], entries);
    if (engine === 'mysql') await manager.query('ANALYZE TABLE ledger_posting, ledger_entry');
  });
  const month = { from: '2026-03-01', to: '2026-04-01', by: 'CANTEEN' } as const;
  const { sql, parameters } = trialBalanceQuery(month, [town.cityId], today);
  const explain = engine === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
  const plan: object[] = await open.database.read((manager) =>
    manager.query(`${explain} ${sql}`, [...parameters]),
  );
  const steps = plan.map((step) => JSON.stringify(step)).join('\n');
  expect(steps).toContain('ix_posting_booked');
  expect(steps).not.toMatch(/SCAN (p|m|n)\b|"table":"(p|m|n)","type":"(ALL|index)"/);
});
