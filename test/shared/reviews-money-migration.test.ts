import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../src/shared/migrate.js';
import { expectAuditClean } from '../support/audited.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;

/** A database of the version before: with meals for review that nobody could decide. */
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  const poor = await addDiner(town, { balanceFen: 0 });
  const rich = await addDiner(town);
  const intake = intakeOf(town);
  await intake.record(tap(town, { cardUid: poor.uid, offline: true, sequence: 1 }));
  await intake.record(tap(town, { cardUid: poor.uid, offline: true, sequence: 2 }));
  await intake.record(tap(town, { cardUid: rich.uid, sequence: 3 }));
  for (;;) {
    const [last] = await open.writer.query('SELECT name FROM migrations ORDER BY timestamp DESC LIMIT 1');
    await open.writer.undoLastMigration();
    if (last.name === 'ReviewsMoney1764100500000') break;
  }
  await open.writer.query("UPDATE swipe SET voidedAt = 1, voidReason = 'x' WHERE sequence = 2");
  await migrate(open.writer);
});
afterAll(() => open.drop());

it('opens a review for every meal that waits, and none for one that was voided', async () => {
  const rows = await open.writer.query(
    `SELECT s.sequence, r.reason, r.openCanteenId FROM swipe_review r JOIN swipe s ON s.id = r.id ORDER BY s.sequence`,
  );
  expect(rows).toEqual([
    { sequence: 1, reason: 'INSUFFICIENT_BALANCE', openCanteenId: town.canteenIds[0] },
    { sequence: 2, reason: 'INSUFFICIENT_BALANCE', openCanteenId: null },
  ]);
});

it('lets a review hold its meal from then on, but nothing that is voided or was refused', async () => {
  await open.writer.query("UPDATE swipe SET claimedMeal = 'LUNCH' WHERE sequence = 1");
  await open.writer.query('UPDATE swipe SET claimedMeal = NULL WHERE sequence = 1');
  const voided = open.writer.query("UPDATE swipe SET claimedMeal = 'LUNCH' WHERE sequence = 2");
  await expect(voided).rejects.toThrow(/ck_swipe_claim/);
  const accepted = open.writer.query('UPDATE swipe SET claimedMeal = NULL WHERE sequence = 3');
  await expect(accepted).rejects.toThrow(/ck_swipe_claim/);
});

it('leaves books that hold', async () => {
  // What was voided above by hand has no opposite posting.
  await open.writer.query('UPDATE swipe SET voidedAt = NULL, voidReason = NULL WHERE sequence = 2');
  await open.writer.query('UPDATE swipe_review SET openCanteenId = canteenId');
  await expectAuditClean(open.database);
});
