import type { EntityManager } from 'typeorm';
import type { Scope } from '../network/scope.js';
import type { Refusal } from '../shared/refusal.js';
import { enrolledReader, type ReaderRefusalCode, revokeTokens } from './enrolled-reader.js';

/**
 * Takes a reader out of service: its keys stop counting and its grant ends. What it sends from then on is
 * answered READER_NOT_ACTIVE. It cannot be brought back; a reader that returns is enrolled anew.
 */
export async function revokeReader(
  manager: EntityManager,
  { accountId, now }: { accountId: number; now: Date },
  scope: Scope,
): Promise<{ accountId: number; name: string } | Refusal<ReaderRefusalCode>> {
  const reader = await enrolledReader(manager, accountId, now, scope);
  if (typeof reader !== 'string') return reader;
  await revokeTokens(manager, accountId, now);
  // A grant that was to begin later ends where it begins: an interval never runs backwards.
  await manager.query(
    `UPDATE access_grant SET untilAt = CASE WHEN fromAt > ? THEN fromAt ELSE ? END
      WHERE accountId = ? AND role = 'READER' AND (untilAt IS NULL OR untilAt > ?)`,
    [now.getTime(), now.getTime(), accountId, now.getTime()],
  );
  return { accountId, name: reader };
}
