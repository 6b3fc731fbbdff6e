import type { EntityManager } from 'typeorm';
import { narrowed, type Scope } from '../network/scope.js';
import { type SqlPart, withBeneath } from '../network/tree.js';
import { placeholders } from '../shared/statements.js';
import { rolesToGive } from './grant.rules.js';
import { type Asker, grantsOf, hasEnded, inForce, withinReach } from './grants.js';
import type { StaffAccount } from './staff-account.js';

/**
 * Accounts of people who hold, now, a role that the asker could take away, within one facility when it is
 * given, in the order of their numbers.
 */
export async function findStaffAccounts(
  manager: EntityManager,
  within: number | undefined,
  page: { afterId: number; rowsMax: number },
  scope: Scope,
  asker: Asker,
): Promise<StaffAccount[]> {
  const columns = 'DISTINCT account.id, account.name, staff_credential.userName';
  const found = await filtered(manager, columns, within, scope, asker);
  if (!found) return [];
  const rows: Omit<StaffAccount, 'grants'>[] = await manager.query(
    `${found.sql} AND account.id > ? ORDER BY account.id LIMIT ?`,
    [...found.parameters, page.afterId, page.rowsMax],
  );
  const ids = rows.map(({ id }) => id);
  const reached = await withinReach(manager, await grantsOf(manager, ids), asker);
  const living = reached.filter((grant) => !hasEnded(grant, asker.now));
  const accounts = rows.map((row) => ({
    ...row,
    grants: living.filter(({ accountId }) => accountId === row.id),
  }));
  // Whoever gives different roles at different places reaches less than all roles at all places.
  return accounts.filter((account) => account.grants.length > 0);
}

/** How many accounts `findStaffAccounts` has on all pages. */
export async function countStaffAccounts(
  manager: EntityManager,
  within: number | undefined,
  scope: Scope,
  asker: Asker,
): Promise<number> {
  const found = await filtered(manager, 'COUNT(DISTINCT account.id) AS count', within, scope, asker);
  if (!found) return 0;
  const rows: { count: number | string }[] = await manager.query(found.sql, found.parameters);
  return Number(rows[0]?.count);
}

/** Undefined when the asker may look nowhere there. */
async function filtered(
  manager: EntityManager,
  columns: string,
  within: number | undefined,
  scope: Scope,
  { caller, now, today }: Asker,
): Promise<SqlPart | undefined> {
  const roots = await narrowed(manager, scope, within, today);
  const roles = rolesToGive(caller);
  if (roots.length === 0 || roles.length === 0) return undefined;
  const beneath = roots === 'everywhere' ? undefined : withBeneath(roots, today);
  const place = beneath ? 'AND access_grant.facilityId IN (SELECT facilityId FROM beneath)' : '';
  return {
    sql: `${beneath?.sql ?? ''} SELECT ${columns} FROM staff_credential
        JOIN account ON account.id = staff_credential.accountId
        JOIN access_grant ON access_grant.accountId = account.id
       WHERE access_grant.role IN (${placeholders(roles)}) AND ${inForce} ${place}`,
    parameters: [...(beneath?.parameters ?? []), ...roles, now.getTime(), now.getTime()],
  };
}
