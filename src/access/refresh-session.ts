import type { EntityManager } from 'typeorm';
import { forUpdate } from '../shared/database.js';
import type { Prepared } from '../shared/prepared.js';
import { findCredential } from './credential.js';
import { addRefreshToken, type SessionState, wantsTotp } from './session.js';
import { refuseSignIn, type SignInRefusal } from './sign-in-refusals.js';
import type { StaffAccess } from './staff-access.js';
import { hashToken } from './tokens.js';

/**
 * Goes on with a session. A refresh token is good for once: when one comes again, somebody has copied it, and
 * as nobody can tell the thief from the person, the whole session ends for both.
 */
export function refreshSession(
  access: StaffAccess,
  refreshToken: string,
): Prepared<SessionState, SignInRefusal> {
  const now = access.clock.now();
  return async (manager) =>
    (await rotate(manager, access, refreshToken, now)) ?? refuseSignIn('SESSION_ENDED');
}

async function rotate(
  manager: EntityManager,
  access: StaffAccess,
  refreshToken: string,
  now: Date,
): Promise<SessionState | undefined> {
  const hash = hashToken(refreshToken);
  const session = await lockSessionOf(manager, hash);
  if (!session || session.endedAt !== null || Number(session.expiresAt) <= now.getTime()) return undefined;
  const { sessionId, accountId } = session;
  // Behind the lock of the session: of two that bring one token the second sees that it was used.
  const tokens: { usedAt: number | string | null }[] = await manager.query(
    'SELECT usedAt FROM refresh_token WHERE hash = ?',
    [hash],
  );
  if (tokens[0]?.usedAt !== null) {
    await endSession(manager, sessionId, now);
    return undefined;
  }
  await manager.query('UPDATE refresh_token SET usedAt = ? WHERE hash = ?', [now.getTime(), hash]);
  const credential = await findCredential(manager, { accountId });
  const totpMissing = !session.secondFactor && (await wantsTotp(manager, accountId, access, now));
  return {
    sessionId,
    accountId,
    expiresAt: new Date(Number(session.expiresAt)),
    refreshToken: await addRefreshToken(manager, sessionId, now),
    passwordTemporary: credential?.temporary ?? false,
    totpMissing,
  };
}

interface SessionRow {
  sessionId: number;
  accountId: number;
  expiresAt: number | string;
  endedAt: number | string | null;
  secondFactor: number;
}

async function lockSessionOf(manager: EntityManager, hash: string): Promise<SessionRow | undefined> {
  const tokens: { sessionId: number }[] = await manager.query(
    'SELECT sessionId FROM refresh_token WHERE hash = ?',
    [hash],
  );
  if (!tokens[0]) return undefined;
  const sessions: SessionRow[] = await manager.query(
    `SELECT id AS sessionId, accountId, expiresAt, endedAt, secondFactor
       FROM staff_session WHERE id = ?${forUpdate(manager)}`,
    [tokens[0].sessionId],
  );
  return sessions[0];
}

/** Ends one session; all its tokens stop counting with the next request. */
export async function endSession(manager: EntityManager, sessionId: number, now: Date): Promise<void> {
  await manager.query('UPDATE staff_session SET endedAt = ? WHERE id = ? AND endedAt IS NULL', [
    now.getTime(),
    sessionId,
  ]);
}
