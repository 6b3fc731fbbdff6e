import type { EntityManager } from 'typeorm';
import { cipherOf } from '../shared/database-cipher.js';
import type { Prepared } from '../shared/prepared.js';
import { type AccountRefusal, refuseAccount } from './account-refusals.js';
import { provePassword } from './change-password.js';
import { lockCredential } from './credential.js';
import { useCode } from './sign-in.js';
import type { StaffAccess } from './staff-access.js';
import { countTry, forgiveTries } from './throttle.js';
import { accountPace } from './throttle.rules.js';
import { newTotp, stepOfCode, type TotpSetUp } from './totp.js';
import { openTotp, sealTotp, type TotpColumn } from './totp-secrets.js';

export interface TotpStart {
  accountId: number;
  password: string;
  /** A code of the phone that is to be replaced; undefined when the person gave none. */
  code: string | undefined;
}

/**
 * Begins the set-up of one-time codes; begun again, the phone that was shown the last secret is the one. Where codes
 * are in use already, the new phone takes over with its first code: until then the old one is asked for.
 */
export async function startTotp(
  access: StaffAccess,
  { accountId, password, code }: TotpStart,
): Promise<Prepared<TotpSetUp, AccountRefusal>> {
  const credential = await provePassword(access, accountId, password, ['password']);
  if ('refused' in credential) return credential;
  const now = access.clock.now();
  const setUp = newTotp(credential.userName);
  return async (manager) => {
    const locked = await lockCredential(manager, accountId);
    // It was reset, or changed elsewhere, while this was under way.
    if (locked?.passwordHash !== credential.passwordHash)
      return refuseAccount('PASSWORD_WRONG', ['password']);
    if (locked.totpInUse) {
      if (code === undefined) return refuseAccount('TOTP_SET_UP', ['code']);
      if (!(await useCode(manager, locked, code, now))) return refuseAccount('CODE_WRONG', ['code']);
    }
    await keepSecret(manager, accountId, locked.totpInUse ? 'totpNext' : 'totpSecret', setUp.secret);
    await forgiveTries(manager, locked.userName);
    return setUp;
  };
}

async function keepSecret(
  manager: EntityManager,
  accountId: number,
  column: TotpColumn,
  secret: string,
): Promise<void> {
  const sealed = sealTotp(cipherOf(manager), column, accountId, secret);
  await manager.query(`UPDATE staff_credential SET ${column} = ? WHERE accountId = ?`, [sealed, accountId]);
}

/**
 * Ends the set-up with a first code of the new phone: from now on a sign-in wants one of it, and this session had
 * its. Wrong codes are counted with the tries of the account.
 */
export function confirmTotp(
  { clock, terms }: StaffAccess,
  { accountId, sessionId, code }: { accountId: number; sessionId: number; code: string },
): Prepared<{ since: Date }, AccountRefusal> {
  const now = clock.now();
  return async (manager) => {
    const credential = await lockCredential(manager, accountId);
    const column = credential?.totpInUse ? 'totpNext' : 'totpSecret';
    const kept = credential?.[column];
    if (!credential || !kept) {
      return refuseAccount(credential?.totpInUse ? 'TOTP_SET_UP' : 'TOTP_NOT_STARTED');
    }
    const { userName } = credential;
    if (!(await countTry(manager, { userName }, accountPace(terms.triesPerAccount), now))) {
      return refuseAccount('TOO_MANY_TRIES');
    }
    const secret = openTotp(cipherOf(manager), column, accountId, kept);
    const step = stepOfCode(secret, code, now, null);
    if (step === undefined) return refuseAccount('CODE_WRONG', ['code']);
    await keepSecret(manager, accountId, 'totpSecret', secret);
    await manager.query(
      'UPDATE staff_credential SET totpNext = NULL, totpSince = ?, totpLastStep = ? WHERE accountId = ?',
      [now.getTime(), step, accountId],
    );
    await manager.query('UPDATE staff_session SET secondFactor = ? WHERE id = ? AND accountId = ?', [
      1,
      sessionId,
      accountId,
    ]);
    await forgiveTries(manager, userName);
    return { since: now };
  };
}
