import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Elder } from '../../entities/index.js';
import { canteenDay } from '../../src/meals/canteen-day.js';
import { decideReview, type ReviewDecision } from '../../src/meals/decide-review.js';
import { findOpenReviews, openReviewsQuery } from '../../src/meals/find-reviews.js';
import { mealTotals } from '../../src/meals/meal-totals.js';
import * as months from '../../src/meals/month-state.js';
import type { SwipeIntake } from '../../src/meals/swipe-intake.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import type { Scope } from '../../src/network/scope.js';
import { expectAuditClean } from '../support/audited.js';
import { intakeOf, tap } from '../support/taps.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';
import {
  addDiner,
  balanceOf,
  buildTown,
  countRows,
  type Diner,
  noon,
  type Town,
  today,
  topUp,
} from '../support/town.js';

let open: TestDatabase;
let town: Town;
let intake: SwipeIntake;
let funderCode: string;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  intake = intakeOf(town);
  const rows = await open.database.read((manager) => manager.query('SELECT code FROM funder ORDER BY id'));
  funderCode = rows[0].code;
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

async function decided(swipeId: string, given: Partial<ReviewDecision> = {}, scope: Scope = 'everywhere') {
  const postingId = await town.ids.take(1);
  const usual = { requestId: randomUUID(), bornBy: 'CANTEEN', funderCode: null, note: '已核实' } as const;
  const decision = { ...usual, swipeId, byId: town.managerId, now: noon, postingId, ...given };
  return open.database.write((manager) => decideReview(manager, decision, scope));
}

async function voided(swipeId: string) {
  const postingId = await town.ids.take(1);
  const request = { swipeId, reason: '错刷', byId: town.managerId, now: noon, postingId };
  return open.database.write((manager) => voidSwipe(manager, request, 'everywhere'));
}

/** A meal of 12 yuan that a diner without money had offline. */
async function reviewed(
  diner: Diner,
  command: Parameters<typeof tap>[1] | Record<string, unknown> = {},
): Promise<string> {
  const request = tap(town, { offline: true, ...command, cardUid: diner.uid });
  expect((await intake.record(request)).outcome).toBe('RECORDED_FOR_REVIEW');
  return request.command.swipeId;
}

/** What a posting left on the accounts, by their kinds. */
async function postedFor(swipeId: string, kind: string): Promise<Record<string, number>> {
  const rows: { kind: string; fen: number | string }[] = await open.database.read((manager) =>
    manager.query(
      `SELECT a.kind, SUM(n.fen) AS fen FROM swipe s
         JOIN ledger_posting p ON p.sourceId = s.id AND p.kind = ?
         JOIN ledger_entry n ON n.postingId = p.id JOIN ledger_account a ON a.id = n.accountId
        WHERE s.swipeId = ? GROUP BY a.kind`,
      [kind, swipeId],
    ),
  );
  return Object.fromEntries(rows.map((row) => [row.kind, Number(row.fen)]));
}

const refusalOf = (result: object) =>
  'refused' in result ? `${result.refused} ${(result as { field?: unknown }).field}` : 'done';

const openIn = (scope: Scope, filter = {}, rowsMax = 100) =>
  open.database.read((manager) =>
    findOpenReviews(manager, filter, { after: undefined, rowsMax }, scope, today),
  );

