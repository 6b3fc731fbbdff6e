import type { EntityManager } from 'typeorm';
import type { Refusal } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import { enrolledReader, type ReaderRefusalCode, revokeTokens } from './enrolled-reader.js';
import type { OpenedAccount } from './open-account.js';
import { hashToken, newToken } from './tokens.js';

/** Gives a reader a new key; the old ones stop counting in the same transaction. */
export async function rotateReader(
  manager: EntityManager,
  { accountId, now }: { accountId: number; now: Date },
): Promise<OpenedAccount | Refusal<ReaderRefusalCode>> {
  const reader = await enrolledReader(manager, accountId, now);
  if (typeof reader !== 'string') return reader;
  await revokeTokens(manager, accountId, now);
  const token = newToken();
  await insertRows(
    manager,
    'access_token',
    ['accountId', 'hash', 'createdAt'],
    [[accountId, hashToken(token), now.getTime()]],
  );
  return { accountId, token };
}
