import type { EntityManager } from 'typeorm';
import { cipherOf } from '../shared/database-cipher.js';
import type { Prepared } from '../shared/prepared.js';
import { affectedRows } from '../shared/statements.js';
import { type Credential, findCredential, lockCredential } from './credential.js';
import { isTooLong, userNameKept } from './password.rules.js';
import { TooManyPasswords } from './passwords.js';
import { type SessionState, startSession, wantsTotp } from './session.js';
import { refuseSignIn, type SignInRefusal } from './sign-in-refusals.js';
import type { SignInTerms, StaffAccess } from './staff-access.js';
import { countTry, forgiveTries } from './throttle.js';
import { accountPace, addressPace } from './throttle.rules.js';
import { stepOfCode } from './totp.js';
import { openTotp } from './totp-secrets.js';

export interface SignInTry {
  userName: string;
  password: string;
  /** Undefined when the person gave none. */
  code: string | undefined;
  /** Where the try comes from. */
  address: string;
}

/**
 * Opens a session for who knows the password, and the one-time code where codes are set up. The answer, and
 * about its time, are the same for a user that there is not, a wrong password and a name tried too often:
 * each costs one hash and the same counting. Tries are counted, for good, before anything is looked at;
 * the session is opened by what is prepared.
 */
export async function signIn(
  access: StaffAccess,
  attempt: SignInTry,
): Promise<Prepared<SessionState, SignInRefusal>> {
  const { database, clock, passwords } = access;
  const userName = userNameKept(attempt.userName) ?? '';
  const now = clock.now();
  const open = await database.write((manager) => countTries(manager, access, userName, attempt.address, now));
  if (open === 'ADDRESS_WAITS') return refuseSignIn('TOO_MANY_TRIES');
  if (isTooLong(attempt.password)) return refuseSignIn('SIGN_IN_FAILED');
  const credential = await database.read((manager) => findCredential(manager, { userName }));
  try {
    const matches = credential
      ? await passwords.matches(credential.passwordHash, attempt.password)
      : await passwords.matchesNobody(attempt.password);
    if (!matches || !credential || open !== 'OPEN' || isOverdue(credential, access.terms, now)) {
      return refuseSignIn('SIGN_IN_FAILED');
    }
    const newHash = passwords.isOutdated(credential.passwordHash)
      ? await passwords.hash(attempt.password)
      : undefined;
    return (manager) => enter(manager, access, { ...attempt, credential, newHash, now });
  } catch (error) {
    if (error instanceof TooManyPasswords) return refuseSignIn('TOO_MANY_TRIES');
    throw error;
  }
}

/** A password that somebody else chose, and that was left lying for too long: it fails as a wrong one does. */
function isOverdue(
  { temporary, passwordSetAt }: Credential,
  { temporaryPasswordHours }: SignInTerms,
  now: Date,
): boolean {
  return temporary && now.getTime() - passwordSetAt.getTime() >= temporaryPasswordHours * 3_600_000;
}

/** An address that has to wait does not cost the account a try: it could be anybody's. */
async function countTries(
  manager: EntityManager,
  { terms }: StaffAccess,
  userName: string,
  address: string,
  now: Date,
): Promise<'OPEN' | 'ADDRESS_WAITS' | 'ACCOUNT_WAITS'> {
  if (!(await countTry(manager, { address }, addressPace(terms.triesPerAddress), now)))
    return 'ADDRESS_WAITS';
  const open = await countTry(manager, { userName }, accountPace(terms.triesPerAccount), now);
  return open ? 'OPEN' : 'ACCOUNT_WAITS';
}

interface Entry {
  credential: Credential;
  newHash: string | undefined;
  code: string | undefined;
  address: string;
  now: Date;
}

/** Refused when the code is not right, or the password is another one since it was looked at. */
async function enter(
  manager: EntityManager,
  access: StaffAccess,
  { credential: seen, newHash, code, address, now }: Entry,
): Promise<SessionState | SignInRefusal> {
  const { accountId, passwordHash } = seen;
  const credential = await lockCredential(manager, accountId);
  if (credential?.passwordHash !== passwordHash) return refuseSignIn('SIGN_IN_FAILED');
  const secondFactor = credential.totpInUse;
  if (secondFactor && !(await useCode(manager, credential, code ?? '', now))) {
    return refuseSignIn('SIGN_IN_FAILED');
  }
  if (newHash !== undefined) {
    await manager.query('UPDATE staff_credential SET passwordHash = ? WHERE accountId = ?', [
      newHash,
      accountId,
    ]);
  }
  await forgiveTries(manager, credential.userName, address);
  const { sessionHours: hours } = access.terms;
  const session = await startSession(manager, { accountId, secondFactor, now, hours });
  const totpMissing = !secondFactor && (await wantsTotp(manager, accountId, access, now));
  return { ...session, accountId, passwordTemporary: credential.temporary, totpMissing };
}

/** Uses a code up; false when it is wrong, or one that was used up before. */
export async function useCode(
  manager: EntityManager,
  { accountId, totpSecret, totpLastStep }: Credential,
  code: string,
  now: Date,
): Promise<boolean> {
  if (totpSecret === null) return false;
  const secret = openTotp(cipherOf(manager), 'totpSecret', accountId, totpSecret);
  const step = stepOfCode(secret, code, now, totpLastStep);
  if (step === undefined) return false;
  const used = await affectedRows(
    manager,
    `UPDATE staff_credential SET totpLastStep = ?
      WHERE accountId = ? AND (totpLastStep IS NULL OR totpLastStep < ?)`,
    [step, accountId, step],
  );
  return used === 1;
}
