import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { forUpdate } from '../shared/database.js';
import { isRefusal } from '../shared/refusal.js';
import type { RelativeRefusal } from './relative-refusals.js';
import { findRelative, type Relative } from './relatives.js';

/** A relative as the audit log shows it, without the name: what it may, until when, and by whose consent. */
export function stateOf({ id, elderId, accountId, ...relative }: Relative): AuditedState {
  const { rights, mayLetIn, untilAt, consents } = relative;
  const { event, giver, how, textVersion } = consents.at(-1) ?? {};
  return {
    about: { elderId, subject: `grant:${id}` },
    values: { accountId, rights, mayLetIn, untilAt, event, giver, how, textVersion },
  };
}

/**
 * The state before a change, read behind the lock of the elder that the change takes first too, and after one. One that
 * was refused leaves nothing but what was asked: the caller may have named a stranger's grant.
 */
export async function relativeState(
  result: Relative | RelativeRefusal | undefined,
  manager: EntityManager,
  grantId: number,
): Promise<AuditedState | undefined> {
  if (result) return isRefusal(result) ? undefined : stateOf(result);
  const rows: { elderId: number | null }[] = await manager.query(
    'SELECT elderId FROM access_grant WHERE id = ?',
    [grantId],
  );
  const elderId = rows[0]?.elderId;
  if (elderId === undefined || elderId === null) return undefined;
  await manager.query(`SELECT id FROM elder WHERE id = ?${forUpdate(manager)}`, [elderId]);
  const relative = await findRelative(manager, grantId);
  return relative && stateOf(relative);
}
