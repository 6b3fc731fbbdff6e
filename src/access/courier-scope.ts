import type { Scope } from '../network/scope.js';
import type { Caller } from './caller.js';
import { rolesFor } from './policy.js';

/**
 * At which facilities, and beneath, the caller's own deliveries count when it asks `operation`; none for whoever is no
 * courier now, whatever was once given to it.
 */
export function courierScopeFor(caller: Caller, operation: string): Scope {
  if (caller.revoked || !rolesFor(operation).includes('COURIER')) return [];
  return caller.grants.filter(({ role }) => role === 'COURIER').flatMap(({ facilityId }) => facilityId ?? []);
}
