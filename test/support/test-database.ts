import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { DataSource } from 'typeorm';
import { inject } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import type { Database, Engine } from '../../src/shared/database.js';
import { migrate } from '../../src/shared/migrate.js';
import { testKeys } from './test-keys.js';

/** The engine that this run of the file is for. */
export const engine: Engine = process.env.TEST_ENGINE === 'mysql' ? 'mysql' : 'sqlite';

export interface TestDatabase {
  url: string;
  database: Database;
  writer: DataSource;
  /** Closes it and throws it away. */
  drop(): Promise<void>;
}

/** A migrated database that nobody else uses: a copy of the one that was migrated for all tests. */
export async function openTestDatabase(): Promise<TestDatabase> {
  if (engine === 'mysql') return open(await makeMysql(inject('mysqlTemplate')));
  const opened = await open(await copiedSqlite());
  // No test of one process loses its power; those that are killed open their databases by themselves.
  await opened.writer.query('PRAGMA synchronous = OFF');
  return opened;
}

/** The same with the migrations run on it, for tests that are about them. */
export async function openMigratedDatabase(): Promise<TestDatabase> {
  const opened = await open(await emptyDatabase());
  await migrate(opened.writer);
  return opened;
}

interface MadeDatabase {
  url: string;
  drop(): Promise<void>;
}

async function open({ url, drop }: MadeDatabase): Promise<TestDatabase> {
  const { database, writer } = await openDatabase(url, { statementsTogether: true, identityKeys: testKeys });
  return {
    url,
    database,
    writer,
    async drop() {
      await database.close();
      await drop();
    },
  };
}

/** An empty database of this run's engine, and how to throw it away. */
export async function emptyDatabase(): Promise<MadeDatabase> {
  return engine === 'mysql' ? makeMysql() : emptySqlite();
}

async function copiedSqlite(): Promise<MadeDatabase> {
  const made = await emptySqlite();
  copyFileSync(inject('sqliteTemplate'), made.url);
  return made;
}

async function emptySqlite(): Promise<MadeDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'yinling-test-'));
  return {
    url: join(folder, 'test.sqlite'),
    async drop() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function makeMysql(statements?: string): Promise<MadeDatabase> {
  const server = new URL(inject('mysqlServerUrl'));
  const name = `yinling_test_${randomUUID().replaceAll('-', '')}`;
  const onServer = async (sql: string) => {
    const uri = new URL('/', server).toString();
    const connection = await createConnection({ uri, multipleStatements: true });
    await connection.query(sql);
    await connection.end();
  };
  const creation = `CREATE DATABASE ${name} CHARACTER SET utf8mb4`;
  await onServer(statements === undefined ? creation : `${creation};\nUSE ${name};\n${statements}`);
  return {
    url: new URL(`/${name}`, server).toString(),
    drop: () => onServer(`DROP DATABASE ${name}`),
  };
}
