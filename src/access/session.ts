import type { EntityManager } from 'typeorm';
import { StaffSession } from '../../entities/access/staff-session.entity.js';
import { affectedRows, insertRows, placeholders } from '../shared/statements.js';
import { inForce } from './grants.js';
import type { StaffAccess } from './staff-access.js';
import { hashToken, newToken } from './tokens.js';

/** A session with the tokens that it goes on with. */
export interface OpenSession {
  accountId: number;
  accessToken: string;
  /** From when the access token no longer counts. */
  accessExpiresAt: Date;
  /** Good for one refresh. */
  refreshToken: string;
  /** When the person has to sign in again. */
  expiresAt: Date;
  /** Somebody else chose the password: nothing is open until it is changed. */
  passwordTemporary: boolean;
  /** A role of the account counts only after a one-time code, and none was given. */
  totpMissing: boolean;
}

/** A session as the transaction that made or prolonged it leaves it. */
export interface SessionState {
  sessionId: number;
  accountId: number;
  expiresAt: Date;
  refreshToken: string;
  passwordTemporary: boolean;
  totpMissing: boolean;
}

export async function startSession(
  manager: EntityManager,
  session: { accountId: number; secondFactor: boolean; now: Date; hours: number },
): Promise<{ sessionId: number; expiresAt: Date; refreshToken: string }> {
  const { accountId, secondFactor, now, hours } = session;
  await forgetExpired(manager, accountId, now);
  const expiresAt = new Date(now.getTime() + hours * 3_600_000);
  const { identifiers } = await manager.insert(StaffSession, {
    accountId,
    startedAt: now,
    expiresAt,
    secondFactor,
  });
  const sessionId = Number(identifiers[0]?.id);
  return { sessionId, expiresAt, refreshToken: await addRefreshToken(manager, sessionId, now) };
}

export async function addRefreshToken(manager: EntityManager, sessionId: number, now: Date): Promise<string> {
  const token = newToken();
  await insertRows(
    manager,
    'refresh_token',
    ['sessionId', 'hash', 'createdAt'],
    [[sessionId, hashToken(token), now.getTime()]],
  );
  return token;
}

/** No token of a session that has run out can count again, so its rows are of no use. */
async function forgetExpired(manager: EntityManager, accountId: number, now: Date): Promise<void> {
  const rows: { id: number }[] = await manager.query(
    'SELECT id FROM staff_session WHERE accountId = ? AND expiresAt <= ?',
    [accountId, now.getTime()],
  );
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  await manager.query(`DELETE FROM refresh_token WHERE sessionId IN (${placeholders(ids)})`, ids);
  await manager.query(`DELETE FROM staff_session WHERE id IN (${placeholders(ids)})`, ids);
}

/** Ends the sessions of an account, but for one when `except` is given. How many were open is answered. */
export function endSessions(
  manager: EntityManager,
  accountId: number,
  now: Date,
  except = 0,
): Promise<number> {
  return affectedRows(
    manager,
    `UPDATE staff_session SET endedAt = ?
      WHERE accountId = ? AND endedAt IS NULL AND expiresAt > ? AND id <> ?`,
    [now.getTime(), accountId, now.getTime(), except],
  );
}

/** True when a role that the account holds now counts only after a one-time code. */
export async function wantsTotp(
  manager: EntityManager,
  accountId: number,
  { terms }: StaffAccess,
  now: Date,
): Promise<boolean> {
  if (terms.totpRoles.length === 0) return false;
  const rows: unknown[] = await manager.query(
    `SELECT id FROM access_grant
      WHERE accountId = ? AND role IN (${placeholders(terms.totpRoles)}) AND ${inForce} LIMIT 1`,
    [accountId, ...terms.totpRoles, now.getTime(), now.getTime()],
  );
  return rows.length > 0;
}

/** Signs the access token, which needs no transaction. */
export async function withAccessToken(
  state: SessionState,
  { accessTokens, clock }: StaffAccess,
): Promise<OpenSession> {
  const { sessionId, ...session } = state;
  const { token, expiresAt } = await accessTokens.issue(state, clock.now(), state.expiresAt);
  return { ...session, accessToken: token, accessExpiresAt: expiresAt };
}
