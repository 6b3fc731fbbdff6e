import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { closeMealAccount } from '../../src/meals/close-meal-account.js';
import { decideReview } from '../../src/meals/decide-review.js';
import { refundCard } from '../../src/meals/refund-card.js';
import { topUpCard } from '../../src/meals/top-up-card.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import type { Database } from '../../src/shared/database.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { expectAuditClean } from '../support/audited.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { addDiner, balanceOf, buildTown, type Diner, noon, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
/** The same town as a second server sees it. */
let otherDatabase: Database;
let otherTown: Town;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  otherDatabase = (await openDatabase(open.url, { identityKeys: testKeys })).database;
  otherTown = { ...town, database: otherDatabase, ids: new IdBlocks(otherDatabase) };
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await otherDatabase.close();
  await open.drop();
});

/** What happened, as each caller was told. */
type Told = { told: string; fen: number };

const saidBy = (result: object, fen: number): Told =>
  'refused' in result ? { told: String(result.refused), fen: 0 } : { told: 'done', fen };

const asked = (at: Town) => ({ byId: at.managerId, now: noon, requestId: randomUUID() as string });

async function refund(at: Town, { uid }: Diner, fen: number, requestId = randomUUID() as string) {
  const id = await at.ids.take(1);
  const refunded = { ...asked(at), id, cardUid: uid, fen, requestId };
  return saidBy(await at.database.write((manager) => refundCard(manager, refunded, 'everywhere')), -fen);
}

async function topUp(at: Town, { uid }: Diner, fen: number) {
  const id = await at.ids.take(1);
  const paid = { ...asked(at), id, cardUid: uid, fen, fenMax: 100_000 };
  return saidBy(await at.database.write((manager) => topUpCard(manager, paid, 'everywhere')), fen);
}

async function close(at: Town, { elderId }: Diner) {
  const id = await at.ids.take(1);
  const closing = { ...asked(at), id, elderId, heir: null };
  const result = await at.database.write((manager) => closeMealAccount(manager, closing, 'everywhere'));
  return saidBy(result, 'paidOutFen' in result ? -result.paidOutFen : 0);
}

async function swipe(at: Town, { uid }: Diner, swipedAt: Date) {
  const { outcome, receipt } = await intakeOf(at).record(tap(at, { cardUid: uid, swipedAt, offline: true }));
  return { told: outcome, fen: outcome === 'ACCEPTED' ? -(receipt?.selfPaidFen ?? 0) : 0 };
}

const daysBefore = (days: number) => new Date(noon.getTime() - days * 86_400_000);

it('twenty refunds of which the balance covers seven are seven, on two servers', async () => {
  const diner = await addDiner(town, { balanceFen: 7000 });
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => refund(index % 2 ? town : otherTown, diner, 1000)),
  );
  expect(answers.filter(({ told }) => told === 'done')).toHaveLength(7);
  expect(answers.filter(({ told }) => told === 'BALANCE_TOO_LOW')).toHaveLength(13);
  expect(await balanceOf(town, diner.elderId)).toBe(0);
});

it('one refund sent twenty times is one, also when it names two cards', async () => {
  const diners = [
    await addDiner(town, { balanceFen: 900 }),
    await addDiner(town, { balanceFen: 900 }),
  ] as const;
  const requestId = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      refund(index % 3 ? town : otherTown, diners[index % 2 ? 1 : 0], 900, requestId),
    ),
  );
  expect(answers.filter(({ told }) => told === 'done')).toHaveLength(10);
  expect(answers.filter(({ told }) => told === 'REQUEST_ID_REUSED')).toHaveLength(10);
  const left = (await balanceOf(town, diners[0].elderId)) + (await balanceOf(town, diners[1].elderId));
  expect(left).toBe(900);
});

it('twenty closings pay out once, and what else was done before them is paid out exactly', async () => {
  for (let round = 0; round < 3; round++) {
    const diner = await addDiner(town, { balanceFen: 20_000 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const at = index % 2 ? town : otherTown;
        if (index % 4 === 0) return refund(at, diner, 300);
        if (index % 4 === 1) return topUp(at, diner, 500);
        if (index % 4 === 2) return swipe(at, diner, daysBefore(index % 5));
        return close(at, diner);
      }),
    );
    const closings = answers.filter((_, index) => index % 4 === 3);
    expect(closings.map(({ told }) => told).sort()).toEqual([
      ...Array.from({ length: 4 }, () => 'ACCOUNT_CLOSED'),
      'done',
    ]);
    const moved = answers.reduce((total, { fen }) => total + fen, 0);
    expect(await balanceOf(town, diner.elderId)).toBe(20_000 + moved);
    expect(20_000 + moved).toBe(0);
  }
});

it('decisions, voids, swipes and refunds of one elder at once leave the exact balance', async () => {
  // Yesterday's rule gave 2 yuan of 12.
  const diner = await addDiner(town, { balanceFen: 1000 });
  // The second meal of a day waits for a decision, for the first is taken.
  const reviewed = [];
  await swipe(town, diner, daysBefore(1));
  for (let index = 0; index < 6; index++) {
    const request = tap(town, { cardUid: diner.uid, swipedAt: daysBefore(1), offline: true, grossFen: 700 });
    expect((await intakeOf(town).record(request)).outcome).toBe('RECORDED_FOR_REVIEW');
    reviewed.push(request.command.swipeId);
  }
  await topUp(town, diner, 2000);
  const decide = async (at: Town, swipeId: string) => {
    const postingId = await at.ids.take(1);
    const decision = {
      ...asked(at),
      swipeId,
      bornBy: 'ELDER',
      funderCode: null,
      note: '本人承担',
      postingId,
    } as const;
    return saidBy(await at.database.write((manager) => decideReview(manager, decision, 'everywhere')), -700);
  };
  const takeBack = async (at: Town, swipeId: string) => {
    const postingId = await at.ids.take(1);
    const request = { swipeId, reason: '错刷', postingId, byId: at.managerId, now: noon };
    return saidBy(await at.database.write((manager) => voidSwipe(manager, request, 'everywhere')), 0);
  };
  await Promise.all(
    reviewed.flatMap((swipeId, index) => {
      const at = index % 2 ? town : otherTown;
      return [decide(at, swipeId), takeBack(otherTown, swipeId), refund(at, diner, 100)];
    }),
  );
  // Every review was voided, before or after its decision, so the refunds alone are gone.
  expect(await balanceOf(town, diner.elderId)).toBe(2000 - 600);
});
