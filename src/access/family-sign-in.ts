import { randomInt, randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { isPhone, normalizedPhone } from '../elders/registration.rules.js';
import { forUpdate } from '../shared/database.js';
import { insertRows } from '../shared/statements.js';
import { inEvenTime } from './even-time.js';
import { codeHashOf, lockRelativeOfPhone, phoneHashOf } from './family-phone.js';
import type { SendsMessages } from './messages.js';
import { type OpenSession, startSession, withAccessToken } from './session.js';
import { codeMessage, codeOf, isAlive, normalizedCode } from './sign-in-code.rules.js';
import { refuseSignIn, type SignInRefusal } from './sign-in-refusals.js';
import type { StaffAccess } from './staff-access.js';
import { countTry, forgiveCodeTries } from './throttle.js';
import { accountPace, addressPace, codesPace } from './throttle.rules.js';

/** What relatives sign in with: the sessions are those of staff. */
export interface FamilySignIn {
  access: StaffAccess;
  /** Undefined where the city has set up no sender; then no relative signs in. */
  messages: SendsMessages | undefined;
  codeMinutes: number;
  /** How often a wrong code may be given before the one that was sent is dead. */
  triesPerCode: number;
  /** How long each answer takes at least, in milliseconds. */
  answerMsMin: number;
}

/** Who asks, and from where. */
export interface PhoneTry {
  phone: string;
  address: string;
}

/** Whose phone it was, which the caller is not told; the audit log is. */
export interface CodeRequested {
  minutes: number;
  accountId: number | undefined;
}

/**
 * Sends a code to the phone of a relative. For a phone that is nobody's the answer is the same, after the same
 * counting and one commit, in the same time, and nobody waits for the message of any other.
 */
export function requestSignInCode(
  families: FamilySignIn,
  attempt: PhoneTry,
): Promise<CodeRequested | SignInRefusal> {
  return inEvenTime(families.answerMsMin, () => sendCode(families, attempt));
}

async function sendCode(
  { access, messages, codeMinutes }: FamilySignIn,
  attempt: PhoneTry,
): Promise<CodeRequested | SignInRefusal> {
  if (!messages) return refuseSignIn('MESSAGES_NOT_SENT');
  const { database, clock, terms } = access;
  const phone = normalizedPhone(attempt.phone.slice(0, 100));
  const code = codeOf(randomInt(1_000_000));
  const now = clock.now();
  const written = await database.write(async (manager) => {
    const { address } = attempt;
    if (!(await countTry(manager, { address }, addressPace(terms.triesPerAddress), now))) return 'WAITS';
    if (!isPhone(phone)) return 'INVALID';
    const phoneHash = phoneHashOf(manager, phone);
    if (!(await countTry(manager, { codesAskedFor: phoneHash }, codesPace, now))) return 'WAITS';
    const accountId = await lockRelativeOfPhone(manager, phoneHash, now);
    await keepCode(manager, { accountId, phoneHash, code, now, minutes: codeMinutes });
    return { accountId };
  });
  if (written === 'WAITS') return refuseSignIn('TOO_MANY_TRIES');
  if (written === 'INVALID') return refuseSignIn('PHONE_INVALID');
  const { accountId } = written;
  if (accountId !== undefined)
    messages.send({ id: randomUUID(), phone, text: codeMessage(code, codeMinutes) });
  return { minutes: codeMinutes, accountId };
}

/** Puts the code in the place of an older one. For nobody it is worked out all the same. */
async function keepCode(
  manager: EntityManager,
  kept: { accountId: number | undefined; phoneHash: string; code: string; now: Date; minutes: number },
): Promise<void> {
  const { accountId, phoneHash, code, now, minutes } = kept;
  const codeHash = codeHashOf(manager, phoneHash, code);
  await manager.query('DELETE FROM sign_in_code WHERE accountId = ?', [accountId ?? 0]);
  if (accountId === undefined) return;
  await insertRows(
    manager,
    'sign_in_code',
    ['accountId', 'codeHash', 'createdAt', 'expiresAt', 'tries'],
    [[accountId, codeHash, now.getTime(), now.getTime() + minutes * 60_000, 0]],
  );
}

/**
 * Opens a session for who has the code that was sent last. All of it is one transaction behind the phone's
 * tries, so that of many that bring one code at once one is let in.
 */
export function signInByCode(
  families: FamilySignIn,
  attempt: PhoneTry & { code: string },
): Promise<OpenSession | SignInRefusal> {
  return inEvenTime(families.answerMsMin, () => enterByCode(families, attempt));
}

async function enterByCode(
  { access, triesPerCode }: FamilySignIn,
  attempt: PhoneTry & { code: string },
): Promise<OpenSession | SignInRefusal> {
  const { database, clock, terms } = access;
  const { address } = attempt;
  const phone = normalizedPhone(attempt.phone.slice(0, 100));
  const code = normalizedCode(attempt.code.slice(0, 100)) ?? '';
  const now = clock.now();
  const state = await database.write(async (manager) => {
    if (!(await countTry(manager, { address }, addressPace(terms.triesPerAddress), now))) return 'WAITS';
    const phoneHash = phoneHashOf(manager, phone);
    const isOpen = await countTry(
      manager,
      { codesGiven: phoneHash },
      accountPace(terms.triesPerAccount),
      now,
    );
    const accountId = await lockRelativeOfPhone(manager, phoneHash, now);
    const codeHash = codeHashOf(manager, phoneHash, code);
    if (!(await useCode(manager, { accountId: isOpen ? accountId : 0, codeHash, triesPerCode, now }))) return;
    if (accountId === undefined) return;
    await forgiveCodeTries(manager, phoneHash, address);
    const session = { accountId, secondFactor: false, now, hours: terms.sessionHours };
    return { ...(await startSession(manager, session)), accountId };
  });
  if (state === 'WAITS') return refuseSignIn('TOO_MANY_TRIES');
  if (!state) return refuseSignIn('CODE_WRONG');
  return withAccessToken({ ...state, passwordTemporary: false, totpMissing: false }, access, now);
}

/** Uses the code up when it is the one that was sent and still counts; else the try is counted against it. */
async function useCode(
  manager: EntityManager,
  given: { accountId: number | undefined; codeHash: string; triesPerCode: number; now: Date },
): Promise<boolean> {
  const { accountId = 0, codeHash, triesPerCode, now } = given;
  const rows: { codeHash: string; expiresAt: unknown; tries: number; usedAt: unknown }[] =
    await manager.query(
      `SELECT codeHash, expiresAt, tries, usedAt FROM sign_in_code WHERE accountId = ?${forUpdate(manager)}`,
      [accountId],
    );
  const [row] = rows;
  const sent = row && {
    expiresAt: Number(row.expiresAt),
    tries: row.tries,
    usedAt: row.usedAt === null ? null : Number(row.usedAt),
  };
  // Hashes under a key: how long they are compared tells nothing of the code.
  const opens =
    sent !== undefined && isAlive(sent, triesPerCode, now.getTime()) && row?.codeHash === codeHash;
  await manager.query('UPDATE sign_in_code SET tries = tries + 1, usedAt = ? WHERE accountId = ?', [
    opens ? now.getTime() : (sent?.usedAt ?? null),
    accountId,
  ]);
  return opens;
}
