import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { type Database, forUpdate } from '../../src/shared/database.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { insertRows } from '../../src/shared/statements.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { countRows } from '../support/town.js';

let open: TestDatabase;

beforeAll(async () => {
  open = await openTestDatabase();
});
beforeEach(async () => {
  await open.database.write((manager) => manager.query('DELETE FROM funder'));
});
afterAll(() => open.drop());

const addFunder = (manager: EntityManager, code: string) =>
  insertRows(manager, 'funder', ['code', 'name'], [[code, 'x']]);

const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

it('a write that fails takes none of the rows of writes beside it', async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      open.database.write(async (manager) => {
        await addFunder(manager, `F${index}`);
        await pause();
        if (index % 2) throw new Error('changed my mind');
      }),
    ),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  expect(await countRows(open, 'funder')).toBe(10);
});

it('a read never sees a row that is not committed', async () => {
  let seen = -1;
  const writing = open.database.write(async (manager) => {
    await addFunder(manager, 'A');
    await pause();
    seen = await countRows(open, 'funder');
  });
  await writing;
  expect(seen).toBe(0);
  expect(await countRows(open, 'funder')).toBe(1);
});

it('of two writes that lock in opposite order both are done', async () => {
  await open.database.write(async (manager) => {
    await addFunder(manager, 'A');
    await addFunder(manager, 'B');
  });
  const lock = (manager: EntityManager, code: string) =>
    manager.query(`SELECT id FROM funder WHERE code = ?${forUpdate(manager)}`, [code]);
  const both = (first: string, second: string) =>
    open.database.write(async (manager) => {
      await lock(manager, first);
      await pause();
      await lock(manager, second);
      await manager.query('UPDATE funder SET name = CONCAT(name, ?) WHERE code = ?', ['y', first]);
    });
  await Promise.all([both('A', 'B'), both('B', 'A'), both('A', 'B'), both('B', 'A')]);
  const rows = await open.database.read((manager) => manager.query('SELECT name FROM funder ORDER BY code'));
  expect(rows).toEqual([{ name: 'xyy' }, { name: 'xyy' }]);
});

it('a unique key that another server took first is seen when the write runs again', async () => {
  const other = (await openDatabase(open.url)).database;
  const addOnce = (database: Database) =>
    database.write(async (manager) => {
      const found: unknown[] = await manager.query("SELECT id FROM funder WHERE code = 'ONCE'");
      if (found.length > 0) return 'found';
      await pause();
      await addFunder(manager, 'ONCE');
      return 'added';
    });
  const results = await Promise.all([addOnce(open.database), addOnce(other), addOnce(open.database)]);
  expect(results.sort()).toEqual(['added', 'found', 'found']);
  await other.close();
});

// The driver keeps the last hundred statements, and forgets the oldest when another comes.
it('a write that met the lock of another process is done when the lock is gone, whatever was asked before', async () => {
  const other = await openDatabase(open.url);
  for (let statements = 94; statements <= 102; statements++) {
    const { database } = await openDatabase(open.url);
    await database.write(async (manager) => {
      for (let index = 0; index < statements; index++) await manager.query(`SELECT ${index}`);
    });
    const holding = other.database.write(async (manager) => {
      await addFunder(manager, `HELD${statements}`);
      await new Promise((resolve) => setTimeout(resolve, 60));
    });
    await Promise.all([holding, database.write((manager) => addFunder(manager, `MET${statements}`))]);
    await database.close();
  }
  expect(await countRows(open, 'funder')).toBe(18);
  await other.database.close();
});

it('a caller is told when the database does not answer, and the next ones are served', async () => {
  const impatient = (await openDatabase(open.url, { answerSecondsMax: 0.2 })).database;
  const slow = impatient.read(async (manager) => {
    await manager.query('SELECT 1');
    await new Promise((resolve) => setTimeout(resolve, 1000));
  });
  await expect(slow).rejects.toThrow('did not answer within 0.2 s');
  expect(await impatient.read((manager) => manager.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  await impatient.close();
});

it('sessions are strict on MySQL, wait briefly for locks and read what is committed', async () => {
  if (engine !== 'mysql') return;
  const rows: { Variable_name: string; Value: string }[] = await open.database.read((manager) =>
    manager.query(
      "SHOW VARIABLES WHERE Variable_name IN ('sql_mode', 'innodb_lock_wait_timeout') OR Variable_name LIKE 't%\\_isolation'",
    ),
  );
  const values = rows.map(({ Value }) => Value);
  expect(values).toHaveLength(3);
  expect(values).toEqual(expect.arrayContaining(['3', 'READ-COMMITTED']));
  expect(values).toContainEqual(expect.stringMatching(/ONLY_FULL_GROUP_BY.*STRICT_ALL_TABLES/));
});

it('ids of two servers are all different, whatever is asked at once', async () => {
  const other = (await openDatabase(open.url)).database;
  const servers = [new IdBlocks(open.database, 50), new IdBlocks(other, 50)] as const;
  const firsts = await Promise.all(
    Array.from({ length: 60 }, (_, index) => servers[index % 2 ? 0 : 1].take(7)),
  );
  const ids = firsts.flatMap((first) => Array.from({ length: 7 }, (_, offset) => first + offset));
  expect(new Set(ids).size).toBe(420);
  await other.close();
});
