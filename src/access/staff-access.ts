import type { Role } from '../../entities/access/access-grant.entity.js';
import type { Clock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import type { AccessTokens } from './access-tokens.js';
import type { Passwords } from './passwords.js';

/** What signing in needs. Its clock is the machine's own: the business clock can be set, who may call cannot. */
export interface StaffAccess {
  database: Database;
  clock: Clock;
  passwords: Passwords;
  accessTokens: AccessTokens;
  terms: SignInTerms;
}

export interface SignInTerms {
  /** How long after a sign-in the next one is due. */
  sessionHours: number;
  triesPerAccount: number;
  triesPerAddress: number;
  /** After how long a password that somebody else chose opens nothing any more. */
  temporaryPasswordHours: number;
  /** Roles that count only in a session in which a one-time code was given. */
  totpRoles: readonly Role[];
}
