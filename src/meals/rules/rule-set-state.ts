import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../../audit-log/write-on-record.js';
import { listedRules } from './list-rules.js';

/** A version of subsidy rules as the audit log shows it before and after it is decided on. */
export async function ruleSetState(
  manager: EntityManager,
  id: number | undefined,
): Promise<AuditedState | undefined> {
  const rules = id === undefined ? undefined : (await listedRules(manager, [id])).get(id);
  if (!rules) return undefined;
  const { code, version, facilityId, fromDay, toDay, status, decisionNote } = rules;
  return {
    about: { facilityId, subject: `rules:${rules.id}` },
    values: { code, version, fromDay, toDay, status, decisionNote },
  };
}
