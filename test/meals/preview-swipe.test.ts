import { afterAll, beforeAll, expect, it } from 'vitest';
import { CanteenTermsCache } from '../../src/meals/canteen-terms.js';
import { previewSwipe } from '../../src/meals/preview-swipe.js';
import { intakeOf, limits, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, countRows, noon, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
afterAll(() => open.drop());

async function preview(cardUid: string, grossFen: number, readerActive = true) {
  const [canteenId] = town.canteenIds;
  const terms = await new CanteenTermsCache(open.database, 0).of([{ canteenId, day: today }]);
  const tapped = { cardUid, grossFen, mode: 'DINE_IN' as const };
  return open.database.read((manager) =>
    previewSwipe(manager, { canteenId, readerActive, tap: tapped, now: noon, limits, terms }),
  );
}

it('says what the swipe then does, and writes nothing', async () => {
  const diner = await addDiner(town);
  const before = [await countRows(open, 'swipe'), await countRows(open, 'ledger_entry')];
  const said = await preview(diner.uid.toLowerCase(), 1200);
  expect([await countRows(open, 'swipe'), await countRows(open, 'ledger_entry')]).toEqual(before);
  expect(said).toEqual({
    outcome: 'ACCEPTED',
    reviewReason: null,
    field: null,
    elderName: '王**',
    subsidyFen: 300,
    discountFen: 0,
    selfPaidFen: 900,
    balanceFen: 9100,
  });
  const { outcome, receipt } = await intakeOf(town).record(tap(town, { cardUid: diner.uid }));
  const { subsidyFen, discountFen, selfPaidFen, balanceFen } = said;
  expect(outcome).toBe(said.outcome);
  expect(receipt).toMatchObject({ subsidyFen, discountFen, selfPaidFen, balanceFen });
});

it('says what stands in the way, and shows nothing of a card to a revoked reader', async () => {
  const poor = await addDiner(town, { balanceFen: 10 });
  expect(await preview(poor.uid, 1200)).toMatchObject({ outcome: 'INSUFFICIENT_BALANCE', balanceFen: 10 });
  expect(await preview(poor.uid, 0)).toMatchObject({ outcome: 'PRICE_OUT_OF_RANGE', field: 'grossFen' });
  expect(await preview('FFFFFFFF', 1200)).toMatchObject({
    outcome: 'CARD_UNKNOWN',
    elderName: null,
    balanceFen: null,
  });
  expect(await preview(poor.uid, 1200, false)).toMatchObject({
    outcome: 'READER_NOT_ACTIVE',
    elderName: null,
  });
});
