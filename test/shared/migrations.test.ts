import { statSync } from 'node:fs';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { afterEach, expect, it } from 'vitest';
import { dataSourceOptions, openDatabase } from '../../ormconfig.js';
import { migrate } from '../../src/shared/migrate.js';
import { emptyDatabase, engine, openMigratedDatabase, openTestDatabase } from '../support/test-database.js';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** What TypeORM would still change to make the tables those of the entities. */
async function differences(url: string): Promise<string[]> {
  const source = new DataSource(await optionsForComparison(url));
  await source.initialize();
  cleanUps.push(() => source.destroy());
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

/** Asked for by its own name, MariaDB's way of listing a default of NULL is understood. */
async function optionsForComparison(url: string): Promise<DataSourceOptions> {
  const options = dataSourceOptions(url);
  if (options.type !== 'mysql') return options;
  const source = await new DataSource(options).initialize();
  const [{ version }] = await source.query('SELECT VERSION() AS version');
  await source.destroy();
  return version.includes('MariaDB') ? ({ ...options, type: 'mariadb' } as DataSourceOptions) : options;
}

it('migrations leave nothing that the entities would change', async () => {
  const { url, drop } = await openMigratedDatabase();
  cleanUps.push(drop);
  expect(await differences(url)).toEqual([]);
});

/** The statement that makes each table, and which migrations were run. */
async function madeBy(writer: DataSource): Promise<unknown[]> {
  const migrations = await writer.query('SELECT timestamp, name FROM migrations ORDER BY id');
  if (engine === 'sqlite') {
    return [migrations, await writer.query('SELECT name, sql FROM sqlite_master ORDER BY type, name')];
  }
  const tables: object[] = await writer.query('SHOW TABLES');
  const names = tables.map((row) => String(Object.values(row)[0])).sort();
  const statements = names.map((name) => writer.query(`SHOW CREATE TABLE ${name}`));
  return [migrations, await Promise.all(statements)];
}

it('the database that every other test is given is what the migrations make', async () => {
  const migrated = await openMigratedDatabase();
  cleanUps.push(migrated.drop);
  const given = await openTestDatabase();
  cleanUps.push(given.drop);
  const wanted = await madeBy(migrated.writer);
  expect(JSON.stringify(wanted)).toContain('meal_card');
  expect(await madeBy(given.writer)).toEqual(wanted);
});

it('every check of an entity is in the database, by name', async () => {
  const { writer, drop } = await openMigratedDatabase();
  cleanUps.push(drop);
  const wanted = writer.entityMetadatas.flatMap(({ checks }) => checks.map(({ name }) => name)).sort();
  expect(wanted.length).toBeGreaterThan(10);
  const found: { text: string }[] =
    engine === 'mysql'
      ? await writer.query(
          `SELECT CONSTRAINT_NAME AS text FROM information_schema.TABLE_CONSTRAINTS
            WHERE CONSTRAINT_TYPE = 'CHECK' AND CONSTRAINT_SCHEMA = DATABASE()`,
        )
      : await writer.query("SELECT sql AS text FROM sqlite_master WHERE type = 'table'");
  const all = found.map(({ text }) => text).join('\n');
  for (const name of wanted) expect(all).toContain(name);
});

it('a database that could hold no Chinese is refused by name, before anything is made in it', async () => {
  if (engine !== 'mysql') return;
  const { url, drop } = await emptyDatabase();
  cleanUps.push(drop);
  const { database, writer } = await openDatabase(url);
  cleanUps.push(() => database.close());
  await writer.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} CHARACTER SET latin1`);
  await expect(migrate(writer)).rejects.toThrow(/holds latin1 and must hold utf8mb4/);
  expect(await writer.query('SHOW TABLES')).toEqual([]);
});

it('two servers that start together migrate once', async () => {
  const { url, drop } = await emptyDatabase();
  cleanUps.push(drop);
  const opened = await Promise.all([openDatabase(url), openDatabase(url), openDatabase(url)]);
  for (const { database } of opened) cleanUps.push(() => database.close());
  await Promise.all(opened.map(({ writer }) => migrate(writer)));
  const rows = await opened[0].writer.query('SELECT COUNT(*) AS count FROM migrations');
  expect(Number(rows[0].count)).toBe(opened[0].writer.migrations.length);
});

it('a migration can be taken back', async () => {
  const { url, writer, drop } = await openMigratedDatabase();
  cleanUps.push(drop);
  for (const _ of writer.migrations) await writer.undoLastMigration();
  await migrate(writer);
  expect(await differences(url)).toEqual([]);
});

it('SQLite is durable: WAL, synchronous FULL, foreign keys on', async () => {
  if (engine !== 'sqlite') return;
  const { url, writer, drop } = await openMigratedDatabase();
  cleanUps.push(drop);
  expect(await writer.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  expect(await writer.query('PRAGMA synchronous')).toEqual([{ synchronous: 2 }]);
  expect(await writer.query('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1 }]);
  // Identities are in it: its owner alone may read it, and what SQLite keeps beside it.
  for (const file of [url, `${url}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o600);
});
