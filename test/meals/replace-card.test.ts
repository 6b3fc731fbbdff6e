import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CardReplacement, type MealCard } from '../../entities/index.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import { Counter, refusals } from '../support/counter.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, balanceOf, noon, today } from '../support/town.js';
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

describe('replacing a card', () => {
  it('gives the elder the new one, and the money stays where it is', async () => {
    const { elderId, uid } = await addDiner(town, { balanceFen: 1234 });
    const before = await counter.rows();
    const newCardUid = newUid();
    const requestId = randomUUID().toUpperCase();
    const card = await counter.replace(uid, newCardUid.toLowerCase(), { requestId, scope: [town.countyId] });
    expect(card).toMatchObject({ uid: newCardUid, elderId, status: 'ACTIVE', issuedOn: today });
    expect(await counter.cardsOf(elderId)).toEqual([
      [uid, 'REPLACED'],
      [newCardUid, 'ACTIVE'],
    ]);
    expect(await balanceOf(town, elderId)).toBe(1234);
    expect(await counter.rows()).toEqual({
      ...before,
      cards: before.cards + 1,
      replacements: before.replacements + 1,
    });
    const stored = await open.database.read((manager) =>
      manager.findOneByOrFail(CardReplacement, { requestId: requestId.toLowerCase() }),
    );
    expect(stored).toMatchObject({ newCardId: (card as MealCard).id, at: noon });
  });

  it('with the same request id gives the first answer, however late', async () => {
    const { elderId, uid } = await addDiner(town, { balanceFen: 0 });
    const [second, third] = [newUid(), newUid()];
    const requestId = randomUUID();
    const first = await counter.replace(uid, second, { requestId });
    expect(await counter.replace(uid, second.toLowerCase(), { requestId: requestId.toUpperCase() })).toEqual(
      first,
    );
    await counter.replace(second, third);
    // The first answer was this card; it is shown as it is now.
    expect(await counter.replace(uid, second, { requestId })).toMatchObject({
      uid: second,
      status: 'REPLACED',
    });
    await counter.end(elderId);
    expect(await counter.replace(uid, second, { requestId })).toMatchObject({ uid: second });
    expect(await counter.cardsOf(elderId)).toHaveLength(3);
  });

  it('with the same request id and anything else is refused', async () => {
    const [diner, another] = [await addDiner(town), await addDiner(town)];
    const requestId = randomUUID();
    const newCardUid = newUid();
    await counter.replace(diner.uid, newCardUid, { requestId });
    const before = await counter.rows();
    const reused = { refused: 'REQUEST_ID_REUSED', field: ['requestId'] };
    expect(await counter.replace(diner.uid, newUid(), { requestId })).toMatchObject(reused);
    expect(await counter.replace(another.uid, newCardUid, { requestId })).toMatchObject(reused);
    expect(await counter.replace(another.uid, newUid(), { requestId })).toMatchObject(reused);
    expect(await counter.replace(newCardUid, newUid(), { requestId })).toMatchObject(reused);
    expect(await counter.replace('00000000', newUid(), { requestId })).toMatchObject(reused);
    expect(await counter.rows()).toEqual(before);
    expect(await counter.cardsOf(another.elderId)).toEqual([[another.uid, 'ACTIVE']]);
  });

  it('is refused in the order of precedence, and writes nothing', async () => {
    const [taken, dead, twice] = [await addDiner(town), await addDiner(town), await addDiner(town)];
    await counter.end(dead.elderId);
    await counter.reportLost(twice.uid);
    await counter.issue(twice.elderId, newUid());
    const gone = await addDiner(town);
    await counter.force(gone.uid, 'CLOSED');
    await counter.end(gone.elderId);
    const plain = await addDiner(town);
    const before = await counter.rows();
    const codes = refusals([
      await counter.replace('00000000', 'G', { requestId: 'not a UUID' }),
      await counter.replace('00000000', 'G'),
      await counter.replace('00000000', taken.uid),
      await counter.replace(gone.uid, taken.uid),
      await counter.replace(dead.uid, taken.uid),
      await counter.replace(twice.uid, taken.uid),
      await counter.replace(plain.uid, taken.uid),
      await counter.replace(plain.uid, plain.uid),
    ]);
    expect(codes).toEqual([
      'REQUEST_ID_MALFORMED',
      'UID_MALFORMED',
      'CARD_UNKNOWN',
      'CARD_NOT_ACTIVE',
      'ELDER_NOT_ACTIVE',
      'ELDER_HAS_CARD',
      'UID_TAKEN',
      'UID_TAKEN',
    ]);
    expect(await counter.rows()).toEqual(before);
    expect(await counter.cardsOf(plain.elderId)).toEqual([[plain.uid, 'ACTIVE']]);
  });

  it('out of scope is refused as for nobody', async () => {
    const { elderId, uid } = await addDiner(town);
    const unknown = await counter.replace('00000000', newUid());
    expect(unknown).toMatchObject({ refused: 'CARD_UNKNOWN', field: ['cardUid'] });
    expect(await counter.replace(uid, newUid(), { scope: [town.otherCountyId] })).toEqual(unknown);
    expect(await counter.cardsOf(elderId)).toEqual([[uid, 'ACTIVE']]);
  });

  it('by ten different cards at once happens once', async () => {
    const { elderId, uid } = await addDiner(town, { balanceFen: 900 });
    const results = await Promise.all(Array.from({ length: 10 }, () => counter.replace(uid, newUid())));
    expect(refusals(results)).toEqual(Array(9).fill('CARD_NOT_ACTIVE'));
    expect((await counter.cardsOf(elderId)).map(([, status]) => status)).toEqual(['REPLACED', 'ACTIVE']);
    expect(await balanceOf(town, elderId)).toBe(900);
  });

  it('by the same request ten times at once happens once, and all get its answer', async () => {
    const { elderId, uid } = await addDiner(town);
    const [newCardUid, requestId] = [newUid(), randomUUID()];
    const results = await Promise.all(
      Array.from({ length: 10 }, () => counter.replace(uid, newCardUid, { requestId })),
    );
    expect(refusals(results)).toEqual([]);
    expect(new Set(results.map((result) => 'id' in result && result.id)).size).toBe(1);
    expect(await counter.cardsOf(elderId)).toEqual([
      [uid, 'REPLACED'],
      [newCardUid, 'ACTIVE'],
    ]);
  });

  it('of ten elders by one new card at once gives it to one, and the others keep theirs', async () => {
    const diners = await Promise.all(Array.from({ length: 10 }, () => addDiner(town, { balanceFen: 0 })));
    const newCardUid = newUid();
    const results = await Promise.all(diners.map(({ uid }) => counter.replace(uid, newCardUid)));
    expect(refusals(results)).toEqual(Array(9).fill('UID_TAKEN'));
    const kept = await Promise.all(diners.map(({ elderId }) => counter.cardsOf(elderId)));
    expect(kept.filter(([first]) => first?.[1] === 'ACTIVE')).toHaveLength(9);
    expect(kept.flat()).toHaveLength(11);
  });

  it('of ten elders by one request id at once happens to one, and the others keep theirs', async () => {
    const diners = await Promise.all(Array.from({ length: 10 }, () => addDiner(town, { balanceFen: 0 })));
    const requestId = randomUUID();
    const results = await Promise.all(diners.map(({ uid }) => counter.replace(uid, newUid(), { requestId })));
    expect(refusals(results)).toEqual(Array(9).fill('REQUEST_ID_REUSED'));
    const kept = await Promise.all(diners.map(({ elderId }) => counter.cardsOf(elderId)));
    expect(kept.filter(([first]) => first?.[1] === 'ACTIVE')).toHaveLength(9);
    expect(kept.flat()).toHaveLength(11);
  });

  it('and reporting lost at once leave one active card', async () => {
    const { elderId, uid } = await addDiner(town);
    const newCardUid = newUid();
    const [lost, replaced] = await Promise.all([counter.reportLost(uid), counter.replace(uid, newCardUid)]);
    expect(replaced).toMatchObject({ uid: newCardUid, status: 'ACTIVE' });
    expect(isRefusal(lost) ? lost.refused : lost.status).toMatch(/^(LOST|CARD_NOT_ACTIVE)$/);
    expect(await counter.cardsOf(elderId)).toEqual([
      [uid, 'REPLACED'],
      [newCardUid, 'ACTIVE'],
    ]);
  });
});
