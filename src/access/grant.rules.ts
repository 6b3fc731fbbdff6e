import type { Role } from '../../entities/access/access-grant.entity.js';
import type { Scope } from '../network/scope.js';
import { type Caller, scopeOf } from './caller.js';

const staffRoles = [
  'MANAGER',
  'STAFF',
  'CAREGIVER',
  'COURIER',
  'FINANCE',
  'AUDITOR',
] as const satisfies readonly Role[];

/**
 * Which roles the holder of a role may give and take away, where that role is held and beneath. Nobody gives
 * a role above their own. Readers are enrolled and families are let in by other ways.
 */
const givenBy: Partial<Record<Role, readonly Role[]>> = {
  ADMIN: ['ADMIN', ...staffRoles],
  MANAGER: staffRoles,
};

/** Where the caller may give and take away `role`; an empty list when nowhere. */
export function scopeToGive(caller: Caller, role: Role): Scope {
  if (caller.revoked) return [];
  return scopeOf(caller.grants.filter((grant) => givenBy[grant.role]?.includes(role)));
}

/** The roles that the caller may give somewhere. */
export function rolesToGive(caller: Caller): Role[] {
  return (['ADMIN', ...staffRoles] as const).filter((role) => scopeToGive(caller, role).length > 0);
}

/** An administrator of everything: whatever an account holds is within reach. */
export function isOverAll(caller: Caller): boolean {
  return (
    !caller.revoked && caller.grants.some(({ role, facilityId }) => role === 'ADMIN' && facilityId === null)
  );
}
