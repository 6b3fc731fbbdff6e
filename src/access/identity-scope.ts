import type { Scope } from '../network/scope.js';
import type { Caller } from './caller.js';
import { identityPolicy } from './policy.js';

/** Where the caller sees identities whole: at the facilities of grants that show them, and beneath. */
export function identityScopeOf(caller: Caller): Scope {
  if (caller.revoked) return [];
  const showing = caller.grants.filter(({ role, showsIdentities }) => {
    const rule = identityPolicy[role];
    return rule === 'always' || (rule === 'by grant' && showsIdentities);
  });
  const facilityIds = showing.map(({ facilityId }) => facilityId);
  return facilityIds.includes(null) ? 'everywhere' : facilityIds.filter((id) => id !== null);
}

/** True for whoever sees the phone and the address of those it is to visit. */
export function seesDoors({ revoked, grants }: Caller): boolean {
  return !revoked && grants.some(({ role }) => identityPolicy[role] === 'to the door');
}
