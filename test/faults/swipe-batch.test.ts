import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAuditClean } from '../support/audited.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, countRows, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
afterAll(() => open.drop());

it('a swipe that the database cannot take spoils none of its neighbours', async () => {
  const diners = await Promise.all(Array.from({ length: 20 }, () => addDiner(town)));
  const intake = intakeOf(town);
  const requests = diners.map(({ uid }) => tap(town, { cardUid: uid }));
  // No reader has this account, so its row breaks a foreign key, which no rule foresees.
  const poison = { ...tap(town, { cardUid: diners[0]?.uid ?? '' }), readerId: 999_999 };
  const before = await countRows(open, 'swipe');
  const results = await Promise.allSettled(
    [...requests.slice(0, 10), poison, ...requests.slice(10)].map((request) => intake.record(request)),
  );
  expect(results[10]?.status).toBe('rejected');
  const answered = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.outcome] : []));
  expect(answered).toEqual(Array(20).fill('ACCEPTED'));
  expect(await countRows(open, 'swipe')).toBe(before + 20);
  await expectAuditClean(open.database);
});

it('when the database is gone every caller of the batch is told, and none waits for ever', async () => {
  const lost = await openTestDatabase();
  const lostTown = await buildTown(lost.database);
  const diners = await Promise.all([addDiner(lostTown), addDiner(lostTown)]);
  const intake = intakeOf(lostTown);
  await lost.drop();
  const results = await Promise.allSettled(
    diners.map(({ uid }) => intake.record(tap(lostTown, { cardUid: uid }))),
  );
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await intake.settled();
});
