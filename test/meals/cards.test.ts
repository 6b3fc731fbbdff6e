import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CardStatus } from '../../entities/meals/meal-card.entity.js';
import { cardStatuses } from '../../entities/meals/meal-card.entity.js';
import { cardStatusAfter } from '../../src/meals/card.rules.js';
import { balancesOfElders, cardsOfElders } from '../../src/meals/find-card.js';
import { expectAuditClean } from '../support/audited.js';
import { Counter, refusals } from '../support/counter.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, balanceOf, today } from '../support/town.js';
import { buildTwoCounties, newUid, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let counter: Counter;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  counter = new Counter(open.database, town.stationId);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

describe('issuing a card', () => {
  let elderId: number;
  let uid: string;
  beforeEach(async () => {
    elderId = await counter.newElder();
    uid = newUid();
  });

  it('makes it active and opens an account of zero fen', async () => {
    const card = await counter.issue(elderId, ` ${uid.toLowerCase()} `, [town.stationId]);
    expect(card).toMatchObject({ uid, elderId, activeElderId: elderId, status: 'ACTIVE', issuedOn: today });
    expect(await counter.cardsOf(elderId)).toEqual([[uid, 'ACTIVE']]);
    expect(await balanceOf(town, elderId)).toBe(0);
  });

  it('again to the same elder is answered with the same card', async () => {
    const first = await counter.issue(elderId, uid);
    expect(await counter.issue(elderId, uid)).toEqual(first);
    expect(await counter.cardsOf(elderId)).toEqual([[uid, 'ACTIVE']]);
  });

  it('after a loss keeps the account', async () => {
    const diner = await addDiner(town, { balanceFen: 700 });
    await counter.reportLost(diner.uid);
    await counter.issue(diner.elderId, uid);
    expect(await counter.cardsOf(diner.elderId)).toEqual([
      [diner.uid, 'LOST'],
      [uid, 'ACTIVE'],
    ]);
    expect(await balanceOf(town, diner.elderId)).toBe(700);
  });

  it('is refused in the order of precedence, and writes nothing', async () => {
    const ended = await counter.newElder();
    await counter.end(ended);
    const holder = await counter.newElder();
    await counter.issue(holder, newUid());
    const takenUid = newUid();
    await counter.issue(await counter.newElder(), takenUid);
    const before = await counter.rows();
    const codes = refusals([
      await counter.issue(999_999, 'G'),
      await counter.issue(999_999, takenUid),
      await counter.issue(ended, takenUid),
      await counter.issue(holder, takenUid),
      await counter.issue(elderId, takenUid),
    ]);
    expect(codes).toEqual([
      'UID_MALFORMED',
      'ELDER_UNKNOWN',
      'ELDER_NOT_ACTIVE',
      'ELDER_HAS_CARD',
      'UID_TAKEN',
    ]);
    expect(await counter.rows()).toEqual(before);
  });

  it('out of scope is refused as for nobody', async () => {
    const unknown = await counter.issue(999_999, uid);
    expect(unknown).toMatchObject({ refused: 'ELDER_UNKNOWN', field: ['elderId'] });
    expect(await counter.issue(elderId, uid, [town.otherCountyId])).toEqual(unknown);
    await counter.issue(elderId, uid);
    expect(await counter.issue(elderId, uid, [town.otherCountyId])).toEqual(unknown);
  });

  it('is refused for the uid of a lost or replaced card, also of the same elder', async () => {
    await counter.issue(elderId, uid);
    await counter.reportLost(uid);
    expect(await counter.issue(elderId, uid)).toMatchObject({ refused: 'UID_TAKEN', field: ['uid'] });
  });

  it('of ten cards to one elder at once gives one', async () => {
    const uids = Array.from({ length: 10 }, newUid);
    const results = await Promise.all(uids.map((each) => counter.issue(elderId, each)));
    expect(refusals(results)).toEqual(Array(9).fill('ELDER_HAS_CARD'));
    expect(await counter.cardsOf(elderId)).toHaveLength(1);
    expect(await counter.accountsOf(elderId)).toBe(1);
  });

  it('of one card to ten elders at once gives it to one, and accounts to no others', async () => {
    const elderIds = await Promise.all(Array.from({ length: 10 }, counter.newElder));
    const before = await counter.rows();
    const results = await Promise.all(elderIds.map((each) => counter.issue(each, uid)));
    expect(refusals(results)).toEqual(Array(9).fill('UID_TAKEN'));
    expect(await counter.rows()).toEqual({
      ...before,
      cards: before.cards + 1,
      accounts: before.accounts + 1,
    });
  });

  it('of the same card to the same elder ten times at once is answered alike', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => counter.issue(elderId, uid)));
    expect(new Set(results.map((result) => 'id' in result && result.id)).size).toBe(1);
    expect(refusals(results)).toEqual([]);
    expect(await counter.cardsOf(elderId)).toEqual([[uid, 'ACTIVE']]);
  });
});

