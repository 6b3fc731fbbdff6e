import { afterAll, beforeAll, expect, it } from 'vitest';
import { ObjectLimits } from '../../src/access/object-limits.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';

const rate = { burst: 5, perSecond: 1 };

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.drop());

it('limits of an object hold for all servers together', async () => {
  const servers = [1, 2, 3].map(() => new ObjectLimits(test.database, rate));
  const answers = await Promise.all(
    servers.flatMap((one) => Array.from({ length: 30 }, () => one.charge('card', 'A0000001', 1_000))),
  );
  // Each server lets ten through by itself, and all of them share five.
  expect(answers.filter((answer) => answer === null)).toHaveLength(3 * 10 + 5);
  expect(answers.filter((answer) => answer !== null && (answer <= 0 || answer > 1000))).toEqual([]);
  const [one] = servers;
  expect(await one?.charge('card', 'A0000001', 2_001)).toBeNull();
  expect(await one?.charge('card', 'A0000001', 2_001)).toBeGreaterThan(0);
});

it('buckets whose time is over are swept out of the table', async () => {
  const limits = new ObjectLimits(test.database, rate);
  for (let count = 0; count < 12; count++) await limits.charge('card', 'A0000002', 100_000);
  const rows: { fullAt: unknown }[] = await test.database.read((manager) =>
    manager.query('SELECT fullAt FROM rate_bucket'),
  );
  expect(rows.map(({ fullAt }) => Number(fullAt))).toEqual([102_000]);
});
