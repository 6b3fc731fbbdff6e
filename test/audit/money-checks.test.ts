import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { invariants } from '../../src/audit/invariants.js';
import { closeMealAccount } from '../../src/meals/close-meal-account.js';
import { decideReview } from '../../src/meals/decide-review.js';
import { storeFlags } from '../../src/meals/flags/store-flags.js';
import { openLateReviews } from '../../src/meals/open-late-reviews.js';
import { refundCard } from '../../src/meals/refund-card.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, noon, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;
/**
 * Row ids of a review that a funder bears, one that the canteen bears, an open one, a subsidy that was doubted, an
 * accepted swipe, a flag, a refund and a closing.
 */
const ids = { funder: 0, canteen: 0, open: 0, doubted: 0, accepted: 0, flag: 0, refund: 0, closing: 0 };

beforeAll(async () => {
  open = await openTestDatabase();
});
afterAll(() => open.drop());

beforeEach(async () => {
  town ??= await buildTown(open.database);
  const asked = async () => ({
    id: await town.ids.take(1),
    postingId: await town.ids.take(1),
    requestId: randomUUID() as string,
    byId: town.managerId,
    now: noon,
  });
  const { uid, elderId } = await addDiner(town, { balanceFen: 2900 });
  const doubted = tap(town, { cardUid: uid });
  await intakeOf(town).record(doubted);
  const accepted = tap(town, { cardUid: (await addDiner(town)).uid });
  await intakeOf(town).record(accepted);
  // Dearer than the canteen's dearest meal, all three wait for a decision.
  const swipes = await Promise.all(
    [1, 1, 2].map(async (daysAgo) => {
      const swipedAt = new Date(noon.getTime() - daysAgo * 86_400_000);
      const request = tap(town, { cardUid: uid, swipedAt, offline: true, grossFen: 3500 });
      await intakeOf(town).record(request);
      return request.command.swipeId;
    }),
  );
  const rowIdOf = async (swipeId = '') =>
    Number(
      (
        await open.database.read((manager) =>
          manager.query('SELECT id FROM swipe WHERE swipeId = ?', [swipeId]),
        )
      )[0].id,
    );
  const decide = async (swipeId = '', bornBy: 'FUNDER' | 'CANTEEN') => {
    const funderCode = bornBy === 'FUNDER' ? 'BUREAU' : null;
    const decision = { ...(await asked()), swipeId, bornBy, funderCode, note: '核实' };
    await open.database.write((manager) => decideReview(manager, decision, 'everywhere'));
    return rowIdOf(swipeId);
  };
  ids.funder = await decide(swipes[0], 'FUNDER');
  ids.canteen = await decide(swipes[1], 'CANTEEN');
  ids.open = await rowIdOf(swipes[2]);
  const late = { elderId, reason: 'STAY_ENTERED_LATE' as const, fromDay: today, toDay: null };
  await open.database.write((manager) => openLateReviews(manager, late));
  ids.doubted = await decide(doubted.command.swipeId, 'CANTEEN');
  ids.accepted = await rowIdOf(accepted.command.swipeId);
  ids.flag = await flagged(ids.accepted);
  const refund = { ...(await asked()), cardUid: uid, fen: 500 };
  await open.database.write((manager) => refundCard(manager, refund, 'everywhere'));
  const closing = { ...(await asked()), elderId, heir: null };
  await open.database.write((manager) => closeMealAccount(manager, closing, 'everywhere'));
  ids.refund = refund.id;
  ids.closing = closing.id;
});

/** A sign of fraud about one swipe. */
async function flagged(swipeRowId: number): Promise<number> {
  const subject = `swipe:${swipeRowId}`;
  const finding = {
    ...{ rule: 'MANY_CARDS' as const, subject, canteenId: town.canteenIds[0], elderId: null, readerId: null },
    ...{ measured: 6, threshold: 6, swipeIds: [swipeRowId] },
  };
  return open.database.write(async (manager) => {
    await storeFlags(manager, [finding], { day: today, now: noon });
    return (await manager.query('SELECT id FROM fraud_flag WHERE subject = ?', [subject]))[0].id;
  });
}

async function broken(): Promise<string[]> {
  const said: string[] = [];
  await open.database.read((manager) => runChecks(manager, invariants, (line) => said.push(line)));
  return said.filter((line) => line.startsWith('BROKEN')).map((line) => line.slice('BROKEN '.length));
}

