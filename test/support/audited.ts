import { expect } from 'vitest';
import { invariants, sealedInvariants } from '../../src/audit/invariants.js';
import { runChecks } from '../../src/shared/audit-check.js';
import type { Database } from '../../src/shared/database.js';

/** Fails with the broken checks when an invariant does not hold. */
export async function expectAuditClean(database: Database): Promise<void> {
  const said: string[] = [];
  const checks = [...invariants, ...sealedInvariants];
  await database.read((manager) => runChecks(manager, checks, (line) => said.push(line)));
  expect(said.filter((line) => !line.startsWith('holds'))).toEqual([]);
}
