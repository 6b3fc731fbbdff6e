import type { Scope } from '../network/scope.js';
import type { Caller } from './caller.js';
import { type FieldGroup, groupPolicy } from './field-groups.js';
import { rolesFor } from './policy.js';

/**
 * At which facilities, and beneath, the caller's own visits count when it asks `operation`; none for whoever is no
 * caregiver now, whatever visits there were.
 */
export function caregiverScopeFor(caller: Caller, operation: string): Scope {
  if (caller.revoked || !rolesFor(operation).includes('CAREGIVER')) return [];
  return caller.grants
    .filter(({ role }) => role === 'CAREGIVER')
    .flatMap(({ facilityId }) => facilityId ?? []);
}

/** True when the caller sees `group` of the elders of its own visits, whatever its other grants say of other elders. */
export function showsOfVisited(caller: Caller, group: FieldGroup): boolean {
  return (
    !caller.revoked &&
    groupPolicy[group].CAREGIVER === 'always' &&
    caller.grants.some(({ role }) => role === 'CAREGIVER')
  );
}
