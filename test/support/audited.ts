import { expect } from 'vitest';
import { brokenPhones } from '../../src/access/audit-phones.js';
import { invariants } from '../../src/audit/invariants.js';
import { brokenIdentities } from '../../src/elders/audit-identities.js';
import { brokenOperatorShares } from '../../src/meals/audit-operators.js';
import { runChecks } from '../../src/shared/audit-check.js';
import type { Database } from '../../src/shared/database.js';
import { misplacedHours } from '../../src/visits/misplaced-hours.js';

/** Fails with the broken checks when an invariant does not hold. */
export async function expectAuditClean(database: Database): Promise<void> {
  const said: string[] = [];
  await database.read((manager) => runChecks(manager, invariants, (line) => said.push(line)));
  await database.read(async (manager) => {
    for await (const broken of brokenOperatorShares(manager)) said.push(JSON.stringify(broken));
    for await (const broken of misplacedHours(manager)) said.push(JSON.stringify(broken));
    for await (const broken of brokenIdentities(manager)) said.push(JSON.stringify(broken));
    for await (const broken of brokenPhones(manager)) said.push(JSON.stringify(broken));
  });
  expect(said.filter((line) => !line.startsWith('holds'))).toEqual([]);
}
