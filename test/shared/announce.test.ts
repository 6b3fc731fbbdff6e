import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { announce } from '../../src/shared/live/announce.js';
import { topicKind } from '../../src/shared/live/live-event.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';

let on: TestDatabase;
/** What was told, and whether its row could be read by then. */
let told: { id: number; isCommitted: Promise<boolean> }[];
beforeAll(async () => {
  on = await openTestDatabase();
  on.database.onAnnounced = (events) => {
    for (const { payload } of events) {
      const id = Number(payload.id);
      told.push({ id, isCommitted: isThere(id) });
    }
  };
});
beforeEach(() => {
  told = [];
});
afterAll(() => on.drop());

const topic = topicKind<{ id: number }>('tests/row', ({ id }) => id)(1);
const bucket = (id: number) => `announced-${id}`;

async function isThere(id: number): Promise<boolean> {
  const rows: unknown[] = await on.database.read((manager) =>
    manager.query('SELECT bucketKey FROM rate_bucket WHERE bucketKey = ?', [bucket(id)]),
  );
  return rows.length === 1;
}

async function add(manager: EntityManager, id: number): Promise<void> {
  announce(manager, topic, { id });
  await manager.query('INSERT INTO rate_bucket (bucketKey, fullAt) VALUES (?, 0)', [bucket(id)]);
}

const toldIds = () => told.map(({ id }) => id);

it('tells after the commit, and then what it tells of can be read', async () => {
  await on.database.write(async (manager) => {
    await add(manager, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told).toEqual([]);
  });
  expect(toldIds()).toEqual([1]);
  expect(await told[0]?.isCommitted).toBe(true);
});

it('a transaction that is rolled back tells nothing, nor does the one after it in its place', async () => {
  const failing = on.database.write(async (manager) => {
    await add(manager, 2);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await on.database.write((manager) => add(manager, 3));
  expect(toldIds()).toEqual([3]);
});

it('a transaction that runs again tells what its last run announced, once', async () => {
  await on.database.write((manager) => add(manager, 4));
  told = [];
  let runs = 0;
  await on.database.write(async (manager) => {
    runs += 1;
    // The first run meets a row that is there already, as one that lost a race does.
    await add(manager, runs === 1 ? 4 : 5);
  });
  expect(runs).toBe(2);
  expect(toldIds()).toEqual([5]);
});

it('transactions side by side tell each its own', async () => {
  const ids = Array.from({ length: 20 }, (_, index) => 100 + index);
  const work = ids.map((id) =>
    on.database.write(async (manager) => {
      await add(manager, id);
      if (id % 2 === 1) throw new Error('odd');
    }),
  );
  const ended = await Promise.allSettled(work);
  expect(ended.filter(({ status }) => status === 'rejected')).toHaveLength(10);
  expect(toldIds().sort((a, b) => a - b)).toEqual(ids.filter((id) => id % 2 === 0));
  for (const { isCommitted } of told) expect(await isCommitted).toBe(true);
});

it('what one transaction announces is told in its order', async () => {
  await on.database.write(async (manager) => {
    for (const id of [43, 41, 42]) await add(manager, id);
  });
  expect(toldIds()).toEqual([43, 41, 42]);
});

it('outside of a transaction, and after it, nothing can be announced', async () => {
  let kept: EntityManager | undefined;
  await on.database.write(async (manager) => {
    kept = manager;
  });
  expect(() => announce(kept as EntityManager, topic, { id: 1 })).toThrow('within a transaction');
  await on.database.read(async (manager) => {
    expect(() => announce(manager, topic, { id: 1 })).toThrow('within a transaction');
  });
  expect(told).toEqual([]);
  expect(['sqlite', 'mysql']).toContain(engine);
});
