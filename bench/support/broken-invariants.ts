import type { EntityManager } from 'typeorm';
import { invariants } from '../../src/audit/invariants.js';
import { runChecks } from '../../src/shared/audit-check.js';

/** What `npm run audit` would say of this database, less what holds: a line for each invariant that is broken. */
export async function brokenInvariants(manager: EntityManager): Promise<string[]> {
  const lines: string[] = [];
  await runChecks(manager, invariants, (line) => lines.push(line));
  return lines.filter((line) => !line.startsWith('holds'));
}
