import 'reflect-metadata';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import libsql from 'libsql';
import { DataSource, type DataSourceOptions } from 'typeorm';
import * as entities from './entities/index.js';
import * as migrations from './migrations/index.js';
import { Database } from './src/shared/database.js';

/** Where the database is: the path of an SQLite file, or mysql://user:password@host:port/name. */
export type DatabaseUrl = string;

const shared = {
  entities: Object.values(entities),
  migrations: Object.values(migrations),
  // Each migration in a transaction of its own: MySQL commits at every CREATE TABLE anyway.
  migrationsTransactionMode: 'each' as const,
  synchronize: false,
  logging: false,
};

/** Connections per server on MySQL: writes are gathered, so few are busy at once. */
const poolSize = 12;

export function isMysqlUrl(url: DatabaseUrl): boolean {
  return url.startsWith('mysql://');
}

/** Options for the connection that writes, and on MySQL reads too. */
export function dataSourceOptions(url: DatabaseUrl): DataSourceOptions {
  if (isMysqlUrl(url)) {
    return {
      ...shared,
      type: 'mysql',
      url,
      poolSize,
      charset: 'utf8mb4',
      timezone: 'Z',
      // A prepared or pooled connection that hangs must not hang a canteen's queue.
      connectTimeout: 10_000,
    };
  }
  return {
    ...shared,
    type: 'better-sqlite3',
    driver: libsql,
    database: url,
    enableWAL: true,
    prepareDatabase: (connection: SqliteConnection) => {
      // An acknowledged swipe must survive a power cut, which NORMAL does not promise under WAL.
      connection.pragma('synchronous = FULL');
    },
  };
}

interface SqliteConnection {
  pragma(text: string): unknown;
}

function readerOptions(url: DatabaseUrl): DataSourceOptions {
  return {
    ...shared,
    type: 'better-sqlite3',
    driver: libsql,
    database: url,
    prepareDatabase: (connection: SqliteConnection) => {
      connection.pragma('query_only = ON');
    },
  };
}

/** Opens the database without touching its tables. */
export async function openDatabase(url: DatabaseUrl): Promise<{ database: Database; writer: DataSource }> {
  if (isMysqlUrl(url)) {
    const writer = await new DataSource(dataSourceOptions(url)).initialize();
    return { database: new Database('mysql', writer, writer), writer };
  }
  mkdirSync(dirname(url), { recursive: true });
  const writer = await new DataSource(dataSourceOptions(url)).initialize();
  const reader = await new DataSource(readerOptions(url)).initialize();
  return { database: new Database('sqlite', writer, reader), writer };
}