describe('reporting a card lost', () => {
  it('stops the card and leaves the money', async () => {
    const { elderId, uid } = await addDiner(town, { balanceFen: 500 });
    expect(await counter.reportLost(` ${uid.toLowerCase()}`, [town.countyId])).toMatchObject({
      uid,
      status: 'LOST',
    });
    expect(await counter.cardsOf(elderId)).toEqual([[uid, 'LOST']]);
    expect(await balanceOf(town, elderId)).toBe(500);
  });

  it('is open to the card of an elder whose file has ended', async () => {
    const { elderId, uid } = await addDiner(town);
    await counter.end(elderId);
    expect(await counter.reportLost(uid)).toMatchObject({ status: 'LOST' });
  });

  it('out of scope is refused as for nobody', async () => {
    const { elderId, uid } = await addDiner(town);
    const unknown = await counter.reportLost('00000000');
    expect(unknown).toMatchObject({ refused: 'CARD_UNKNOWN', field: ['cardUid'] });
    expect(await counter.reportLost(uid, [town.otherCountyId])).toEqual(unknown);
    expect(await counter.reportLost('no uid at all')).toEqual(unknown);
    expect(await counter.cardsOf(elderId)).toEqual([[uid, 'ACTIVE']]);
  });

  it('ten times at once happens once', async () => {
    const { uid } = await addDiner(town);
    const results = await Promise.all(Array.from({ length: 10 }, () => counter.reportLost(uid)));
    expect(refusals(results)).toEqual(Array(9).fill('CARD_NOT_ACTIVE'));
  });
});

describe('the life of a card, as its table says', () => {
  it.each(cardStatuses)('%s, reported lost', async (status) => {
    const { elderId, uid } = await addDiner(town, { balanceFen: 0 });
    await counter.force(uid, status);
    const after = cardStatusAfter(status, 'REPORT_LOST');
    const result = await counter.reportLost(uid);
    if (after) expect(result).toMatchObject({ uid, status: after });
    else expect(result).toMatchObject({ refused: 'CARD_NOT_ACTIVE', field: ['cardUid'] });
    expect(await counter.cardsOf(elderId)).toEqual([[uid, after ?? status]]);
  });

  it.each(cardStatuses)('%s, replaced', async (status) => {
    const { elderId, uid } = await addDiner(town, { balanceFen: 0 });
    await counter.force(uid, status);
    const after = cardStatusAfter(status, 'REPLACE');
    const newCardUid = newUid();
    const result = await counter.replace(uid, newCardUid);
    if (after) expect(result).toMatchObject({ uid: newCardUid, status: 'ACTIVE' });
    else expect(result).toMatchObject({ refused: 'CARD_NOT_ACTIVE', field: ['cardUid'] });
    const old: [string, CardStatus] = [uid, after ?? status];
    expect(await counter.cardsOf(elderId)).toEqual(after ? [old, [newCardUid, 'ACTIVE']] : [old]);
  });
});

describe('the card of an elder', () => {
  it('is the active one, else the last; nobody without a card is in the answer', async () => {
    const bare = await counter.newElder();
    const [replaced, lost] = [
      await addDiner(town, { balanceFen: 250 }),
      await addDiner(town, { balanceFen: 0 }),
    ];
    const [active, last] = [newUid(), newUid()];
    await counter.replace(replaced.uid, active);
    await counter.replace(lost.uid, last);
    await counter.reportLost(last);
    const elderIds = [bare, replaced.elderId, lost.elderId];
    const cards = await open.database.read((manager) => cardsOfElders(manager, elderIds, today));
    expect([...cards].map(([elderId, { uid }]) => [elderId, uid]).sort()).toEqual([
      [replaced.elderId, active],
      [lost.elderId, last],
    ]);
    const balances = await open.database.read((manager) => balancesOfElders(manager, elderIds));
    expect(balances).toEqual(
      new Map([
        [replaced.elderId, 250],
        [lost.elderId, 0],
      ]),
    );
  });
});
