import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { listedVersion } from './list-versions.js';
import type { RuleKind } from './rule-kind.js';

/** A version as the audit log shows it before and after it is decided on. */
export async function versionState(
  manager: EntityManager,
  kind: Pick<RuleKind<never, never>, 'table' | 'subject'>,
  id: number | undefined,
): Promise<AuditedState | undefined> {
  const listed = id === undefined ? undefined : await listedVersion(manager, kind, id);
  if (!listed) return undefined;
  const { code, version, facilityId, fromDay, toDay, status, decisionNote } = listed;
  return {
    about: { facilityId, subject: `${kind.subject}:${listed.id}` },
    values: { code, version, fromDay, toDay, status, decisionNote },
  };
}
