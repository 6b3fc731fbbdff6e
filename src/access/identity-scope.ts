import type { Scope } from '../network/scope.js';
import { type Caller, placesShowing } from './caller.js';
import { groupPolicy } from './field-groups.js';

/** Where the caller sees identities whole: at the facilities of grants that show them, and beneath. */
export function identityScopeOf(caller: Caller): Scope {
  return placesShowing(caller, 'IDENTITY');
}

/** True for whoever sees the phone and the address of those it is to visit. */
export function seesDoors({ revoked, grants }: Caller): boolean {
  return !revoked && grants.some(({ role }) => groupPolicy.IDENTITY[role] === 'to the door');
}
