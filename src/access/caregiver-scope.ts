import type { Scope } from '../network/scope.js';
import type { Caller } from './caller.js';
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
