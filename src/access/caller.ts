import type { FamilyRight, Role } from '../../entities/access/access-grant.entity.js';
import type { Scope } from '../network/scope.js';
import { closingGroup, type FieldGroup, groupPolicy } from './field-groups.js';
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
  /** As the grant says; what it means for its role is the groupPolicy's. */
  showsIdentities: boolean;
  /** What a relative was let in to; undefined for every other role. */
  rights?: readonly FamilyRight[];
  /** A first relative, who may let in others. */
  mayLetIn?: boolean;
}

/** True when the caller may ask `operation` somewhere. */
export function mayAsk(caller: Caller, operation: string): boolean {
  if (caller.revoked) return false;
  return typeof policy[operation] === 'string' || grantsFor(caller, operation).length > 0;
}

/**
 * True when not every grant of the caller opens `operation`: an object that one of them showed may then lie where none
 * opens the edge, and the edge has to ask about that object. Whoever has one role never has to be asked about twice.
 */
export function hasOtherGrants(caller: Caller, operation: string): boolean {
  return typeof policy[operation] !== 'string' && grantsFor(caller, operation).length < caller.grants.length;
}

/** Where the caller may ask `operation`; an empty list when nowhere. */
export function scopeFor(caller: Caller, operation: string): Scope {
  return caller.revoked ? [] : scopeOf(grantsFor(caller, operation));
}

/**
 * What these grants cover together. A family member's covers an elder, and so no place; a caregiver's says at
 * which stations its own visits count, a courier's at which canteens its own deliveries do (caregiver-scope.ts, courier-scope.ts), and opens
 * nothing else there.
 */
export function scopeOf(grants: readonly CallerGrant[]): Scope {
  const placed = grants.filter(
    ({ elderId, role }) => elderId === null && !['CAREGIVER', 'COURIER'].includes(role),
  );
  if (placed.some(({ facilityId }) => facilityId === null)) return 'everywhere';
  return placed.map(({ facilityId }) => facilityId).filter((id) => id !== null);
}

/** The elders that the caller may ask `operation` about as their relative. */
export function elderIdsFor(caller: Caller, operation: string): number[] {
  return caller.revoked ? [] : grantsFor(caller, operation).flatMap(({ elderId }) => elderId ?? []);
}

function grantsFor(caller: Caller, operation: string): readonly CallerGrant[] {
  const roles = rolesFor(operation);
  const group = closingGroup(operation);
  return caller.grants.filter(
    (grant) => roles.includes(grant.role) && (group === undefined || shows(grant, group)),
  );
}

/** True when the grant shows the fields of `group`, where it is held. */
export function shows({ role, rights, showsIdentities }: CallerGrant, group: FieldGroup): boolean {
  const showing = groupPolicy[group][role];
  if (showing !== 'by grant') return showing === 'always';
  return group === 'IDENTITY' ? showsIdentities : (rights?.includes(group) ?? false);
}

/**
 * Whether the caller sees fields of `group` of that elder: as a relative by right, else as somebody who works where the
 * elder is. Whoever holds no grant that does not show them need not be asked which grant it was that led to the elder.
 */
export function showsOf(caller: Caller, group: FieldGroup, elderId: number): 'yes' | 'no' | 'by place' {
  const showing = caller.grants.filter((grant) => shows(grant, group));
  if (showing.some((grant) => grant.elderId === elderId)) return 'yes';
  const atPlaces = showing.filter((grant) => grant.elderId === null);
  if (atPlaces.length === 0) return 'no';
  return atPlaces.length === caller.grants.length ? 'yes' : 'by place';
}

/** Where the caller's grants show `group`: the places alone. */
export function placesShowing(caller: Caller, group: FieldGroup): Scope {
  return caller.revoked ? [] : scopeOf(caller.grants.filter((grant) => shows(grant, group)));
}

/** The canteen of a card reader, which is the facility of its one READER grant. */
export function canteenOf(caller: Caller): number | undefined {
  return caller.grants.find(({ role }) => role === 'READER')?.facilityId ?? undefined;
}
