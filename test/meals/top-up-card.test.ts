import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Elder, MealCard } from '../../entities/index.js';
import { topUpCard } from '../../src/meals/top-up-card.js';
import type { Scope } from '../../src/network/scope.js';
import { expectAuditClean } from '../support/audited.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, balanceOf, buildTown, countRows, noon, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

async function paidIn(
  cardUid: string,
  fen: number,
  { requestId = randomUUID() as string, scope = 'everywhere' as Scope } = {},
) {
  const id = await town.ids.take(1);
  const request = { id, requestId, cardUid, fen, fenMax: 100_000, byId: town.managerId, now: noon };
  return open.database.write((manager) => topUpCard(manager, request, scope));
}

it("adds to the elder's own money; a retry changes nothing", async () => {
  const diner = await addDiner(town, { balanceFen: 500 });
  const requestId = randomUUID();
  const first = await paidIn(diner.uid, 2000, { requestId });
  expect(first).toMatchObject({ uid: diner.uid, status: 'ACTIVE' });
  expect(await paidIn(diner.uid.toLowerCase(), 2000, { requestId: requestId.toUpperCase() })).toEqual(first);
  expect(await balanceOf(town, diner.elderId)).toBe(2500);
});

it('refuses, by name and writing nothing', async () => {
  const diner = await addDiner(town);
  const lost = await addDiner(town);
  await open.database.write((manager) =>
    manager.update(MealCard, { uid: lost.uid }, { status: 'LOST', activeElderId: null, stoppedAt: noon }),
  );
  const requestId = randomUUID();
  await paidIn(diner.uid, 100, { requestId });
  const refusal = async (...given: Parameters<typeof paidIn>) => {
    const result = await paidIn(...given);
    return 'refused' in result ? `${result.refused} ${result.field}` : 'done';
  };
  const before = (await countRows(open, 'top_up')) + 1;
  expect(await refusal(diner.uid, 200, { requestId })).toBe('REQUEST_ID_REUSED requestId');
  expect(await refusal(lost.uid, 100, { requestId })).toBe('REQUEST_ID_REUSED requestId');
  expect(await refusal(diner.uid, 100, { requestId: 'no uuid' })).toBe('REQUEST_ID_MALFORMED requestId');
  expect(await refusal('FFFFFFFF', 100)).toBe('CARD_UNKNOWN cardUid');
  expect(await refusal(diner.uid.replace('A', 'Á'), 100)).toBe('CARD_UNKNOWN cardUid');
  const elsewhere = { scope: [town.canteenIds[0]] };
  expect(await refusal(diner.uid, 100, { requestId, ...elsewhere })).toBe('CARD_UNKNOWN cardUid');
  expect(await refusal(diner.uid, 100, { scope: [town.canteenIds[0]] })).toBe('CARD_UNKNOWN cardUid');
  expect(await refusal(lost.uid, 100)).toBe('CARD_NOT_ACTIVE cardUid');
  const gone = await addDiner(town);
  await open.database.write((manager) =>
    manager.update(Elder, { id: gone.elderId }, { status: 'DECEASED', endedOn: today }),
  );
  expect(await refusal(gone.uid, 100)).toBe('ELDER_NOT_ACTIVE cardUid');
  for (const fen of [0, -1, 100_001, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
    expect(await refusal(diner.uid, fen)).toBe('AMOUNT_OUT_OF_RANGE fen');
  }
  expect(await countRows(open, 'top_up')).toBe(before);
  expect(await refusal(diner.uid, 100_000, { scope: [town.countyId] })).toBe('done');
});

it('twenty retries at once pay in once, also when they name two cards', async () => {
  const [one, other] = [await addDiner(town, { balanceFen: 0 }), await addDiner(town, { balanceFen: 0 })];
  const requestId = randomUUID();
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) => paidIn(index % 2 ? one.uid : other.uid, 700, { requestId })),
  );
  const done = results.filter((result) => 'uid' in result);
  expect(done).toHaveLength(10);
  expect((await balanceOf(town, one.elderId)) + (await balanceOf(town, other.elderId))).toBe(700);
});