it.each<[string, (id: typeof ids) => [sql: string, undo: string]]>([
  [
    'a review is open until it is decided or withdrawn, or its swipe is voided',
    ({ open: id }) => [
      `UPDATE swipe_review SET openCanteenId = NULL WHERE id = ${id}`,
      `UPDATE swipe_review SET openCanteenId = canteenId WHERE id = ${id}`,
    ],
  ],
  [
    'a decided review takes the price from the canteen and gives it to who bears it',
    ({ canteen: id }) => [
      `UPDATE swipe_review SET bornBy = 'ELDER' WHERE id = ${id}`,
      `UPDATE swipe_review SET bornBy = 'CANTEEN' WHERE id = ${id}`,
    ],
  ],
  [
    'every decided review, and no other, is posted once',
    ({ canteen: id }) => [
      `UPDATE ledger_posting SET sourceId = -1 WHERE kind = 'REVIEW' AND sourceId = ${id}`,
      `UPDATE ledger_posting SET sourceId = ${id} WHERE kind = 'REVIEW' AND sourceId = -1`,
    ],
  ],
  [
    'every accepted swipe and review of a funder that is not voided holds its meal, and no other does',
    ({ funder: id }) => [
      `UPDATE swipe SET claimedMeal = NULL WHERE id = ${id}`,
      `UPDATE swipe SET claimedMeal = meal WHERE id = ${id}`,
    ],
  ],
  [
    'every swipe for review, and no other, has its review',
    ({ doubted: id }) => [
      `UPDATE swipe_review SET doubtedFen = NULL WHERE id = ${id}`,
      `UPDATE swipe_review SET doubtedFen = 300 WHERE id = ${id}`,
    ],
  ],
  [
    'a doubt is about what its shares say',
    ({ doubted: id }) => [
      `UPDATE swipe_review SET doubtedFen = 301 WHERE id = ${id}`,
      `UPDATE swipe_review SET doubtedFen = 300 WHERE id = ${id}`,
    ],
  ],
  [
    'a decided doubt takes the subsidy from its funders and gives it to who bears it',
    ({ doubted: id }) => [
      `UPDATE swipe_review SET bornBy = 'ELDER' WHERE id = ${id}`,
      `UPDATE swipe_review SET bornBy = 'CANTEEN' WHERE id = ${id}`,
    ],
  ],
  [
    'a review is the first of its swipe, or doubts what the one before it decided',
    ({ doubted: id }) => [
      `UPDATE swipe_review SET number = 2 WHERE id = ${id}`,
      `UPDATE swipe_review SET number = 1 WHERE id = ${id}`,
    ],
  ],
  [
    'every funder gets back its own share of a doubt that somebody else bears, and no other',
    ({ doubted: id }) => [
      `UPDATE swipe_review_share SET accountId = accountId + 1 WHERE reviewId = ${id}`,
      `UPDATE swipe_review_share SET accountId = accountId - 1 WHERE reviewId = ${id}`,
    ],
  ],
  [
    'no funder gets back more of a meal than it bore',
    ({ doubted: id }) => [
      `UPDATE ledger_entry SET fen = fen + 1 WHERE fen > 0
          AND postingId = (SELECT id FROM ledger_posting WHERE kind = 'REVIEW' AND sourceId = ${id})`,
      `UPDATE ledger_entry SET fen = fen - 1 WHERE fen > 0
          AND postingId = (SELECT id FROM ledger_posting WHERE kind = 'REVIEW' AND sourceId = ${id})`,
    ],
  ],
  [
    'no funder bears a meal after the end of the file without a review',
    ({ funder: id }) => [
      `UPDATE elder SET status = 'DECEASED', endedOn = '2026-03-09' WHERE id = (SELECT elderId FROM swipe WHERE id = ${id})`,
      `UPDATE elder SET status = 'ACTIVE', endedOn = NULL WHERE id = (SELECT elderId FROM swipe WHERE id = ${id})`,
    ],
  ],
  [
    'no funder bears a meal after the end of the file without a review',
    ({ accepted: id }) => [
      `UPDATE elder SET status = 'DECEASED', endedOn = '2026-03-10' WHERE id = (SELECT elderId FROM swipe WHERE id = ${id})`,
      `UPDATE elder SET status = 'ACTIVE', endedOn = NULL WHERE id = (SELECT elderId FROM swipe WHERE id = ${id})`,
    ],
  ],
  [
    'a flag is in the state that its last step led to',
    ({ flag: id }) => [
      `UPDATE fraud_flag SET state = 'HARMLESS' WHERE id = ${id}`,
      `UPDATE fraud_flag SET state = 'OPEN' WHERE id = ${id}`,
    ],
  ],
  [
    'no swipe is missing from what a flag shows, but for those beyond what is kept',
    ({ flag: id }) => [
      `UPDATE fraud_flag SET swipes = 2 WHERE id = ${id}`,
      `UPDATE fraud_flag SET swipes = 1 WHERE id = ${id}`,
    ],
  ],
  [
    'every payout is posted once, with its amount from its elder',
    ({ refund: id }) => [
      `UPDATE balance_payout SET fen = 501 WHERE id = ${id}`,
      `UPDATE balance_payout SET fen = 500 WHERE id = ${id}`,
    ],
  ],
  [
    'every posting of a payout belongs to one',
    ({ refund: id }) => [
      `UPDATE ledger_posting SET sourceId = -1 WHERE kind = 'REFUND' AND sourceId = ${id}`,
      `UPDATE ledger_posting SET sourceId = ${id} WHERE kind = 'REFUND' AND sourceId = -1`,
    ],
  ],
  [
    'a closed account has no card that is not closed or replaced',
    ({ closing: id }) => [
      `UPDATE meal_card SET status = 'LOST' WHERE elderId = (SELECT elderId FROM balance_payout WHERE id = ${id})`,
      `UPDATE meal_card SET status = 'CLOSED' WHERE elderId = (SELECT elderId FROM balance_payout WHERE id = ${id})`,
    ],
  ],
])('finds where it does not hold that %s', async (name, tamper) => {
  const [sql, undo] = tamper(ids);
  expect(await broken()).toEqual([]);
  await open.database.write((manager) => manager.query(sql));
  expect(await broken()).toContain(name);
  await open.database.write((manager) => manager.query(undo));
  expect(await broken()).toEqual([]);
});