describe('who bears a meal for review', () => {
  let diner: Diner;
  let swipeId: string;
  beforeEach(async () => {
    diner = await addDiner(town, { balanceFen: 0 });
    swipeId = await reviewed(diner);
  });

  it('the canteen: nothing moves, and the decision is kept with who, when and why', async () => {
    const review = await decided(swipeId, { note: ' 食堂认可 ' });
    expect(review).toMatchObject({
      swipeId,
      reason: 'INSUFFICIENT_BALANCE',
      grossFen: 1200,
      elderName: '王**',
      decision: { bornBy: 'CANTEEN', funder: null, note: '食堂认可', decidedAt: noon, decidedBy: 'manager' },
    });
    expect(await postedFor(swipeId, 'REVIEW')).toEqual({ CANTEEN_DISCOUNT: 0 });
  });

  it('the elder: out of the balance, and never below zero', async () => {
    await topUp(town, diner.uid, 1199);
    expect(refusalOf(await decided(swipeId, { bornBy: 'ELDER' }))).toBe('BALANCE_TOO_LOW bornBy');
    await topUp(town, diner.uid, 1);
    expect(await decided(swipeId, { bornBy: 'ELDER' })).toMatchObject({ decision: { bornBy: 'ELDER' } });
    expect(await balanceOf(town, diner.elderId)).toBe(0);
    expect(await postedFor(swipeId, 'REVIEW')).toEqual({ CANTEEN_DISCOUNT: 1200, ELDER: -1200 });
  });

  it('a funder: the meal of the day is the elder’s then, and no second one is subsidised', async () => {
    const other = await reviewed(diner);
    const asked = { bornBy: 'FUNDER', funderCode } as const;
    expect(await decided(swipeId, asked)).toMatchObject({ decision: { bornBy: 'FUNDER', funderCode } });
    expect(await postedFor(swipeId, 'REVIEW')).toEqual({ CANTEEN_DISCOUNT: 1200, FUNDER: -1200 });
    expect(refusalOf(await decided(other, asked))).toBe('MEAL_ALREADY_TAKEN bornBy');
    await topUp(town, diner.uid, 5000);
    expect((await intake.record(tap(town, { cardUid: diner.uid }))).outcome).toBe('MEAL_ALREADY_TAKEN');
    // Taken back, it gives the meal free again.
    await voided(swipeId);
    expect(await decided(other, asked)).toMatchObject({ decision: { bornBy: 'FUNDER' } });
  });

  it('a funder by a decision from above alone: the canteen may bear it, and may not have it borne', async () => {
    const asked = { bornBy: 'FUNDER', funderCode } as const;
    const [canteenId] = town.canteenIds;
    const before = await countRows(open, 'ledger_posting');
    expect(refusalOf(await decided(swipeId, asked, [canteenId]))).toBe('SUPERVISOR_NEEDED bornBy');
    // A grant at a neighbour, or at what lies beneath nobody, is none above it either.
    const sideways = [canteenId, town.canteenIds[1], town.stationId];
    expect(refusalOf(await decided(swipeId, asked, sideways))).toBe('SUPERVISOR_NEEDED bornBy');
    expect(await countRows(open, 'ledger_posting')).toBe(before);
    // Whoever manages the canteen and its street decides as the street.
    const both = [canteenId, town.streetId];
    expect(await decided(swipeId, asked, both)).toMatchObject({ decision: { bornBy: 'FUNDER' } });
    const own = await reviewed(await addDiner(town, { balanceFen: 0 }));
    expect(await decided(own, {}, [canteenId])).toMatchObject({ decision: { bornBy: 'CANTEEN' } });
  });

  it('no funder where the elder had that meal on another swipe, until that one is voided', async () => {
    await topUp(town, diner.uid, 5000);
    const accepted = tap(town, { cardUid: diner.uid }, { canteen: 1 });
    expect((await intake.record(accepted)).outcome).toBe('ACCEPTED');
    const asked = { bornBy: 'FUNDER', funderCode } as const;
    expect(refusalOf(await decided(swipeId, asked))).toBe('MEAL_ALREADY_TAKEN bornBy');
    await voided(accepted.command.swipeId);
    expect(await decided(swipeId, asked)).toMatchObject({ decision: { bornBy: 'FUNDER' } });
  });

  it('no funder for the dead, whenever the death became known', async () => {
    await open.database.write((manager) =>
      manager.update(Elder, { id: diner.elderId }, { status: 'DECEASED', endedOn: today }),
    );
    const asked = { bornBy: 'FUNDER', funderCode } as const;
    expect(refusalOf(await decided(swipeId, asked))).toBe('ELDER_NOT_ENTITLED bornBy');
    expect(await decided(swipeId)).toMatchObject({ decision: { bornBy: 'CANTEEN' } });
  });

  it('is decided once; a replay is answered as the first time, and nothing else with its id', async () => {
    const requestId = randomUUID();
    const first = await decided(swipeId, { requestId });
    expect(await decided(swipeId.toUpperCase(), { requestId: requestId.toUpperCase() })).toEqual(first);
    expect(refusalOf(await decided(swipeId, { requestId, note: '另一理由' }))).toBe(
      'REQUEST_ID_REUSED requestId',
    );
    const other = await reviewed(diner);
    expect(refusalOf(await decided(other, { requestId }))).toBe('REQUEST_ID_REUSED requestId');
    expect(refusalOf(await decided(swipeId))).toBe('ALREADY_DECIDED swipeId');
    await voided(other);
    expect(refusalOf(await decided(other))).toBe('SWIPE_VOIDED swipeId');
  });

  it('refuses rubbish by name and writes nothing', async () => {
    const accepted = tap(town, { cardUid: (await addDiner(town)).uid });
    await intake.record(accepted);
    const before = await countRows(open, 'ledger_posting');
    for (const [given, refusal] of [
      [{ requestId: 'no uuid' }, 'REQUEST_ID_MALFORMED requestId'],
      [{ note: ' ' }, 'NOTE_INVALID note'],
      [{ note: '长'.repeat(201) }, 'NOTE_INVALID note'],
      [{ note: 'a\u0000b' }, 'NOTE_INVALID note'],
      [{ bornBy: 'FUNDER' }, 'FUNDER_NOT_FITTING funderCode'],
      [{ funderCode }, 'FUNDER_NOT_FITTING funderCode'],
      [{ bornBy: 'FUNDER', funderCode: 'NOBODY' }, 'FUNDER_UNKNOWN funderCode'],
      [{ swipeId: randomUUID() }, 'REVIEW_UNKNOWN swipeId'],
      [{ swipeId: accepted.command.swipeId }, 'REVIEW_UNKNOWN swipeId'],
    ] as const) {
      expect(refusalOf(await decided(swipeId, given as Partial<ReviewDecision>))).toBe(refusal);
    }
    expect(refusalOf(await decided(swipeId, {}, [town.canteenIds[1]]))).toBe('REVIEW_UNKNOWN swipeId');
    const frozen = vi.spyOn(months, 'isMonthOpen').mockResolvedValue(false);
    expect(refusalOf(await decided(swipeId))).toBe('MONTH_CLOSED swipeId');
    expect(refusalOf(await voided(swipeId))).toBe('MONTH_CLOSED swipeId');
    frozen.mockRestore();
    expect(await countRows(open, 'ledger_posting')).toBe(before);
    expect(await decided(swipeId, {}, [town.streetId])).toMatchObject({ decision: { bornBy: 'CANTEEN' } });
  });

  it('twenty managers at once decide it once, whatever each of them wants', async () => {
    await topUp(town, diner.uid, 1200);
    const wanted = [{ bornBy: 'CANTEEN' }, { bornBy: 'ELDER' }, { bornBy: 'FUNDER', funderCode }] as const;
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => decided(swipeId, wanted[index % 3])),
    );
    expect(results.filter((result) => 'decision' in result)).toHaveLength(1);
    expect(results.filter((result) => refusalOf(result) === 'ALREADY_DECIDED swipeId')).toHaveLength(19);
  });

  it('a decision and a swipe at once never subsidise the meal twice', async () => {
    await topUp(town, diner.uid, 5000);
    const asked = { bornBy: 'FUNDER', funderCode } as const;
    const [decision, answer] = await Promise.all([
      decided(swipeId, asked),
      intake.record(tap(town, { cardUid: diner.uid }, { canteen: 1 })),
    ]);
    const told = [refusalOf(decision).split(' ')[0], answer.outcome].sort();
    expect([
      ['ACCEPTED', 'MEAL_ALREADY_TAKEN'],
      ['MEAL_ALREADY_TAKEN', 'done'],
    ]).toContainEqual(told);
  });

  it('voided after the decision, everybody has back what they paid', async () => {
    await topUp(town, diner.uid, 1200);
    await decided(swipeId, { bornBy: 'ELDER' });
    await voided(swipeId);
    expect(await balanceOf(town, diner.elderId)).toBe(1200);
    expect(await postedFor(swipeId, 'VOID')).toEqual({ CANTEEN_RECEIVABLE: -1200, ELDER: 1200 });
  });
});

