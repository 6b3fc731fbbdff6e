import { setTimeout } from 'node:timers/promises';
import libsql from 'libsql';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Insert } from '../../src/shared/statements.js';

/** Writes rows as fast as the engine takes them, on a connection that checks no reference and waits for no disk. */
export interface RowWriter {
  /** All of them in one transaction. */
  write(inserts: readonly Insert[]): Promise<void>;
  close(): Promise<void>;
}

export function rowWriter(databaseUrl: string): Promise<RowWriter> {
  return databaseUrl.startsWith('mysql:') ? mysqlWriter(databaseUrl) : sqliteWriter(databaseUrl);
}

/** Below a megabyte of text, of which the server takes sixteen at a time. */
const rowsPerStatement = 2000;

const cleanSecondsMax = 300;
const dirtyPagesLeft = 100;

async function mysqlWriter(url: string): Promise<RowWriter> {
  const connection = await createConnection(url);
  await connection.query('SET SESSION foreign_key_checks = 0, unique_checks = 0');
  await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0');
  return {
    async write(inserts) {
      await connection.beginTransaction();
      for (const insert of inserts) await insertInParts(connection, insert);
      await connection.commit();
    },
    async close() {
      await cleanPages(connection);
      await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1');
      await connection.end();
    },
  };
}

/** Waits until the pages that were written to are on the disk, so that nobody measures the writing of them. */
async function cleanPages(connection: Connection): Promise<void> {
  const hurry = { innodb_io_capacity_max: 20_000, innodb_io_capacity: 20_000, innodb_max_dirty_pages_pct: 0 };
  for (const [name, value] of Object.entries(hurry)) await connection.query(`SET GLOBAL ${name} = ${value}`);
  const deadline = Date.now() + cleanSecondsMax * 1000;
  while ((await dirtyPages(connection)) > dirtyPagesLeft) {
    if (Date.now() > deadline) throw new Error(`the pages were not on the disk after ${cleanSecondsMax} s`);
    await setTimeout(500);
  }
  for (const name of Object.keys(hurry).reverse()) await connection.query(`SET GLOBAL ${name} = DEFAULT`);
}

async function dirtyPages(connection: Connection): Promise<number> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    "SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'",
  );
  return Number(row?.Value);
}

async function insertInParts(connection: Connection, { table, columns, rows }: Insert): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    await connection.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ?`, [
      rows.slice(from, from + rowsPerStatement),
    ]);
  }
}

async function sqliteWriter(path: string): Promise<RowWriter> {
  const connection = new libsql(path, { timeout: 5000 });
  const settings = ['journal_mode = WAL', 'synchronous = OFF', 'foreign_keys = OFF', 'cache_size = -1000000'];
  for (const setting of settings) connection.pragma(setting);
  return {
    async write(inserts) {
      connection.exec('BEGIN IMMEDIATE');
      for (const { table, columns, rows } of inserts) {
        const places = columns.map(() => '?').join(', ');
        const statement = connection.prepare(
          `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`,
        );
        for (const row of rows) statement.run([...row]);
      }
      connection.exec('COMMIT');
    },
    async close() {
      connection.pragma('wal_checkpoint(TRUNCATE)');
      connection.close();
    },
  };
}
