import { existsSync } from 'node:fs';
import type { DataSource, EntityManager } from 'typeorm';
import { isMysqlUrl, openDatabase } from '../../ormconfig.js';
import { type AuditCheck, runChecks } from '../shared/audit-check.js';
import type { FieldKeys } from '../shared/field-cipher.js';
import { invariants, sealedInvariants } from './invariants.js';

/** There is nothing that could be audited; the message says why. */
export class NothingToAudit extends Error {}

export interface Audited {
  checks: number;
  broken: number;
}

/**
 * Checks every invariant on a database, which it changes in nothing, and prints a line for each. With the
 * identity keys it also reads every encrypted value.
 * @throws NothingToAudit when there is no database file, or not with all the tables of this version
 */
export async function auditDatabase(
  databaseUrl: string,
  print: (line: string) => void,
  identityKeys?: FieldKeys,
): Promise<Audited> {
  // Opening it would make an empty one, and a mistyped path would pass for a database.
  if (!isMysqlUrl(databaseUrl) && !existsSync(databaseUrl)) {
    throw new NothingToAudit(`There is no database file ${databaseUrl}.`);
  }
  const { database, writer } = await openDatabase(databaseUrl, identityKeys ? { identityKeys } : {});
  try {
    await checkTables(writer);
    const checks = identityKeys ? [...invariants, ...sealedInvariants] : invariants;
    let broken = 0;
    for (const check of checks) broken += await database.read((manager) => checkOne(manager, check, print));
    return { checks: checks.length, broken };
  } finally {
    await database.close();
  }
}

/** Runs one check; what takes more than a second says how long it took. */
async function checkOne(
  manager: EntityManager,
  check: AuditCheck,
  print: (line: string) => void,
): Promise<number> {
  const began = performance.now();
  const lines: string[] = [];
  const broken = await runChecks(manager, [check], (line) => lines.push(line));
  const seconds = Math.round((performance.now() - began) / 1000);
  const [verdict, ...rows] = lines;
  print(seconds > 0 ? `${verdict} (${seconds} s)` : `${verdict}`);
  rows.forEach(print);
  return broken;
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