it('the figures of a day follow the decision, and so do those of the network', async () => {
  const day = '2026-03-09';
  const swipedAt = new Date('2026-03-09T12:00:00+08:00');
  const poor = await addDiner(town, { balanceFen: 0 });
  const swipes = [];
  for (const meal of [0, 1, 2, 3]) {
    swipes.push(await reviewed(poor, { swipedAt, grossFen: 1000 + meal }));
  }
  await topUp(town, poor.uid, 5000);
  await decided(swipes[1] ?? '', { bornBy: 'FUNDER', funderCode });
  await decided(swipes[2] ?? '', { bornBy: 'ELDER' });
  await decided(swipes[3] ?? '');
  const figures = await open.database.read((manager) =>
    canteenDay(manager, { canteenId: town.canteenIds[0], date: day }, 'everywhere', today),
  );
  expect(figures).toMatchObject({
    meals: 4,
    forReview: 1,
    grossFen: 4006,
    subsidyFen: 1001,
    selfPaidFen: 1002,
    discountFen: 1000 + 1003,
  });
  const totals = await open.database.read((manager) => mealTotals(manager, [town.cityId], day));
  expect(totals.get(town.cityId)).toEqual({ meals: 4, subsidyFen: 1001, selfPaidFen: 1002 });
});

it('lists what is open by place, reason and day, page by page in the order of days', async () => {
  const poor = await addDiner(town, { balanceFen: 0 });
  const at = (day: number) => new Date(`2026-03-0${day}T12:00:00+08:00`);
  const later = await reviewed(poor, { swipedAt: at(7) });
  const earlier = await reviewed(poor, { swipedAt: at(6) });
  const between = { from: '2026-03-05', to: '2026-03-08' };
  const all = await openIn([town.countyId], between);
  expect(all.map(({ swipeId }) => swipeId)).toEqual([earlier, later]);
  expect(await openIn('everywhere', { ...between, from: '2026-03-07' })).toHaveLength(1);
  expect(await openIn([town.countyId], { ...between, within: town.canteenIds[1] })).toEqual([]);
  expect(await openIn([town.canteenIds[1]], { ...between, within: town.canteenIds[0] })).toEqual([]);
  expect(await openIn([town.cityId], { ...between, reason: 'CARD_NOT_ACTIVE' })).toEqual([]);
  const next = await open.database.read((manager) =>
    findOpenReviews(manager, between, { after: all[0], rowsMax: 10 }, 'everywhere', today),
  );
  expect(next.map(({ swipeId }) => swipeId)).toEqual([later]);
  await decided(earlier);
  expect(await openIn([town.canteenIds[0]], between)).toHaveLength(1);
});

it('finds what is open by its index, and cuts the page out before it joins anything', async () => {
  const page = { after: undefined, rowsMax: 10 };
  const { sql, parameters } = openReviewsQuery({}, page, [town.canteenIds[1]], today);
  const explain = engine === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
  const plan: object[] = await open.database.read((manager) =>
    manager.query(`${explain} ${sql}`, [...parameters]),
  );
  expect(JSON.stringify(plan)).toContain('ix_review_open');
});
