import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Elder, Facility, FacilityPlacement, MealCard } from '../../entities/index.js';
import type { SwipeIntake } from '../../src/meals/swipe-intake.js';
import { expectAuditClean } from '../support/audited.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import {
  addDiner,
  balanceOf,
  buildTown,
  countRows,
  type Diner,
  noon,
  type Town,
  topUp,
} from '../support/town.js';

let open: TestDatabase;
let town: Town;
let intake: SwipeIntake;
let diner: Diner;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  intake = intakeOf(town);
});
beforeEach(async () => {
  diner = await addDiner(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

describe('an accepted swipe', () => {
  it('is split by the rule of its day, posted, and taken from the balance', async () => {
    const request = tap(town, { cardUid: diner.uid });
    const { receipt, ...answer } = await intake.record(request);
    expect(answer).toEqual({
      swipeId: request.command.swipeId,
      outcome: 'ACCEPTED',
      reviewReason: null,
      replayed: false,
      field: null,
    });
    expect(receipt).toEqual({
      serial: expect.stringMatching(/^20260310-\d{10}$/),
      canteenId: town.canteenIds[0],
      elderName: '王**',
      meal: 'LUNCH',
      mealDate: '2026-03-10',
      mode: 'DINE_IN',
      swipedAt: noon,
      grossFen: 1200,
      funding: [{ funder: '市民政局', fen: 300 }],
      subsidyFen: 300,
      discountFen: 0,
      selfPaidFen: 900,
      balanceFen: 9100,
      rule: 'LUNCH-60 v2',
      voided: false,
    });
    expect(await balanceOf(town, diner.elderId)).toBe(9100);
    expect(await entriesOf(request.command.swipeId)).toEqual([
      { kind: 'CANTEEN_RECEIVABLE', ownerId: town.canteenIds[0], fen: 1200 },
      { kind: 'FUNDER', ownerId: town.funderId, fen: -300 },
      { kind: 'ELDER', ownerId: diner.elderId, fen: -900 },
    ]);
  });

  it("of yesterday keeps yesterday's rule", async () => {
    const swipedAt = new Date('2026-03-09T12:00:00+08:00');
    const { receipt } = await intake.record(tap(town, { cardUid: diner.uid, swipedAt, offline: true }));
    expect(receipt).toMatchObject({ subsidyFen: 200, mealDate: '2026-03-09', rule: 'LUNCH-60 v1' });
  });

  it('may be written in any case', async () => {
    const request = tap(town, { cardUid: diner.uid.toLowerCase(), swipeId: randomUUID().toUpperCase() });
    expect(await intake.record(request)).toMatchObject({ outcome: 'ACCEPTED' });
    expect(await intake.record(request)).toMatchObject({ outcome: 'ACCEPTED', replayed: true });
  });

  it('of each meal of a day is one, at all canteens together', async () => {
    expect((await intake.record(tap(town, { cardUid: diner.uid }))).outcome).toBe('ACCEPTED');
    const elsewhere = await intake.record(tap(town, { cardUid: diner.uid }, { canteen: 1 }));
    expect(elsewhere).toMatchObject({ outcome: 'MEAL_ALREADY_TAKEN', receipt: null });
    const breakfast = { swipedAt: new Date('2026-03-10T07:00:00+08:00'), offline: true };
    const other = await intake.record(tap(town, { cardUid: diner.uid, ...breakfast }));
    expect(other.receipt).toMatchObject({ meal: 'BREAKFAST', subsidyFen: 0, rule: null });
  });
});

describe('a replay', () => {
  it('gets the first answer again, and nothing is written', async () => {
    const request = tap(town, { cardUid: diner.uid });
    const first = await intake.record(request);
    const before = await snapshot();
    expect(await intake.record(request)).toEqual({ ...first, replayed: true });
    expect(await snapshot()).toEqual(before);
  });

  it('of a refusal gets the refusal, though it would be accepted now', async () => {
    const poor = await addDiner(town, { balanceFen: 0 });
    const request = tap(town, { cardUid: poor.uid });
    expect(await intake.record(request)).toMatchObject({ outcome: 'INSUFFICIENT_BALANCE', replayed: false });
    await topUp(town, poor.uid, 5000);
    expect(await intake.record(request)).toMatchObject({ outcome: 'INSUFFICIENT_BALANCE', replayed: true });
    expect((await intake.record(tap(town, { cardUid: poor.uid }))).outcome).toBe('ACCEPTED');
  });

  it('of a revoked reader still gets the first answer, and its new swipes do not', async () => {
    const request = tap(town, { cardUid: diner.uid });
    const first = await intake.record(request);
    const revoked = { ...request, readerActive: false };
    expect(await intake.record(revoked)).toEqual({ ...first, replayed: true });
    const fresh = tap(town, { cardUid: diner.uid }, { readerActive: false });
    expect(await intake.record(fresh)).toMatchObject({ outcome: 'READER_NOT_ACTIVE', replayed: false });
  });

  it.each([
    ['sequence', { sequence: 999_999 }],
    ['cardUid', { cardUid: 'FFFFFFFF' }],
    ['swipedAt', { swipedAt: new Date(noon.getTime() - 1) }],
    ['grossFen', { grossFen: 1201 }],
    ['mode', { mode: 'DELIVERY' as const }],
    ['offline', { offline: true }],
  ])('with another %s is refused, and nothing is written', async (_, change) => {
    const request = tap(town, { cardUid: diner.uid });
    await intake.record(request);
    const before = await snapshot();
    const changed = { ...request, command: { ...request.command, ...change } };
    expect(await intake.record(changed)).toMatchObject({
      outcome: 'SWIPE_ID_REUSED',
      field: 'swipeId',
      receipt: null,
    });
    expect(await snapshot()).toEqual(before);
  });

  it('by another reader is refused', async () => {
    const request = tap(town, { cardUid: diner.uid });
    await intake.record(request);
    const stolen = { ...request, readerId: town.readerIds[1], canteenId: town.canteenIds[1] };
    expect(await intake.record(stolen)).toMatchObject({ outcome: 'SWIPE_ID_REUSED', receipt: null });
  });
});

describe('a refused swipe', () => {
  it.each([
    ['CARD_UNKNOWN', { cardUid: 'FFFFFFF0' }],
    ['PRICE_OUT_OF_RANGE', { grossFen: 3001 }],
    ['PRICE_OUT_OF_RANGE', { grossFen: Number.MAX_SAFE_INTEGER }],
    ['CLOCK_OUT_OF_RANGE', { swipedAt: new Date('2026-03-11T12:00:00+08:00') }],
    ['CLOCK_OUT_OF_RANGE', { swipedAt: new Date('0000-01-01T00:00:00Z') }],
    ['CLOCK_OUT_OF_RANGE', { swipedAt: new Date('9999-12-31T23:59:59Z') }],
    ['MEAL_NOT_SERVED', { swipedAt: new Date('2026-03-10T12:00:00+08:00') }],
  ] as const)('%s (%j) records no meal and moves no money', async (outcome, change) => {
    const shut = outcome === 'MEAL_NOT_SERVED';
    if (shut) await clearWindows(town.canteenIds[1]);
    const before = await money();
    const request = tap(town, { cardUid: diner.uid, ...change }, { canteen: shut ? 1 : 0 });
    expect(await intake.record(request)).toMatchObject({ outcome, receipt: null });
    expect(await money()).toEqual(before);
    expect(await intake.record(request)).toMatchObject({ outcome, replayed: true });
    if (shut) await restoreWindows(town.canteenIds[1]);
  });

  it.each([
    ['swipeId', { swipeId: 'x' }],
    ['sequence', { sequence: -1 }],
    ['cardUid', { cardUid: 'F'.repeat(5000) }],
  ] as const)('INPUT_MALFORMED names %s and leaves no trace', async (field, change) => {
    const before = await snapshot();
    const answer = await intake.record(tap(town, { cardUid: diner.uid, ...change }));
    expect(answer).toMatchObject({ outcome: 'INPUT_MALFORMED', field, receipt: null });
    expect(await snapshot()).toEqual(before);
  });

  it.each([
    ['CARD_UNKNOWN', 'cardUid', { cardUid: 'no uid' }],
    ['PRICE_OUT_OF_RANGE', 'grossFen', { grossFen: 0 }],
    ['PRICE_OUT_OF_RANGE', 'grossFen', { grossFen: -1200 }],
    ['PRICE_OUT_OF_RANGE', 'grossFen', { grossFen: Number.MIN_SAFE_INTEGER, offline: true }],
  ] as const)('%s for the input alone (%s, %j) leaves no trace', async (outcome, field, change) => {
    const before = await snapshot();
    const request = tap(town, { cardUid: diner.uid, ...change });
    expect(await intake.record(request)).toMatchObject({ outcome, field, receipt: null });
    expect(await snapshot()).toEqual(before);
  });

  it('MEAL_NOT_SERVED at a canteen that was never configured, and its neighbours are recorded', async () => {
    const bare = await open.database.write(async (manager) => {
      const opened = { name: 'bare', kind: 'ELDER_CANTEEN' as const, divisionCode: '411302001003' };
      const facility = { ...opened, code: 'BARE', openedOn: '2020-01-01', closedOn: null };
      const { id } = await manager.save(manager.create(Facility, facility));
      await manager.insert(FacilityPlacement, {
        facilityId: id,
        parentId: town.streetId,
        fromDay: '2020-01-01',
        toDay: null,
      });
      return id;
    });
    const request = { ...tap(town, { cardUid: diner.uid }), canteenId: bare };
    const sizes: number[] = [];
    const together = intakeOf(town, { onBatch: (answers) => sizes.push(answers.length) });
    const answers = await Promise.all([
      together.record(request),
      together.record(tap(town, { cardUid: diner.uid })),
    ]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['MEAL_NOT_SERVED', 'ACCEPTED']);
    expect(sizes).toEqual([2]);
  });

  it('CARD_NOT_ACTIVE for a lost card, ELDER_NOT_ACTIVE for the dead', async () => {
    await open.database.write((manager) =>
      manager.update(MealCard, { uid: diner.uid }, { status: 'LOST', activeElderId: null, stoppedAt: noon }),
    );
    expect((await intake.record(tap(town, { cardUid: diner.uid }))).outcome).toBe('CARD_NOT_ACTIVE');
    const other = await addDiner(town);
    await open.database.write((manager) =>
      manager.update(Elder, { id: other.elderId }, { status: 'DECEASED', endedOn: '2026-03-01' }),
    );
    expect((await intake.record(tap(town, { cardUid: other.uid }))).outcome).toBe('ELDER_NOT_ACTIVE');
  });
});

it('judges a card by the time of the tap: one from before the loss pays, whenever it arrives', async () => {
  const stoppedAt = new Date(noon.getTime() - 3_600_000);
  const lost = { status: 'LOST', activeElderId: null, stoppedAt } as const;
  const owner = await addDiner(town);
  await open.database.write((manager) => manager.update(MealCard, { uid: owner.uid }, lost));
  const outcomeAt = async (at: number) => {
    const swipedAt = new Date(at);
    const { outcome } = await intake.record(tap(town, { cardUid: owner.uid, offline: true, swipedAt }));
    return outcome;
  };
  expect(await outcomeAt(stoppedAt.getTime())).toBe('RECORDED_FOR_REVIEW');
  expect(await outcomeAt(stoppedAt.getTime() - 1)).toBe('ACCEPTED');
});

describe('an offline swipe that would have been refused', () => {
  it('is recorded for review: the canteen bears it, the elder keeps money and meal', async () => {
    const poor = await addDiner(town, { balanceFen: 100 });
    const request = tap(town, { cardUid: poor.uid, offline: true });
    const answer = await intake.record(request);
    expect(answer).toMatchObject({ outcome: 'RECORDED_FOR_REVIEW', reviewReason: 'INSUFFICIENT_BALANCE' });
    expect(answer.receipt).toMatchObject({
      grossFen: 1200,
      subsidyFen: 0,
      discountFen: 1200,
      selfPaidFen: 0,
      balanceFen: 100,
      funding: [],
      rule: null,
    });
    expect(await entriesOf(request.command.swipeId)).toEqual([
      { kind: 'CANTEEN_RECEIVABLE', ownerId: town.canteenIds[0], fen: 1200 },
      { kind: 'CANTEEN_DISCOUNT', ownerId: town.canteenIds[0], fen: -1200 },
    ]);
    await topUp(town, poor.uid, 5000);
    expect((await intake.record(tap(town, { cardUid: poor.uid }))).outcome).toBe('ACCEPTED');
    expect(await intake.record(request)).toEqual({ ...answer, replayed: true });
  });
});

async function entriesOf(swipeId: string) {
  const rows: { kind: string; ownerId: number; fen: string | number }[] = await open.database.read(
    (manager) =>
      manager.query(
        `SELECT a.kind, a.ownerId, n.fen FROM swipe s
         JOIN ledger_posting p ON p.sourceId = s.id AND p.kind = 'SWIPE'
         JOIN ledger_entry n ON n.postingId = p.id
         JOIN ledger_account a ON a.id = n.accountId
        WHERE s.swipeId = ? ORDER BY n.line`,
        [swipeId],
      ),
  );
  return rows.map((row) => ({ ...row, fen: Number(row.fen) }));
}

/** What moves when money moves. */
async function money() {
  return {
    postings: await countRows(open, 'ledger_posting'),
    entries: await countRows(open, 'ledger_entry'),
    balanceFen: await balanceOf(town, diner.elderId),
  };
}

async function snapshot() {
  return { ...(await money()), swipes: await countRows(open, 'swipe') };
}

async function clearWindows(canteenId: number) {
  await open.database.write((manager) =>
    manager.query('UPDATE meal_window SET fromMinute = 0, toMinute = 1 WHERE canteenId = ? AND meal = ?', [
      canteenId,
      'LUNCH',
    ]),
  );
}

async function restoreWindows(canteenId: number) {
  await open.database.write((manager) =>
    manager.query(
      'UPDATE meal_window SET fromMinute = 630, toMinute = 810 WHERE canteenId = ? AND meal = ?',
      [canteenId, 'LUNCH'],
    ),
  );
}
