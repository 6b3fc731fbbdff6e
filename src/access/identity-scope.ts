import type { Scope } from '../network/scope.js';
import { type Caller, placesShowing } from './caller.js';

/** Where the caller sees identities whole: at the facilities of grants that show them, and beneath. */
export function identityScopeOf(caller: Caller): Scope {
  return placesShowing(caller, 'IDENTITY');
}
