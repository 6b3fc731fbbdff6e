import { randomInt, randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { isPhone, normalizedPhone } from '../elders/registration.rules.js';
import { forUpdate } from '../shared/database.js';
import type { Prepared } from '../shared/prepared.js';
import { insertRows } from '../shared/statements.js';
import { codeHashOf, lockRelativeOfPhone, phoneHashOf } from './family-phone.js';
import type { Message, SendsMessages } from './messages.js';
import { type SessionState, startSession } from './session.js';
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
  /** What is to be sent once the code is kept; undefined for a phone that is nobody's. */
  message: Message | undefined;
}

/**
 * Keeps a code for the phone of a relative. For a phone that is nobody's the answer is the same, after the same
 * counting and one commit; the message of any other leaves after that, by `sendCode`. Written and answered within
 * `inEvenTime`.
 */
export function requestSignInCode(
  { access, messages, codeMinutes }: FamilySignIn,
  attempt: PhoneTry,
): Prepared<CodeRequested, SignInRefusal> {
  if (!messages) return refuseSignIn('MESSAGES_NOT_SENT');
  const { clock, terms } = access;
  const { address } = attempt;
  const phone = normalizedPhone(attempt.phone.slice(0, 100));
  const code = codeOf(randomInt(1_000_000));
  const message = { id: randomUUID(), phone, text: codeMessage(code, codeMinutes) };
  const now = clock.now();
  return async (manager) => {
    if (!(await countTry(manager, { address }, addressPace(terms.triesPerAddress), now))) return waits();
    if (!isPhone(phone)) return refuseSignIn('PHONE_INVALID');
    const phoneHash = phoneHashOf(manager, phone);
    if (!(await countTry(manager, { codesAskedFor: phoneHash }, codesPace, now))) return waits();
    const accountId = await lockRelativeOfPhone(manager, phoneHash, now);
    await keepCode(manager, { accountId, phoneHash, code, now, minutes: codeMinutes });
    return { minutes: codeMinutes, accountId, message: accountId === undefined ? undefined : message };
  };
}

/** After the code is kept: sending must not hold a transaction. */
export function sendCode({ messages }: FamilySignIn, { message }: CodeRequested): void {
  if (message) messages?.send(message);
}

function waits(): SignInRefusal {
  return refuseSignIn('TOO_MANY_TRIES');
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
  { access, triesPerCode }: FamilySignIn,
  attempt: PhoneTry & { code: string },
): Prepared<SessionState, SignInRefusal> {
  const { clock, terms } = access;
  const { address } = attempt;
  const phone = normalizedPhone(attempt.phone.slice(0, 100));
  const code = normalizedCode(attempt.code.slice(0, 100)) ?? '';
  const now = clock.now();
  return async (manager) => {
    if (!(await countTry(manager, { address }, addressPace(terms.triesPerAddress), now))) return waits();
    const phoneHash = phoneHashOf(manager, phone);
    const pace = accountPace(terms.triesPerAccount);
    const isOpen = await countTry(manager, { codesGiven: phoneHash }, pace, now);
    const accountId = await lockRelativeOfPhone(manager, phoneHash, now);
    const codeHash = codeHashOf(manager, phoneHash, code);
    const given = { accountId: isOpen ? accountId : 0, codeHash, triesPerCode, now };
    const opens = await useCode(manager, given);
    if (!opens || accountId === undefined) return refuseSignIn('CODE_WRONG');
    await forgiveCodeTries(manager, phoneHash, address);
    const session = { accountId, secondFactor: false, now, hours: terms.sessionHours };
    const state = await startSession(manager, session);
    return { ...state, accountId, passwordTemporary: false, totpMissing: false };
  };
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
