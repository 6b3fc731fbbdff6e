import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
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

/** A migrated database that nobody else uses. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const { url, drop } = await emptyDatabase();
  const { database, writer } = await openDatabase(url, { statementsTogether: true, identityKeys: testKeys });
  await migrate(writer);
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
export async function emptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  return engine === 'mysql' ? emptyMysql() : emptySqlite();
}

async function emptySqlite() {
  const folder = mkdtempSync(join(tmpdir(), 'yinling-test-'));
  return {
    url: join(folder, 'test.sqlite'),
    async drop() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function emptyMysql() {
  const server = new URL(inject('mysqlServerUrl'));
  const name = `yinling_test_${randomUUID().replaceAll('-', '')}`;
  const onServer = async (sql: string) => {
    const connection = await createConnection(new URL('/', server).toString());
    await connection.query(sql);
    await connection.end();
  };
  await onServer(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  return {
    url: new URL(`/${name}`, server).toString(),
    drop: () => onServer(`DROP DATABASE ${name}`),
  };
}
