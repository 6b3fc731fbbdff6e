import type { EntityManager } from 'typeorm';
import type { Role } from '../../entities/access/access-grant.entity.js';
import { coveredAmong } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import type { Caller, CallerGrant } from './caller.js';
import { isOverAll, scopeToGive } from './grant.rules.js';

/** For a WHERE: the grant counts at an instant, which is given twice. */
export const inForce = 'fromAt <= ? AND (untilAt IS NULL OR untilAt > ?)';

/** A grant of some account, ended ones too. */
export interface StoredGrant extends CallerGrant {
  accountId: number;
}

/** Who asks about accounts, at what instant, and on which day of the tree. */
export interface Asker {
  caller: Caller;
  now: Date;
  today: Day;
}

export async function grantsOf(
  manager: EntityManager,
  accountIds: readonly number[],
): Promise<StoredGrant[]> {
  if (accountIds.length === 0) return [];
  const rows: GrantRow[] = await manager.query(
    `SELECT id, accountId, role, facilityId, elderId, untilAt, showsIdentities FROM access_grant
      WHERE accountId IN (${placeholders(accountIds)}) ORDER BY id`,
    [...accountIds],
  );
  return rows.map(storedGrant);
}

export async function findGrant(manager: EntityManager, id: number): Promise<StoredGrant | undefined> {
  const rows: GrantRow[] = await manager.query(
    'SELECT id, accountId, role, facilityId, elderId, untilAt, showsIdentities FROM access_grant WHERE id = ?',
    [id],
  );
  return rows[0] && storedGrant(rows[0]);
}

interface GrantRow {
  id: number;
  accountId: number;
  role: Role;
  facilityId: number | null;
  elderId: number | null;
  untilAt: number | string | null;
  showsIdentities: number | boolean;
}

function storedGrant({ untilAt, showsIdentities, ...row }: GrantRow): StoredGrant {
  return {
    ...row,
    untilAt: untilAt === null ? null : new Date(Number(untilAt)),
    showsIdentities: Boolean(showsIdentities),
  };
}

/** True when the grant has ended; one that is yet to begin has not. */
export function hasEnded({ untilAt }: CallerGrant, now: Date): boolean {
  return untilAt !== null && untilAt <= now;
}

/** Those of `grants` that the caller could give and take away, as the tree stands today. */
export async function withinReach(
  manager: EntityManager,
  grants: readonly StoredGrant[],
  { caller, today }: Asker,
): Promise<StoredGrant[]> {
  if (isOverAll(caller)) return [...grants];
  const reached = new Set<StoredGrant>();
  for (const role of new Set(grants.map((grant) => grant.role))) {
    const ofRole = grants.filter((grant) => grant.role === role);
    const facilityIds = ofRole.map(({ facilityId }) => facilityId).filter((id) => id !== null);
    const covered = await coveredAmong(manager, scopeToGive(caller, role), facilityIds, today);
    for (const grant of ofRole) {
      if (grant.facilityId !== null && covered.has(grant.facilityId)) reached.add(grant);
    }
  }
  return grants.filter((grant) => reached.has(grant));
}
