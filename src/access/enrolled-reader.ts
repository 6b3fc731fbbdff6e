import type { EntityManager } from 'typeorm';
import { covers, type Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { type Refusal, refuse } from '../shared/refusal.js';

export type ReaderRefusalCode = 'READER_UNKNOWN' | 'READER_REVOKED';

/**
 * The name of a reader of the scope that is enrolled now. Its account row stays locked until the transaction ends, so
 * that of two rotations, or a rotation and a revocation, one sees what the other did.
 */
export async function enrolledReader(
  manager: EntityManager,
  accountId: number,
  now: Date,
  scope: Scope,
): Promise<string | Refusal<ReaderRefusalCode>> {
  const accounts: { name: string }[] = await manager.query(
    `SELECT name FROM account WHERE id = ?${forUpdate(manager)}`,
    [accountId],
  );
  const grants: { facilityId: number; untilAt: number | string | null }[] = await manager.query(
    "SELECT facilityId, untilAt FROM access_grant WHERE accountId = ? AND role = 'READER'",
    [accountId],
  );
  const [account] = accounts;
  const [grant] = grants;
  if (!account || !grant || !(await covers(manager, scope, grant.facilityId, dayOf(now)))) {
    return refuse('READER_UNKNOWN', { zh: '没有此读卡器', en: 'No reader has this number' }, ['readerId']);
  }
  if (grants.every(({ untilAt }) => untilAt !== null && Number(untilAt) <= now.getTime())) {
    return refuse(
      'READER_REVOKED',
      { zh: '该读卡器已吊销,请重新登记', en: 'The reader was revoked; enrol it anew' },
      ['readerId'],
    );
  }
  return account.name;
}

/** Every token that the account has now stops counting at that instant, unless it does so earlier. */
export async function revokeTokens(manager: EntityManager, accountId: number, at: Date): Promise<void> {
  await manager.query(
    'UPDATE access_token SET revokedAt = ? WHERE accountId = ? AND (revokedAt IS NULL OR revokedAt > ?)',
    [at.getTime(), accountId, at.getTime()],
  );
}
