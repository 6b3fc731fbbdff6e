import { afterAll, beforeAll, expect, it } from 'vitest';
import { addFunder } from '../../src/meals/add-funder.js';
import { canteenSettlement } from '../../src/meals/canteen-settlement.js';
import { type TrialBalanceLine, trialBalance } from '../../src/meals/trial-balance.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, noon, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
afterAll(() => open.drop());

it('what moves from one funder to another is in the books of the canteen, though it gets nothing more', async () => {
  const other = { code: 'OTHER', name: '区民政局', level: 'DISTRICT' as const, divisionCode: '411302' };
  const added = await open.database.write((manager) => addFunder(manager, other));
  if (isRefusal(added)) throw new Error(added.refused);
  const [facilityId] = town.canteenIds;
  const postingId = await town.ids.take(1);
  // A meal that one of them paid the operator for was taken back, and a late one is paid for by the other.
  const shares = [
    { funderId: town.funderId, fen: -300 },
    { funderId: added.id, fen: 300 },
  ];
  await open.database.write((manager) =>
    canteenSettlement.owe(manager, { statementId: 1, facilityId, shares }, { postingId, now: noon }),
  );
  const asked = { within: facilityId, from: today, to: '2026-03-11', by: 'FUNDER' as const };
  const lines = (await open.database.read((manager) =>
    trialBalance(manager, asked, 'everywhere', today),
  )) as TrialBalanceLine[];
  expect(Object.fromEntries(lines.map(({ key, funderFen }) => [key, funderFen]))).toEqual({
    null: 0,
    [String(town.funderId)]: 300,
    [String(added.id)]: -300,
  });
});
