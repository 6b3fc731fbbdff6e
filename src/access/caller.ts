import type { Role } from '../../entities/access/access-grant.entity.js';
import type { Scope } from '../network/scope.js';
import { policy, rolesFor } from './policy.js';

/** Who is calling, as the database knew it when the request came in. */
export interface Caller {
  accountId: number;
  name: string;
  /** Grants in force at that instant. */
  grants: readonly CallerGrant[];
  /** The token was revoked. Nothing is open to such a caller but the answer that says so. */
  revoked: boolean;
  /** The session of a person who signed in; undefined for a token that lasts. */
  sessionId?: number;
}

export interface CallerGrant {
  role: Role;
  /** The number of the grant. */
  id: number;
  /** Null for the whole network, and for a family member. */
  facilityId: number | null;
  /** The one elder of a family member's grant; null for every other role. */
  elderId: number | null;
  untilAt: Date | null;
  /** As the grant says; what it means for its role is the identityPolicy's. */
  showsIdentities: boolean;
}

/** True when the caller may ask `operation` somewhere. */
export function mayAsk(caller: Caller, operation: string): boolean {
  if (caller.revoked) return false;
  return typeof policy[operation] === 'string' || grantsFor(caller, operation).length > 0;
}

/** Where the caller may ask `operation`; an empty list when nowhere. */
export function scopeFor(caller: Caller, operation: string): Scope {
  return caller.revoked ? [] : scopeOf(grantsFor(caller, operation));
}

/**
 * What these grants cover together. A family member's covers an elder, and so no place; a caregiver's says at
 * which stations its own visits count (caregiver-scope.ts), and opens nothing else there.
 */
export function scopeOf(grants: readonly CallerGrant[]): Scope {
  const placed = grants.filter(({ elderId, role }) => elderId === null && role !== 'CAREGIVER');
  if (placed.some(({ facilityId }) => facilityId === null)) return 'everywhere';
  return placed.map(({ facilityId }) => facilityId).filter((id) => id !== null);
}

function grantsFor(caller: Caller, operation: string): readonly CallerGrant[] {
  const roles = rolesFor(operation);
  return caller.grants.filter(({ role }) => roles.includes(role));
}

/** The canteen of a card reader, which is the facility of its one READER grant. */
export function canteenOf(caller: Caller): number | undefined {
  return caller.grants.find(({ role }) => role === 'READER')?.facilityId ?? undefined;
}
