import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountStatement } from '../../src/meals/account-statement.js';
import { movementText } from '../../src/meals/movement-texts.rules.js';
import { refundCard } from '../../src/meals/refund-card.js';
import { topUpCard } from '../../src/meals/top-up-card.js';
import type { Scope } from '../../src/network/scope.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, balanceOf, buildTown, type Diner, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let diner: Diner;

const at = (day: string, time = '12:00') => new Date(`2026-${day}T${time}:00+08:00`);

/** Money in January, a meal at the very end of February and two movements in March. */
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  diner = await addDiner(town, { balanceFen: 0 });
  await paid(topUpCard, 5000, at('01-05'));
  await paid(topUpCard, 700, at('02-28', '23:59'));
  await paid(topUpCard, 1000, at('03-01', '00:00'));
  await intakeOf(town).record(tap(town, { cardUid: diner.uid }));
  await paid(refundCard, 300, at('03-11'));
});
afterAll(() => open.drop());

async function paid(pay: typeof topUpCard | typeof refundCard, fen: number, now: Date) {
  const id = await town.ids.take(1);
  const request = {
    id,
    requestId: randomUUID(),
    cardUid: diner.uid,
    fen,
    fenMax: 10_000,
    byId: town.managerId,
    now,
  };
  const result = await open.database.write((manager) => pay(manager, request, 'everywhere'));
  expect(result).toMatchObject({ uid: diner.uid });
}

const statement = (month: string, scope: Scope = 'everywhere', elderId = diner.elderId) =>
  open.database.read((manager) => accountStatement(manager, { elderId, month }, scope, today));

it('begins with what was there, names every movement, and ends with what is there', async () => {
  const march = await statement('2026-03');
  expect(march).toMatchObject({ openingFen: 5700, closingFen: 5500 });
  expect(march?.movements).toEqual([
    {
      bookedOn: '2026-03-01',
      postedAt: at('03-01', '00:00'),
      kind: 'TOP_UP',
      fen: 1000,
      balanceFen: 6700,
      meal: null,
    },
    {
      bookedOn: '2026-03-10',
      postedAt: at('03-10'),
      kind: 'SWIPE',
      fen: -900,
      balanceFen: 5800,
      meal: { canteenId: town.canteenIds[0], meal: 'LUNCH', mealDate: '2026-03-10' },
    },
    {
      bookedOn: '2026-03-11',
      postedAt: at('03-11'),
      kind: 'REFUND',
      fen: -300,
      balanceFen: 5500,
      meal: null,
    },
  ]);
  expect(march?.closingFen).toBe(await balanceOf(town, diner.elderId));
});

it('follows the one of the month before, months without movements too', async () => {
  const months = ['2025-12', '2026-01', '2026-02', '2026-03', '2026-04'];
  const statements = await Promise.all(months.map((month) => statement(month)));
  expect(statements.map((each) => [each?.openingFen, each?.closingFen])).toEqual([
    [0, 0],
    [0, 5000],
    [5000, 5700],
    [5700, 5500],
    [5500, 5500],
  ]);
  expect(statements[4]?.movements).toEqual([]);
});

it('is nobody’s to see outside the scope', async () => {
  expect(await statement('2026-03', [town.canteenIds[0]])).toBeUndefined();
  expect(await statement('2026-03', 'everywhere', 999_999)).toBeUndefined();
  expect(await statement('2026-03', [town.stationId])).toMatchObject({ openingFen: 5700 });
});

describe('the text of a movement', () => {
  it.each([
    ['SWIPE', '用餐：2026-03-10 午餐', 'Meal: lunch of 2026-03-10'],
    ['VOID', '撤销用餐：2026-03-10 午餐', 'Meal taken back: lunch of 2026-03-10'],
    [
      'REVIEW',
      '用餐（审核后由本人承担）：2026-03-10 午餐',
      'Meal, charged after a review: lunch of 2026-03-10',
    ],
  ] as const)('%s', (kind, zh, en) => {
    const movement = { kind, meal: { canteenId: 1, meal: 'LUNCH', mealDate: '2026-03-10' } } as const;
    expect([movementText(movement, 'zh'), movementText(movement, 'en')]).toEqual([zh, en]);
  });

  it('of money at a counter names no meal', () => {
    expect(movementText({ kind: 'CLOSING', meal: null }, 'zh')).toBe('销户退款');
  });
});
