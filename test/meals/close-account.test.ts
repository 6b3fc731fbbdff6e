import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Elder } from '../../entities/index.js';
import { type AccountClosing, closeMealAccount } from '../../src/meals/close-meal-account.js';
import { elderMealRecords } from '../../src/meals/elder-meal-records.js';
import { issueCard } from '../../src/meals/issue-card.js';
import { refundCard } from '../../src/meals/refund-card.js';
import { topUpCard } from '../../src/meals/top-up-card.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import type { Scope } from '../../src/network/scope.js';
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
  today,
} from '../support/town.js';
import { newUid } from '../support/two-counties.js';

let open: TestDatabase;
let town: Town;
let diner: Diner;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
beforeEach(async () => {
  diner = await addDiner(town, { balanceFen: 5000 });
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

async function refunded(
  fen: number,
  { cardUid = diner.uid, requestId = randomUUID() as string, scope = 'everywhere' as Scope } = {},
) {
  const id = await town.ids.take(1);
  const refund = { id, requestId, cardUid, fen, byId: town.managerId, now: noon };
  return open.database.write((manager) => refundCard(manager, refund, scope));
}

async function closed(given: Partial<AccountClosing> = {}, scope: Scope = 'everywhere') {
  const id = await town.ids.take(1);
  const usual = {
    requestId: randomUUID(),
    elderId: diner.elderId,
    heir: null,
    byId: town.managerId,
    now: noon,
  };
  return open.database.write((manager) => closeMealAccount(manager, { id, ...usual, ...given }, scope));
}

async function toppedUp(fen: number) {
  const id = await town.ids.take(1);
  const topUp = {
    id,
    requestId: randomUUID(),
    cardUid: diner.uid,
    fen,
    fenMax: 100_000,
    byId: town.managerId,
    now: noon,
  };
  return open.database.write((manager) => topUpCard(manager, topUp, 'everywhere'));
}

/** A lunch that cost the elder 900 is voided after the account was closed. */
async function moneyCameBack() {
  const eaten = tap(town, { cardUid: diner.uid });
  await intakeOf(town).record(eaten);
  expect(await closed()).toMatchObject({ paidOutFen: 4100 });
  const { swipeId } = eaten.command;
  const postingId = await town.ids.take(1);
  const asked = { swipeId, reason: '错刷', byId: town.managerId, now: noon, postingId };
  await open.database.write((manager) => voidSwipe(manager, asked, 'everywhere'));
}

const died = () =>
  open.database.write((manager) =>
    manager.update(Elder, { id: diner.elderId }, { status: 'DECEASED', endedOn: today }),
  );

const refusalOf = (result: object) =>
  'refused' in result ? `${result.refused} ${(result as { field?: unknown }).field}` : 'done';

const daughter = { name: ' 王秀英 ', relation: '女儿', documentReference: '(2026)宛证字第77号' };

describe('a refund', () => {
  it('pays out of the balance in cash; a retry changes nothing', async () => {
    const requestId = randomUUID();
    const first = await refunded(1500, { requestId });
    expect(first).toMatchObject({ uid: diner.uid, status: 'ACTIVE' });
    expect(await refunded(1500, { requestId: requestId.toUpperCase() })).toEqual(first);
    expect(await balanceOf(town, diner.elderId)).toBe(3500);
    expect(refusalOf(await refunded(1600, { requestId }))).toBe('REQUEST_ID_REUSED requestId');
    const other = await addDiner(town);
    expect(refusalOf(await refunded(1500, { requestId, cardUid: other.uid }))).toBe(
      'REQUEST_ID_REUSED requestId',
    );
  });

  it('refuses, by name and writing nothing', async () => {
    const before = await countRows(open, 'balance_payout');
    expect(refusalOf(await refunded(1, { requestId: 'rubbish' }))).toBe('REQUEST_ID_MALFORMED requestId');
    expect(refusalOf(await refunded(1, { cardUid: 'FFFFFFFF' }))).toBe('CARD_UNKNOWN cardUid');
    expect(refusalOf(await refunded(1, { scope: [town.canteenIds[0]] }))).toBe('CARD_UNKNOWN cardUid');
    for (const fen of [0, -1, Number.MIN_SAFE_INTEGER]) {
      expect(refusalOf(await refunded(fen))).toBe('AMOUNT_OUT_OF_RANGE fen');
    }
    for (const fen of [5001, Number.MAX_SAFE_INTEGER]) {
      expect(refusalOf(await refunded(fen))).toBe('BALANCE_TOO_LOW fen');
    }
    await died();
    expect(refusalOf(await refunded(1))).toBe('ELDER_NOT_ACTIVE cardUid');
    expect(await countRows(open, 'balance_payout')).toBe(before);
  });
});

describe('a closed account', () => {
  it('is paid out once, and nothing is paid in or eaten any more', async () => {
    const requestId = randomUUID();
    const first = await closed({ requestId });
    expect(first).toEqual({ elderId: diner.elderId, paidOutFen: 5000, closedAt: noon, heir: null });
    expect(await closed({ requestId: requestId.toUpperCase() })).toEqual(first);
    expect(await balanceOf(town, diner.elderId)).toBe(0);
    expect(refusalOf(await closed())).toBe('ACCOUNT_CLOSED elderId');
    expect(refusalOf(await closed({ requestId, heir: daughter }))).toBe('REQUEST_ID_REUSED requestId');
    expect(refusalOf(await closed({ heir: daughter }))).toBe('ACCOUNT_CLOSED elderId');
    expect(refusalOf(await toppedUp(100))).toBe('CARD_NOT_ACTIVE cardUid');
    expect((await intakeOf(town).record(tap(town, { cardUid: diner.uid }))).outcome).toBe('CARD_NOT_ACTIVE');
  });

  it('after a death pays to an heir, whose name and document nobody reads in the database', async () => {
    await died();
    expect(refusalOf(await closed())).toBe('HEIR_REQUIRED heir');
    const requestId = randomUUID();
    const first = await closed({ requestId, heir: daughter });
    expect(first).toMatchObject({ paidOutFen: 5000, heir: { name: '王**', relation: '女儿' } });
    expect(await closed({ requestId, heir: daughter })).toEqual(first);
    const other = { ...daughter, documentReference: '另一份' };
    expect(refusalOf(await closed({ requestId, heir: other }))).toBe('REQUEST_ID_REUSED requestId');
    const rows = await open.database.read((manager) =>
      manager.query('SELECT * FROM balance_payout WHERE elderId = ?', [diner.elderId]),
    );
    expect(JSON.stringify(rows)).not.toMatch(/秀英|77号/);
    const collect = () =>
      open.database.read(
        (manager) => elderMealRecords.collect(manager, diner.elderId) as Promise<{ payouts: object[] }>,
      );
    expect((await collect()).payouts).toMatchObject([
      { kind: 'CLOSING', fen: 5000, heir: { name: '王秀英', documentReference: '(2026)宛证字第77号' } },
    ]);
    await open.database.write((manager) => elderMealRecords.erase(manager, diner.elderId));
    expect((await collect()).payouts).toMatchObject([{ fen: 5000, heir: null }]);
  });

  it.each(['ACTIVE', 'MOVED_AWAY', 'CLOSED'] as const)(
    'pays an elder whose file is %s in person, and nobody named as an heir',
    async (status) => {
      const endedOn = status === 'ACTIVE' ? null : today;
      await open.database.write((manager) =>
        manager.update(Elder, { id: diner.elderId }, { status, endedOn }),
      );
      const [payouts, postings] = [
        await countRows(open, 'balance_payout'),
        await countRows(open, 'ledger_posting'),
      ];
      const refused = await closed({ heir: daughter });
      expect(refusalOf(refused)).toBe('ELDER_NOT_DECEASED heir');
      expect(refused).toMatchObject({
        message: { zh: expect.stringContaining('没有登记老人去世'), en: expect.stringContaining('No death') },
      });
      expect(await countRows(open, 'balance_payout')).toBe(payouts);
      expect(await countRows(open, 'ledger_posting')).toBe(postings);
      expect(await balanceOf(town, diner.elderId)).toBe(5000);
      const cards = await open.database.read((manager) =>
        manager.query('SELECT status FROM meal_card WHERE elderId = ?', [diner.elderId]),
      );
      expect(cards).toEqual([{ status: 'ACTIVE' }]);
      expect(await closed()).toMatchObject({ paidOutFen: 5000, heir: null });
    },
  );

  it('needs no heir where there is nothing to pay out', async () => {
    diner = await addDiner(town, { balanceFen: 0 });
    await died();
    expect(await closed()).toMatchObject({ paidOutFen: 0 });
  });

  it('that gets money back pays it out by the closed card while the elder is alive', async () => {
    await moneyCameBack();
    expect(await refunded(400)).toMatchObject({ status: 'CLOSED' });
    expect(await balanceOf(town, diner.elderId)).toBe(500);
  });

  it('that gets money back after a death is closed once more, to an heir who is named', async () => {
    await moneyCameBack();
    await died();
    expect(refusalOf(await refunded(900))).toBe('ELDER_NOT_ACTIVE cardUid');
    expect(refusalOf(await closed())).toBe('HEIR_REQUIRED heir');
    const requestId = randomUUID();
    const again = await closed({ requestId, heir: daughter });
    expect(again).toMatchObject({ paidOutFen: 900, heir: { relation: '女儿' } });
    expect(await closed({ requestId, heir: daughter })).toEqual(again);
    expect(await balanceOf(town, diner.elderId)).toBe(0);
    expect(refusalOf(await closed({ heir: daughter }))).toBe('ACCOUNT_CLOSED elderId');
    await expectAuditClean(open.database);
  });

  it('pays nothing by its cards once a newer card has opened it, and nothing of a dead elder', async () => {
    const old = diner.uid;
    await closed();
    diner = { ...diner, uid: newUid() };
    await open.database.write((manager) => issueCard(manager, diner, 'everywhere', today));
    await toppedUp(7000);
    expect(refusalOf(await refunded(1, { cardUid: old }))).toBe('CARD_NOT_ACTIVE cardUid');
    await died();
    for (const cardUid of [old, diner.uid]) {
      expect(refusalOf(await refunded(7000, { cardUid }))).toMatch(/^(CARD|ELDER)_NOT_ACTIVE cardUid$/);
    }
    expect(await balanceOf(town, diner.elderId)).toBe(7000);
    expect(refusalOf(await closed())).toBe('HEIR_REQUIRED heir');
    expect(await closed({ heir: daughter })).toMatchObject({ paidOutFen: 7000 });
  });

  it('is opened again by a new card, and can be closed again', async () => {
    await closed();
    const uid = newUid();
    const card = await open.database.write((manager) =>
      issueCard(manager, { elderId: diner.elderId, uid }, 'everywhere', today),
    );
    expect(card).toMatchObject({ status: 'ACTIVE' });
    diner = { ...diner, uid };
    expect(await toppedUp(300)).toMatchObject({ status: 'ACTIVE' });
    expect(await closed()).toMatchObject({ paidOutFen: 300 });
  });

  it('refuses rubbish by name', async () => {
    expect(refusalOf(await closed({ requestId: '1' }))).toBe('REQUEST_ID_MALFORMED requestId');
    for (const [heir, field] of [
      [{ ...daughter, name: ' ' }, 'heir,name'],
      [{ ...daughter, relation: '长'.repeat(21) }, 'heir,relation'],
      [{ ...daughter, documentReference: 'a\u0007' }, 'heir,documentReference'],
    ] as const) {
      expect(refusalOf(await closed({ heir }))).toBe(`HEIR_INVALID ${field}`);
    }
    expect(refusalOf(await closed({}, [town.canteenIds[0]]))).toBe('ELDER_UNKNOWN elderId');
    expect(refusalOf(await closed({ elderId: 0 }))).toBe('ELDER_UNKNOWN elderId');
    const bare = await open.database.write(async (manager) => {
      const { id: _id, ...elder } = await manager.findOneByOrFail(Elder, { id: diner.elderId });
      return (await manager.save(manager.create(Elder, { ...elder, idNumberHash: randomUUID() }))).id;
    });
    expect(refusalOf(await closed({ elderId: bare }))).toBe('ACCOUNT_UNKNOWN elderId');
    await open.database.write((manager) => manager.delete(Elder, { id: bare }));
  });
});

it('a card that expires pays until then, and is replaced by another', async () => {
  await closed();
  const uid = newUid();
  const issue = (expiresOn: string) =>
    open.database.write((manager) =>
      issueCard(manager, { elderId: diner.elderId, uid, expiresOn }, 'everywhere', today),
    );
  expect(refusalOf(await issue(today))).toBe('DAY_OUT_OF_RANGE expiresOn');
  expect(await issue('2026-03-11')).toMatchObject({ status: 'ACTIVE', expiresOn: '2026-03-11' });
  diner = { ...diner, uid };
  await toppedUp(5000);
  await open.database.write((manager) =>
    manager.query("UPDATE meal_card SET expiresOn = '2026-03-10' WHERE uid = ?", [uid]),
  );
  expect(refusalOf(await toppedUp(100))).toBe('CARD_NOT_ACTIVE cardUid');
  expect((await intakeOf(town).record(tap(town, { cardUid: uid }))).outcome).toBe('CARD_NOT_ACTIVE');
  // What was tapped on its last day and came late is judged by the tap.
  const yesterday = { swipedAt: new Date('2026-03-09T12:00:00+08:00'), offline: true };
  expect((await intakeOf(town).record(tap(town, { cardUid: uid, ...yesterday }))).outcome).toBe('ACCEPTED');
  expect(await refunded(100, { cardUid: uid })).toMatchObject({ status: 'EXPIRED' });
});
