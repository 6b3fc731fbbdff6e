import type { Prepared } from '../shared/prepared.js';
import { type AccountRefusal, refuseAccount } from './account-refusals.js';
import { type Credential, findCredential, lockCredential, setPassword } from './credential.js';
import { hashOrRefusal } from './open-staff-account.js';
import { isTooLong, passwordRefusal } from './password.rules.js';
import { TooManyPasswords } from './passwords.js';
import { endSessions } from './session.js';
import type { StaffAccess } from './staff-access.js';
import { countTry, forgiveTries } from './throttle.js';
import { accountPace } from './throttle.rules.js';

export interface PasswordChange {
  accountId: number;
  /** The session that goes on; all others of the account end. */
  sessionId: number;
  currentPassword: string;
  newPassword: string;
}

/** Lets a person choose another password. How many other sessions ended is answered. */
export async function changePassword(
  access: StaffAccess,
  { accountId, sessionId, currentPassword, newPassword }: PasswordChange,
): Promise<Prepared<{ sessionsEnded: number }, AccountRefusal>> {
  const now = access.clock.now();
  const credential = await provePassword(access, accountId, currentPassword, ['currentPassword']);
  if ('refused' in credential) return credential;
  const unfit = passwordRefusal(newPassword, credential.userName, ['newPassword']);
  // The old one again is no change: a temporary password would stay known to whoever gave it.
  if (unfit || newPassword === currentPassword)
    return unfit ?? refuseAccount('PASSWORD_UNFIT', ['newPassword']);
  const hash = await hashOrRefusal(access, newPassword);
  if (typeof hash !== 'string') return hash;
  return async (manager) => {
    const locked = await lockCredential(manager, accountId);
    // It was reset, or changed elsewhere, while this was under way.
    if (locked?.passwordHash !== credential.passwordHash) {
      return refuseAccount('PASSWORD_WRONG', ['currentPassword']);
    }
    await setPassword(manager, { accountId, hash, temporary: false, now });
    await forgiveTries(manager, locked.userName);
    return { sessionsEnded: await endSessions(manager, accountId, now, sessionId) };
  };
}

/** The credential of who is signed in, once the password was shown again; tries are counted as at a sign-in. */
export async function provePassword(
  access: StaffAccess,
  accountId: number,
  password: string,
  field: readonly string[],
): Promise<Credential | AccountRefusal> {
  const { database, passwords, terms } = access;
  const credential = await database.read((manager) => findCredential(manager, { accountId }));
  if (!credential) return refuseAccount('NO_PASSWORD');
  const { userName, passwordHash } = credential;
  const now = access.clock.now();
  const open = await database.write((manager) =>
    countTry(manager, { userName }, accountPace(terms.triesPerAccount), now),
  );
  if (!open || isTooLong(password)) return refuseAccount('PASSWORD_WRONG', field);
  try {
    const matches = await passwords.matches(passwordHash, password);
    return matches ? credential : refuseAccount('PASSWORD_WRONG', field);
  } catch (error) {
    if (error instanceof TooManyPasswords) return refuseAccount('TOO_MANY_TRIES');
    throw error;
  }
}
