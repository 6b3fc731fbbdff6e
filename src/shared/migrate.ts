import type { DataSource, QueryRunner } from 'typeorm';
import { isTransient } from './database.js';
import { confirmKeys, findCipher } from './database-cipher.js';

/** How long a second server waits while the first one migrates. */
const waitSeconds = 60;

/**
 * Brings the tables up to date. Two servers that start together must not both do it, so MySQL's named
 * lock, or an exclusive SQLite transaction, lets one at a time look and run; the second finds nothing to do.
 */
export async function migrate(writer: DataSource): Promise<void> {
  if (writer.options.type === 'mysql') await migrateMysql(writer);
  else await migrateSqlite(writer);
}

async function migrateMysql(writer: DataSource): Promise<void> {
  const runner = writer.createQueryRunner();
  const [{ name }] = await runner.query("SELECT CONCAT('yinling-migrate-', DATABASE()) AS name");
  try {
    const [row] = await runner.query('SELECT GET_LOCK(?, ?) AS taken', [name, waitSeconds]);
    if (Number(row?.taken) !== 1)
      throw new Error(`another server held the migration lock for ${waitSeconds} s`);
    await requireUnicode(runner);
    await writer.runMigrations();
    await confirmOwnKeys(writer);
  } finally {
    await runner.query('SELECT RELEASE_LOCK(?)', [name]);
    await runner.release();
  }
}

/** Where the database was opened with keys, they must be its own. @throws WrongKeys when they are not */
async function confirmOwnKeys(writer: DataSource): Promise<void> {
  const cipher = findCipher(writer);
  if (cipher) await confirmKeys(writer, cipher);
}

/** A database made with MariaDB's old default could not hold a single Chinese name. */
async function requireUnicode(runner: QueryRunner): Promise<void> {
  const [row] = await runner.query('SELECT DATABASE() AS name, @@character_set_database AS characters');
  if (row.characters === 'utf8mb4') return;
  throw new Error(
    `the database ${row.name} holds ${row.characters} and must hold utf8mb4: ALTER DATABASE ${row.name} CHARACTER SET utf8mb4`,
  );
}

/** SQLite takes DDL into transactions, so all of it happens inside one that keeps other writers out. */
async function migrateSqlite(writer: DataSource): Promise<void> {
  await whenFree(writer, 'BEGIN IMMEDIATE');
  let takesSecretsOut = false;
  try {
    const applied = await writer.runMigrations({ transaction: 'none' });
    await confirmOwnKeys(writer);
    await writer.query('COMMIT');
    takesSecretsOut = applied.some(({ instance }) => instance && 'takesSecretsOut' in instance);
  } catch (error) {
    await writer.query('ROLLBACK');
    throw error;
  }
  if (!takesSecretsOut) return;
  // Written anew, the file has no page left in which they stood; emptied, the log beside it neither.
  await whenFree(writer, 'VACUUM');
  await writer.query('PRAGMA wal_checkpoint(TRUNCATE)');
}

/** Says what no other process may be writing beside, as soon as none is. */
async function whenFree(writer: DataSource, sql: string): Promise<void> {
  const deadlineMs = performance.now() + waitSeconds * 1000;
  for (;;) {
    try {
      await writer.query(sql);
      return;
    } catch (error) {
      if (!isTransient(error) || performance.now() > deadlineMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
