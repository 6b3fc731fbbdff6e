import { type AccountRefusal, refuseAccount } from './account-refusals.js';
import { provePassword } from './change-password.js';
import { lockCredential } from './credential.js';
import { type Prepared, settled } from './prepared.js';
import { useCode } from './sign-in.js';
import type { StaffAccess } from './staff-access.js';
import { forgiveTries } from './throttle.js';
import { newTotp, type TotpSetUp } from './totp.js';

/** Begins the set-up of one-time codes; begun again, the phone that was shown the last secret is the one. */
export async function startTotp(
  access: StaffAccess,
  { accountId, password }: { accountId: number; password: string },
): Promise<Prepared<TotpSetUp | AccountRefusal>> {
  const credential = await provePassword(access, accountId, password, ['password']);
  if ('refused' in credential) return settled(credential);
  const setUp = newTotp(credential.userName);
  return async (manager) => {
    const locked = await lockCredential(manager, accountId);
    if (!locked || locked.totpInUse) return refuseAccount('TOTP_SET_UP');
    await manager.query(
      'UPDATE staff_credential SET totpSecret = ?, totpLastStep = NULL WHERE accountId = ?',
      [setUp.kept, accountId],
    );
    await forgiveTries(manager, locked.userName);
    return setUp;
  };
}

/** Ends the set-up with a first code: from now on a sign-in wants one, and this session had its. */
export function confirmTotp(
  { clock }: StaffAccess,
  { accountId, sessionId, code }: { accountId: number; sessionId: number; code: string },
): Prepared<{ since: Date } | AccountRefusal> {
  const now = clock.now();
  return async (manager) => {
    const credential = await lockCredential(manager, accountId);
    if (credential?.totpInUse) return refuseAccount('TOTP_SET_UP');
    if (!credential?.totpSecret) return refuseAccount('TOTP_NOT_STARTED');
    if (!(await useCode(manager, credential, code, now))) return refuseAccount('CODE_WRONG', ['code']);
    await manager.query('UPDATE staff_credential SET totpSince = ? WHERE accountId = ?', [
      now.getTime(),
      accountId,
    ]);
    await manager.query('UPDATE staff_session SET secondFactor = ? WHERE id = ? AND accountId = ?', [
      1,
      sessionId,
      accountId,
    ]);
    return { since: now };
  };
}
