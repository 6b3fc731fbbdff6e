import type { EntityManager } from 'typeorm';
import { forUpdate } from '../shared/database.js';

/** The row of staff_credential as it is read, instants in epoch milliseconds. */
export interface Credential {
  accountId: number;
  userName: string;
  passwordHash: string;
  temporary: boolean;
  passwordSetAt: Date;
  /** Encrypted, as `totpNext` is, which takes its place once a code of it was shown. */
  totpSecret: string | null;
  totpNext: string | null;
  /** The set-up was confirmed, so a code is asked for. */
  totpInUse: boolean;
  totpLastStep: number | null;
}

export type CredentialKey = { userName: string } | { accountId: number };

export function findCredential(manager: EntityManager, key: CredentialKey): Promise<Credential | undefined> {
  return readCredential(manager, key, '');
}

/** Like findCredential; others wait until the transaction ends before they change it, or sign in with it. */
export function lockCredential(manager: EntityManager, accountId: number): Promise<Credential | undefined> {
  return readCredential(manager, { accountId }, forUpdate(manager));
}

async function readCredential(
  manager: EntityManager,
  key: CredentialKey,
  lock: string,
): Promise<Credential | undefined> {
  const [name, value] = 'userName' in key ? ['userName', key.userName] : ['accountId', key.accountId];
  const rows: CredentialRow[] = await manager.query(
    `SELECT accountId, userName, passwordHash, temporary, passwordSetAt, totpSecret, totpNext, totpSince,
            totpLastStep
       FROM staff_credential WHERE ${name} = ?${lock}`,
    [value],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { totpSince, passwordSetAt, ...read } = row;
  return {
    ...read,
    temporary: Boolean(row.temporary),
    passwordSetAt: new Date(Number(passwordSetAt)),
    totpInUse: totpSince !== null,
  };
}

interface CredentialRow {
  accountId: number;
  userName: string;
  passwordHash: string;
  temporary: number;
  passwordSetAt: number | string;
  totpSecret: string | null;
  totpNext: string | null;
  totpSince: number | string | null;
  totpLastStep: number | null;
}

/** The password becomes another one. Whoever knows only the old one is signed out by `endSessions`. */
export async function setPassword(
  manager: EntityManager,
  password: { accountId: number; hash: string; temporary: boolean; now: Date },
): Promise<void> {
  const { accountId, hash, temporary, now } = password;
  await manager.query(
    'UPDATE staff_credential SET passwordHash = ?, temporary = ?, passwordSetAt = ? WHERE accountId = ?',
    [hash, Number(temporary), now.getTime(), accountId],
  );
}

/** One-time codes are set up anew at the next sign-in. */
export async function removeTotp(manager: EntityManager, accountId: number): Promise<void> {
  await manager.query(
    `UPDATE staff_credential SET totpSecret = NULL, totpNext = NULL, totpSince = NULL, totpLastStep = NULL
      WHERE accountId = ?`,
    [accountId],
  );
}
