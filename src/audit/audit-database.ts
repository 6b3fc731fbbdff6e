import { existsSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { isMysqlUrl, openDatabase } from '../../ormconfig.js';
import { runChecks } from '../shared/audit-check.js';
import { invariants } from './invariants.js';

/** There is nothing that could be audited; the message says why. */
export class NothingToAudit extends Error {}

/**
 * Checks every invariant on a database, which it changes in nothing, and prints a line for each.
 * Returns how many are broken.
 * @throws NothingToAudit when there is no database file, or not with all the tables of this version
 */
export async function auditDatabase(databaseUrl: string, print: (line: string) => void): Promise<number> {
  // Opening it would make an empty one, and a mistyped path would pass for a database.
  if (!isMysqlUrl(databaseUrl) && !existsSync(databaseUrl)) {
    throw new NothingToAudit(`There is no database file ${databaseUrl}.`);
  }
  const { database, writer } = await openDatabase(databaseUrl);
  try {
    await checkTables(writer);
    return await database.read((manager) => runChecks(manager, invariants, print));
  } finally {
    await database.close();
  }
}

async function checkTables(writer: DataSource): Promise<void> {
  const runner = writer.createQueryRunner();
  try {
    if (!(await runner.hasTable('migrations'))) {
      throw new NothingToAudit('The database of DATABASE_URL has not been set up: it has no tables yet.');
    }
    const rows: { name: string }[] = await runner.query('SELECT name FROM migrations');
    const applied = new Set(rows.map(({ name }) => name));
    if (writer.migrations.some((migration) => !applied.has(migration.name ?? migration.constructor.name))) {
      throw new NothingToAudit(
        'The database of DATABASE_URL lacks migrations of this version: start the server once.',
      );
    }
  } finally {
    await runner.release();
  }
}
