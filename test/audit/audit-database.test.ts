import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { auditDatabase, NothingToAudit } from '../../src/audit/audit-database.js';
import { invariants } from '../../src/audit/invariants.js';
import { emptyDatabase, engine, openTestDatabase } from '../support/test-database.js';
import { buildTown } from '../support/town.js';

function refusalOf(url: string): Promise<unknown> {
  const silence = () => undefined;
  return auditDatabase(url, silence).catch((error) => error);
}

it('says a line for each check, and how many are broken', async () => {
  const test = await openTestDatabase();
  await buildTown(test.database);
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  expect(await auditDatabase(test.url, print)).toEqual({ checks: invariants.length, broken: 0 });
  expect(lines).toHaveLength(invariants.length);
  await test.database.write((manager) => manager.query("DELETE FROM ledger_account WHERE kind LIKE 'CAN%'"));
  expect(await auditDatabase(test.url, print)).toMatchObject({ broken: 1 });
  await test.drop();
});

it('says that a database is not there, not set up, or of an older version', async () => {
  const empty = await emptyDatabase();
  const missing = await refusalOf(empty.url);
  expect(missing).toBeInstanceOf(NothingToAudit);
  const absent = `There is no database file ${empty.url}.`;
  const bare = 'The database of DATABASE_URL has not been set up: it has no tables yet.';
  expect((missing as Error).message).toBe(engine === 'sqlite' ? absent : bare);
  expect(existsSync(empty.url)).toBe(false);
  await empty.drop();

  const test = await openTestDatabase();
  await test.database.write((manager) => manager.query('DELETE FROM migrations'));
  expect(await refusalOf(test.url)).toEqual(
    new NothingToAudit(
      'The database of DATABASE_URL lacks migrations of this version: start the server once.',
    ),
  );
  await test.database.write((manager) => manager.query('DROP TABLE migrations'));
  expect(await refusalOf(test.url)).toEqual(new NothingToAudit(bare));
  await test.drop();
});
