import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ElderEnding, endElder } from '../../src/elders/end-elder.js';
import { type InstitutionStays, stayKey } from '../../src/elders/institution-stays.js';
import { canteenSettlement } from '../../src/meals/canteen-settlement.js';
import { decideReview, type ReviewDecision } from '../../src/meals/decide-review.js';
import { findReview } from '../../src/meals/find-reviews.js';
import { openLateReviews, openReviewsAfterEnd } from '../../src/meals/open-late-reviews.js';
import { SwipeRecorder } from '../../src/meals/swipe-recorder.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import type { Scope } from '../../src/network/scope.js';
import { placeholders } from '../../src/shared/statements.js';
import { expectAuditClean } from '../support/audited.js';
import { intakeOf, limits, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, balanceOf, buildTown, type Diner, noon, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let diner: Diner;

/** Stays as whoever keeps beds would: a row for an elder from a day on. */
const stays: InstitutionStays = {
  async on(manager, elderIds, days) {
    const rows: { elderId: number; fromDay: string }[] = await manager.query(
      `SELECT elderId, fromDay FROM test_stay WHERE elderId IN (${placeholders(elderIds) || 'NULL'})`,
      [...elderIds],
    );
    return new Set(
      rows.flatMap(({ elderId, fromDay }) =>
        days.filter((day) => day >= fromDay).map((day) => stayKey(elderId, day)),
      ),
    );
  },
};

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  await open.writer.query('CREATE TABLE test_stay (elderId integer NOT NULL, fromDay varchar(10) NOT NULL)');
});
beforeEach(async () => {
  diner = await addDiner(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

const at = (day: string) => new Date(`${day}T12:00:00+08:00`);

/** Lunch of 12 yuan, of which the bureau bears 2 before the 10th of March and 3 from then on. */
async function eaten(day: string): Promise<string> {
  const { database, ids } = town;
  const intake = intakeOf(town, { recorder: new SwipeRecorder({ database, ids, limits, stays }) });
  const request = tap(town, { cardUid: diner.uid, swipedAt: at(day), offline: day !== today });
  const answer = await intake.record(request);
  expect(answer).toMatchObject({ outcome: 'ACCEPTED', receipt: { subsidyFen: day < today ? 200 : 300 } });
  return request.command.swipeId;
}

const end = (on: string, status: ElderEnding = 'DECEASED') =>
  open.database.write((manager) =>
    endElder(manager, { elderId: diner.elderId, status, on }, 'everywhere', today, [openReviewsAfterEnd]),
  );

const stayed = (fromDay: string, toDay: string | null) =>
  open.database.write((manager) =>
    openLateReviews(manager, { elderId: diner.elderId, reason: 'STAY_ENTERED_LATE', fromDay, toDay }),
  );

const reviewOf = (swipeId: string) =>
  open.database.read((manager) => findReview(manager, swipeId, 'everywhere', today));

async function decided(swipeId: string, given: Partial<ReviewDecision> = {}, scope: Scope = 'everywhere') {
  const postingId = await town.ids.take(1);
  const usual = { requestId: randomUUID(), bornBy: 'CANTEEN', funderCode: null, note: '已核实' } as const;
  const decision = { ...usual, swipeId, byId: town.managerId, now: noon, postingId, ...given };
  return open.database.write((manager) => decideReview(manager, decision, scope));
}

const refusalOf = (result: object) =>
  'refused' in result ? `${result.refused} ${(result as { field?: unknown }).field}` : 'done';

/** What all postings about a swipe left on the accounts, by their kinds. */
async function booked(swipeId: string): Promise<Record<string, number>> {
  const rows: { kind: string; fen: number | string }[] = await open.database.read((manager) =>
    manager.query(
      `SELECT a.kind, SUM(n.fen) AS fen FROM swipe s
         JOIN ledger_posting p ON p.sourceId = s.id AND p.kind IN ('SWIPE', 'REVIEW', 'VOID')
         JOIN ledger_entry n ON n.postingId = p.id JOIN ledger_account a ON a.id = n.accountId
        WHERE s.swipeId = ? GROUP BY a.kind`,
      [swipeId],
    ),
  );
  return Object.fromEntries(rows.map((row) => [row.kind, Number(row.fen)]));
}

describe('what opens a review of a subsidy', () => {
  it('a file that ended, from its day on, and nothing before it', async () => {
    const [before, on, after] = [
      await eaten('2026-03-07'),
      await eaten('2026-03-08'),
      await eaten('2026-03-09'),
    ];
    await end('2026-03-08');
    expect(await reviewOf(before)).toBeUndefined();
    const doubted = { reason: 'END_ENTERED_LATE', doubtedFen: 200, decision: null };
    expect(await reviewOf(on)).toMatchObject(doubted);
    expect(await reviewOf(after)).toMatchObject(doubted);
  });

  it('a stay, over its days, the last of them left out, and once however often it is entered', async () => {
    const swipes = [await eaten('2026-03-07'), await eaten('2026-03-08'), await eaten('2026-03-09')];
    expect(await stayed('2026-03-08', '2026-03-09')).toBe(1);
    expect(await stayed('2026-03-08', '2026-03-09')).toBe(0);
    expect(await Promise.all(swipes.map(async (id) => (await reviewOf(id))?.reason))).toEqual([
      undefined,
      'STAY_ENTERED_LATE',
      undefined,
    ]);
    // A death that becomes known too finds what nobody has looked at, and what was left with the funder.
    await decided(swipes[1] ?? '', { bornBy: 'AS_PAID' });
    await end('2026-03-08');
    expect(await reviewOf(swipes[1] ?? '')).toMatchObject({ number: 2, reason: 'END_ENTERED_LATE' });
    expect(await reviewOf(swipes[2] ?? '')).toMatchObject({ number: 1, reason: 'END_ENTERED_LATE' });
  });

  it('no meal that was voided, or that no funder paid for', async () => {
    const voided = await eaten('2026-03-08');
    const postingId = await town.ids.take(1);
    const request = { swipeId: voided, reason: '错刷', byId: town.managerId, now: noon, postingId };
    await open.database.write((manager) => voidSwipe(manager, request, 'everywhere'));
    const known = await addDiner(town);
    await open.writer.query('INSERT INTO test_stay VALUES (?, ?)', [known.elderId, '2026-01-01']);
    const { database, ids } = town;
    const intake = intakeOf(town, { recorder: new SwipeRecorder({ database, ids, limits, stays }) });
    expect((await intake.record(tap(town, { cardUid: known.uid }))).receipt?.subsidyFen).toBe(0);
    expect(await stayed('2026-03-01', null)).toBe(0);
    diner = known;
    expect(await stayed('2026-03-01', null)).toBe(0);
  });
});

describe('who bears a doubted subsidy', () => {
  let swipeId: string;
  beforeEach(async () => {
    swipeId = await eaten(today);
    await stayed(today, null);
  });

  it('the canteen: the funder has its money back', async () => {
    expect(await decided(swipeId)).toMatchObject({ decision: { bornBy: 'CANTEEN' } });
    expect(await booked(swipeId)).toEqual({
      CANTEEN_RECEIVABLE: 1200,
      CANTEEN_DISCOUNT: -300,
      FUNDER: 0,
      ELDER: -900,
    });
  });

  it('the elder, out of the balance and never below zero', async () => {
    const poor = await addDiner(town, { balanceFen: 900 + 299 });
    diner = poor;
    swipeId = await eaten(today);
    await stayed(today, null);
    expect(refusalOf(await decided(swipeId, { bornBy: 'ELDER' }))).toBe('BALANCE_TOO_LOW bornBy');
    diner = await addDiner(town, { balanceFen: 1200 });
    swipeId = await eaten(today);
    await stayed(today, null);
    await decided(swipeId, { bornBy: 'ELDER' });
    expect(await balanceOf(town, diner.elderId)).toBe(0);
    expect(await booked(swipeId)).toMatchObject({ CANTEEN_DISCOUNT: 0, FUNDER: 0, ELDER: -1200 });
  });

  it('as paid, where the subsidy stands, but not after the file had ended', async () => {
    await decided(swipeId, { bornBy: 'AS_PAID' });
    expect(await booked(swipeId)).toMatchObject({ CANTEEN_DISCOUNT: 0, FUNDER: -300, ELDER: -900 });
    diner = await addDiner(town);
    const [before, on] = [await eaten('2026-03-08'), await eaten('2026-03-09')];
    await end('2026-03-08');
    expect(refusalOf(await decided(on, { bornBy: 'AS_PAID' }))).toBe('ELDER_NOT_ENTITLED bornBy');
    expect(await decided(before, { bornBy: 'AS_PAID' })).toMatchObject({ decision: { bornBy: 'AS_PAID' } });
  });

  it('that the subsidy stays is decided above the canteen, too', async () => {
    const [canteenId] = town.canteenIds;
    const asPaid = { bornBy: 'AS_PAID' } as const;
    expect(refusalOf(await decided(swipeId, asPaid, [canteenId]))).toBe('SUPERVISOR_NEEDED bornBy');
    expect(await decided(swipeId, asPaid, [town.countyId])).toMatchObject({
      decision: { bornBy: 'AS_PAID' },
    });
  });

  it('no other funder; and as paid is nothing for a meal that nobody has paid yet', async () => {
    const other = { bornBy: 'FUNDER', funderCode: 'BUREAU' } as const;
    expect(refusalOf(await decided(swipeId, other))).toBe('BEARER_NOT_FITTING bornBy');
    const poor = await addDiner(town, { balanceFen: 0 });
    const unpaid = tap(town, { cardUid: poor.uid, offline: true });
    await intakeOf(town).record(unpaid);
    const asPaid = { bornBy: 'AS_PAID' } as const;
    expect(refusalOf(await decided(unpaid.command.swipeId, asPaid))).toBe('BEARER_NOT_FITTING bornBy');
  });

  it('is decided once, and a void after it gives everybody back what they paid', async () => {
    const results = await Promise.all(
      (['CANTEEN', 'ELDER', 'AS_PAID', 'ELDER'] as const).map((bornBy) => decided(swipeId, { bornBy })),
    );
    expect(results.filter((result) => refusalOf(result) === 'ALREADY_DECIDED swipeId')).toHaveLength(3);
    const postingId = await town.ids.take(1);
    const request = { swipeId, reason: '错刷', byId: town.managerId, now: noon, postingId };
    await open.database.write((manager) => voidSwipe(manager, request, 'everywhere'));
    expect(Object.values(await booked(swipeId)).every((fen) => fen === 0)).toBe(true);
    expect(await balanceOf(town, diner.elderId)).toBe(10_000);
  });

  it('lets no dispute give the funder the same money once more', async () => {
    const rows = await open.database.read((manager) =>
      manager.query('SELECT id FROM swipe WHERE swipeId = ?', [swipeId]),
    );
    const sourceId = Number(rows[0].id);
    const line = { disputeId: 1, postingId: sourceId, sourceId, facilityId: town.canteenIds[0] };
    const may = () => open.database.write((manager) => canteenSettlement.canUphold(manager, line));
    expect(await may()).toBe(true);
    await decided(swipeId);
    expect(await may()).toBe(false);
  });
});

it('a stay that is entered while the elder swipes finds the meal, or the meal finds the stay', async () => {
  const diners = await Promise.all(Array.from({ length: 24 }, () => addDiner(town)));
  const { database, ids } = town;
  const intake = intakeOf(town, { recorder: new SwipeRecorder({ database, ids, limits, stays }) });
  const enter = (elderId: number) => async (manager: EntityManager) => {
    await manager.query('INSERT INTO test_stay VALUES (?, ?)', [elderId, today]);
    return openLateReviews(manager, { elderId, reason: 'STAY_ENTERED_LATE', fromDay: today, toDay: null });
  };
  const results = await Promise.all(
    diners.map(async ({ elderId, uid }, index) => {
      // Some stays are entered a little later, so that either comes first.
      const entering = async () => {
        await new Promise((resolve) => setTimeout(resolve, index % 4));
        return open.database.write(enter(elderId));
      };
      const [opened, answer] = await Promise.all([entering(), intake.record(tap(town, { cardUid: uid }))]);
      expect(answer.outcome).toBe('ACCEPTED');
      return [opened, answer.receipt?.subsidyFen];
    }),
  );
  for (const result of results)
    expect([
      [0, 0],
      [1, 300],
    ]).toContainEqual(result);
});
