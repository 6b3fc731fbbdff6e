import type { EntityManager } from 'typeorm';
import { expect } from 'vitest';
import { invariants, sealedInvariants } from '../../src/audit/invariants.js';
import { type AuditCheck, runChecks } from '../../src/shared/audit-check.js';
import type { Database } from '../../src/shared/database.js';

/** Fails with the broken checks when an invariant does not hold. */
export async function expectAuditClean(database: Database): Promise<void> {
  const said: string[] = [];
  const checks = [...invariants, ...sealedInvariants];
  await database.read((manager) => runChecks(manager, checks, (line) => said.push(line)));
  expect(said.filter((line) => !line.startsWith('holds'))).toEqual([]);
}

/** What checks say of the database with changes, which are taken back after. */
export async function saidWith(
  database: Database,
  checks: readonly AuditCheck[],
  change: (manager: EntityManager) => Promise<unknown>,
): Promise<string[]> {
  const said: string[] = [];
  const undone = new Error('taken back');
  const tried = database.write(async (manager) => {
    await change(manager);
    await runChecks(manager, checks, (line) => said.push(line));
    throw undone;
  });
  await expect(tried).rejects.toBe(undone);
  return said;
}

/** The names of the invariants that are broken with these changes, which are taken back after. */
export async function brokenWith(database: Database, changes: readonly string[]): Promise<string[]> {
  const said = await saidWith(database, invariants, async (manager) => {
    for (const sql of changes) await manager.query(sql);
  });
  return said.filter((line) => line.startsWith('BROKEN')).map((line) => line.slice('BROKEN '.length));
}
