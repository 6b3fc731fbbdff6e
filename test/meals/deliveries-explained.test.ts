import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  deliveriesOfQuery,
  deliveriesOnQuery,
  lookInsQuery,
} from '../../src/meals/deliveries/find-deliveries.js';
import type { Statement } from '../../src/shared/statements.js';
import { addEntitled } from '../support/deliveries.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
afterAll(() => open.drop());

it.each<[string, (elderId: number) => Statement, string]>([
  [
    'a canteen',
    () =>
      deliveriesOnQuery(
        { canteenId: 1, day: today, meal: 'LUNCH', state: undefined },
        { afterId: 0, rowsMax: 10 },
      ),
    'ix_delivery_canteen',
  ],
  [
    'an elder',
    (elderId) => deliveriesOfQuery({ elderId, from: today, to: '2026-04-01' }, { afterId: 0, rowsMax: 10 }),
    'uq_delivery_live',
  ],
  ['looks in', () => lookInsQuery(today, { afterId: 0, rowsMax: 10 }, [1], today), 'ix_delivery_reason'],
])('what is asked of %s is found by its index', async (_what, query, index) => {
  const { sql, parameters } = query((await addEntitled(town)).elderId);
  const explain = engine === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
  const plan: object[] = await open.database.read((reader) =>
    reader.query(`${explain} ${sql}`, [...parameters]),
  );
  expect(JSON.stringify(plan)).toContain(index);
});
