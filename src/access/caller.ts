import type { Role } from '../../entities/access/access-grant.entity.js';
import type { Scope } from '../network/scope.js';
import { policy } from './policy.js';

/** Who is calling, as the database knew it when the request came in. */
export interface Caller {
  accountId: number;
  name: string;
  /** Grants in force at that instant. */
  grants: readonly CallerGrant[];
  /** The token was revoked. Nothing is open to such a caller but the answer that says so. */
  revoked: boolean;
}

export interface CallerGrant {
  role: Role;
  /** Null for the whole network. */
  facilityId: number | null;
  untilAt: Date | null;
  /** As the grant says; what it means for its role is the identityPolicy's. */
  showsIdentities: boolean;
}

/** True when one of the caller's roles may ask `operation` somewhere. */
export function mayAsk(caller: Caller, operation: string): boolean {
  return !caller.revoked && grantsFor(caller, operation).length > 0;
}

/** Where the caller may ask `operation`; an empty list when nowhere. */
export function scopeFor(caller: Caller, operation: string): Scope {
  if (caller.revoked) return [];
  const facilityIds = grantsFor(caller, operation).map(({ facilityId }) => facilityId);
  return facilityIds.includes(null) ? 'everywhere' : facilityIds.filter((id) => id !== null);
}

function grantsFor(caller: Caller, operation: string): readonly CallerGrant[] {
  const roles = policy[operation] ?? [];
  return caller.grants.filter(({ role }) => roles.includes(role));
}

/** The canteen of a card reader, which is the facility of its one READER grant. */
export function canteenOf(caller: Caller): number | undefined {
  return caller.grants.find(({ role }) => role === 'READER')?.facilityId ?? undefined;
}
