import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { forUpdate } from '../shared/database.js';

/**
 * A reader as the audit log shows it; it stays locked from the first look on. A key is shown by when it was made and
 * until when it counts, never by itself or by its hash.
 */
export async function readerState(
  manager: EntityManager,
  accountId: number,
): Promise<AuditedState | undefined> {
  await manager.query(`SELECT id FROM account WHERE id = ?${forUpdate(manager)}`, [accountId]);
  const grants: { facilityId: number; untilAt: number | string | null }[] = await manager.query(
    "SELECT facilityId, untilAt FROM access_grant WHERE accountId = ? AND role = 'READER'",
    [accountId],
  );
  const [grant] = grants;
  if (!grant) return undefined;
  const keys: { createdAt: number | string; revokedAt: number | string | null }[] = await manager.query(
    'SELECT createdAt, revokedAt FROM access_token WHERE accountId = ? ORDER BY id DESC LIMIT 5',
    [accountId],
  );
  return {
    about: { facilityId: grant.facilityId, subject: `account:${accountId}` },
    values: {
      revokedAt: instant(grant.untilAt),
      keys: keys.map(({ createdAt, revokedAt }) => ({
        madeAt: instant(createdAt),
        until: instant(revokedAt),
      })),
    },
  };
}

function instant(value: number | string | null): string | null {
  return value === null ? null : new Date(Number(value)).toISOString();
}
