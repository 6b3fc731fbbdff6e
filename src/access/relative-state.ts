import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import type { ElderScope } from '../elders/elder-scope.js';
import { lockElder } from '../elders/find-elder.js';
import { isRefusal } from '../shared/refusal.js';
import type { Asker } from './grants.js';
import type { RelativeRefusal } from './relative-refusals.js';
import { findRelative, type Relative } from './relatives.js';

/**
 * A relative as the audit log shows it, without the name: what it may, until when, and by whose consent. The place is
 * where the elder's file is kept, whoever acted: a relative has none.
 */
export async function stateOf(manager: EntityManager, relative: Relative): Promise<AuditedState> {
  const { id, elderId, accountId, rights, mayLetIn, untilAt, consents } = relative;
  const { event, giver, how, textVersion } = consents.at(-1) ?? {};
  const rows: { homeStationId: number | null }[] = await manager.query(
    'SELECT homeStationId FROM elder WHERE id = ?',
    [elderId],
  );
  return {
    about: { elderId, facilityId: rows[0]?.homeStationId ?? null, subject: `grant:${id}` },
    values: { accountId, rights, mayLetIn, untilAt, event, giver, how, textVersion },
  };
}

/**
 * The state before a change, read behind the lock of the elder that the change takes first too, and after one. What
 * lies out of the asker's scope leaves nothing but what was asked: the caller may have named a stranger's grant, and
 * the record would tell the auditors of the caller's place of it.
 */
export async function relativeState(
  manager: EntityManager,
  { grantId, scope, asker }: { grantId: number; scope: ElderScope; asker: Asker },
  result: Relative | RelativeRefusal | undefined,
): Promise<AuditedState | undefined> {
  if (result) return isRefusal(result) ? undefined : stateOf(manager, result);
  const rows: { elderId: number | null }[] = await manager.query(
    'SELECT elderId FROM access_grant WHERE id = ?',
    [grantId],
  );
  const elderId = rows[0]?.elderId;
  if (elderId === undefined || elderId === null) return undefined;
  if (!(await lockElder(manager, elderId, scope, asker.today))) return undefined;
  const relative = await findRelative(manager, grantId);
  return relative && stateOf(manager, relative);
}
