import type { Prepared } from '../shared/prepared.js';
import { type AccountRefusal, refuseAccount } from './account-refusals.js';
import { removeTotp, setPassword } from './credential.js';
import type { Asker } from './grants.js';
import { hashOrRefusal } from './open-staff-account.js';
import { passwordRefusal } from './password.rules.js';
import { endSessions } from './session.js';
import type { StaffAccess } from './staff-access.js';
import { lockStaffAccount, type StaffAccount } from './staff-account.js';

export interface PasswordReset {
  accountId: number;
  newPassword: string;
  /** The person has lost the phone: codes are set up anew. */
  removeTotp: boolean;
}

/**
 * Gives a person who forgot it a password for one sign-in, and ends the sessions. Only where all that the
 * account may do lies within the asker's reach: a password of somebody with more rights would be a way to them.
 */
export async function resetPassword(
  access: StaffAccess,
  reset: PasswordReset,
  asker: Asker,
): Promise<Prepared<StaffAccount, AccountRefusal>> {
  const { accountId, newPassword } = reset;
  // Hashed first and for whatever account, so that the time tells nothing of who has one.
  const passwordHash = await hashOrRefusal(access, newPassword.slice(0, 1000));
  if (typeof passwordHash !== 'string') return passwordHash;
  return async (manager) => {
    const account = await lockStaffAccount(manager, accountId, asker);
    if (!account?.wholly) return refuseAccount('ACCOUNT_UNKNOWN', ['accountId']);
    if (accountId === asker.caller.accountId) return refuseAccount('OWN_ACCOUNT', ['accountId']);
    const unfit = passwordRefusal(newPassword, account.userName, ['newPassword']);
    if (unfit) return unfit;
    await setPassword(manager, { accountId, hash: passwordHash, temporary: true, now: asker.now });
    if (reset.removeTotp) await removeTotp(manager, accountId);
    await endSessions(manager, accountId, asker.now);
    return account;
  };
}
