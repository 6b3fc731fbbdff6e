import 'reflect-metadata';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import libsql from 'libsql';
import type { Pool } from 'mysql2';
import { DataSource, type DataSourceOptions } from 'typeorm';
import * as entities from './entities/index.js';
import * as migrations from './migrations/index.js';
import { busyTimeoutMs, Database } from './src/shared/database.js';
import { keepCipher } from './src/shared/database-cipher.js';
import type { FieldKeys } from './src/shared/field-cipher.js';

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

export interface OpenOptions {
  /** How long a request waits for the database, in seconds; a command may wait for ever. */
  answerSecondsMax?: number;
  /**
   * On MySQL, several statements may go in one round trip. For the recorder of swipes, whose statements are
   * fixed: elsewhere it would turn a hole for one foreign statement into a hole for any.
   */
  statementsTogether?: boolean;
  /** With which identities are encrypted; whoever reads and writes none can do without. */
  identityKeys?: FieldKeys;
}

/** Options for the connection that writes, and on MySQL reads too. */
export function dataSourceOptions(
  url: DatabaseUrl,
  { statementsTogether = false }: OpenOptions = {},
): DataSourceOptions {
  if (isMysqlUrl(url)) {
    return {
      ...shared,
      type: 'mysql',
      url,
      poolSize,
      charset: 'utf8mb4',
      timezone: 'Z',
      connectTimeout: 10_000,
      multipleStatements: statementsTogether,
    };
  }
  return {
    ...shared,
    type: 'better-sqlite3',
    driver: libsql,
    database: url,
    enableWAL: true,
    timeout: busyTimeoutMs,
    prepareDatabase: (connection: SqliteConnection) => {
      // An acknowledged swipe must survive a power cut, which NORMAL does not promise under WAL.
      connection.pragma('synchronous = FULL');
      // Random ids touch index pages all over; the usual 2 MB would read them from the file again and again.
      connection.pragma('cache_size = -65536');
      // Copying the log back every 4 MB would write the same hot pages many times over; 64 MB do it less often.
      connection.pragma('wal_autocheckpoint = 16384');
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
export async function openDatabase(
  url: DatabaseUrl,
  options: OpenOptions = {},
): Promise<{ database: Database; writer: DataSource }> {
  if (isMysqlUrl(url)) {
    const writer = await new DataSource(dataSourceOptions(url, options)).initialize();
    await setSessions(writer);
    if (options.identityKeys) keepCipher(writer, options.identityKeys);
    return { database: new Database('mysql', writer, writer, options.answerSecondsMax), writer };
  }
  createSqliteFile(url);
  const writer = await new DataSource(dataSourceOptions(url)).initialize();
  const reader = await new DataSource(readerOptions(url)).initialize();
  for (const source of [writer, reader]) if (options.identityKeys) keepCipher(source, options.identityKeys);
  return { database: new Database('sqlite', writer, reader, options.answerSecondsMax), writer };
}

/**
 * It holds identities, so its owner alone may read it; the files beside it follow the mode of this one. A
 * file that is there is left alone: closing it here would drop the locks that SQLite holds on it anywhere in
 * this process, and another process would then take the log away from under a writer.
 */
function createSqliteFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
}

/**
 * What every session is told, whatever the server's own settings say.
 *
 * READ COMMITTED, because every write locks the contested parent row before it reads what hangs on it: what
 * it then reads must be the newest, not a snapshot from before it waited. Strict, so that nothing is cut off
 * in silence, and grouping as the standard has it, so that MariaDB refuses what MySQL would. And a lock is
 * waited for three seconds, not fifty: a server that lost its power in the middle of a transaction must not
 * stop a city's lunch until its connection times out.
 */
const sessionSettings = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  `SET SESSION sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO',
       innodb_lock_wait_timeout = 3`,
];

/** Said once for each connection: said before each transaction it would cost every batch a round trip. */
async function setSessions(source: DataSource): Promise<void> {
  const { pool } = source.driver as unknown as { pool: Pool };
  pool.on('connection', (connection) => {
    for (const setting of sessionSettings) {
      connection.query(setting, (error) => {
        // One that could not be set would read old rows behind its locks: better none than that one.
        if (error) connection.destroy();
      });
    }
  });
  // The connection that was opened before anybody listened; the pool has no other yet.
  for (const setting of sessionSettings) await source.query(setting);
}
