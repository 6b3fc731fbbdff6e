import type { EntityManager } from 'typeorm';
import { forUpdate } from '../shared/database.js';
import { type Refusal, refuse } from '../shared/refusal.js';

export type ReaderRefusalCode = 'READER_UNKNOWN' | 'READER_REVOKED';

/**
 * The name of a reader that is enrolled now. Its account row stays locked until the transaction ends, so
 * that of two rotations, or a rotation and a revocation, one sees what the other did.
 */
export async function enrolledReader(
  manager: EntityManager,
  accountId: number,
  now: Date,
): Promise<string | Refusal<ReaderRefusalCode>> {
  const accounts: { name: string }[] = await manager.query(
    `SELECT name FROM account WHERE id = ?${forUpdate(manager)}`,
    [accountId],
  );
  const grants: { untilAt: number | string | null }[] = await manager.query(
    "SELECT untilAt FROM access_grant WHERE accountId = ? AND role = 'READER'",
    [accountId],
  );
  const [account] = accounts;
  if (!account || grants.length === 0) {
    return refuse('READER_UNKNOWN', { zh: '没有此读卡器', en: 'No reader has this number' }, ['reader']);
  }
  if (grants.every(({ untilAt }) => untilAt !== null && Number(untilAt) <= now.getTime())) {
    return refuse(
      'READER_REVOKED',
      { zh: '该读卡器已吊销,请重新登记', en: 'The reader was revoked; enrol it anew' },
      ['reader'],
    );
  }
  return account.name;
}

/** Every token the account still has stops counting, from the next request on. */
export async function revokeTokens(manager: EntityManager, accountId: number, now: Date): Promise<void> {
  await manager.query('UPDATE access_token SET revokedAt = ? WHERE accountId = ? AND revokedAt IS NULL', [
    now.getTime(),
    accountId,
  ]);
}
