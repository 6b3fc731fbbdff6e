import { existsSync } from 'node:fs';
import type { DataSource, EntityManager } from 'typeorm';
import { isMysqlUrl, openDatabase } from '../../ormconfig.js';
import { brokenPhones } from '../access/audit-phones.js';
import { sealedTotp } from '../access/totp-secrets.js';
import { brokenIdentities } from '../elders/audit-identities.js';
import { sealedDoors } from '../elders/elder-door.js';
import { brokenOperatorShares } from '../meals/audit-operators.js';
import { sealedHeirs } from '../meals/heirs.js';
import { runChecks } from '../shared/audit-check.js';
import type { FieldKeys } from '../shared/field-cipher.js';
import { unreadableRows } from '../shared/rotate-keys.js';
import { misplacedHours } from '../visits/misplaced-hours.js';
import { invariants } from './invariants.js';

/** There is nothing that could be audited; the message says why. */
export class NothingToAudit extends Error {}

/**
 * Checks every invariant on a database, which it changes in nothing, and prints a line for each. With the
 * identity keys it also reads every encrypted value. Returns how many are broken.
 * @throws NothingToAudit when there is no database file, or not with all the tables of this version
 */
export async function auditDatabase(
  databaseUrl: string,
  print: (line: string) => void,
  identityKeys?: FieldKeys,
): Promise<number> {
  // Opening it would make an empty one, and a mistyped path would pass for a database.
  if (!isMysqlUrl(databaseUrl) && !existsSync(databaseUrl)) {
    throw new NothingToAudit(`There is no database file ${databaseUrl}.`);
  }
  const { database, writer } = await openDatabase(databaseUrl, identityKeys ? { identityKeys } : {});
  try {
    await checkTables(writer);
    const held = await database.read((manager) => runChecks(manager, invariants, print));
    const shares = 'what operators get is what their meals and the rules say';
    const hours = 'visits to come have hours of their own month or week reserved';
    const broken =
      held +
      (await database.read((manager) => checkEach(shares, brokenOperatorShares(manager), print))) +
      (await database.read((manager) => checkEach(hours, misplacedHours(manager), print)));
    if (!identityKeys) return broken;
    return broken + (await database.read((manager) => checkSealed(manager, print)));
  } finally {
    await database.close();
  }
}

/** How many offending rows are shown. */
const shownMax = 5;

/** How many of the kinds of encrypted values are broken. */
async function checkSealed(manager: EntityManager, print: (line: string) => void): Promise<number> {
  const files = "every encrypted value can be read and is its file's own";
  const phones = "every encrypted phone of a relative can be read and is its account's own";
  const heirs = 'every encrypted value of an heir can be read';
  const doors = "every encrypted door can be read and is its elder's own";
  const secrets = "every secret of one-time codes can be read and is its account's own";
  return (
    (await checkEach(secrets, unreadableRows(manager, sealedTotp), print)) +
    (await checkEach(doors, unreadableRows(manager, sealedDoors), print)) +
    (await checkEach(heirs, unreadableRows(manager, sealedHeirs), print)) +
    (await checkEach(phones, brokenPhones(manager), print)) +
    (await checkEach(files, brokenIdentities(manager), print))
  );
}

/** 1 when there is an offending row, else 0. */
async function checkEach(
  what: string,
  offending: AsyncIterable<object>,
  print: (line: string) => void,
): Promise<0 | 1> {
  let broken = 0;
  const shown: string[] = [];
  for await (const row of offending) {
    broken += 1;
    if (broken <= shownMax) shown.push(`         ${JSON.stringify(row)}`);
  }
  print(`${broken === 0 ? 'holds ' : 'BROKEN'} ${what}`);
  for (const line of shown) print(line);
  if (broken > shownMax) print(`         and ${broken - shownMax} more`);
  return broken === 0 ? 0 : 1;
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
