import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { listedHoursRules } from './list-hours-rules.js';

/** A version of rules of hours as the audit log shows it before and after it is decided on. */
export async function hoursRuleState(
  manager: EntityManager,
  id: number | undefined,
): Promise<AuditedState | undefined> {
  const rules = id === undefined ? undefined : (await listedHoursRules(manager, [id])).get(id);
  if (!rules) return undefined;
  const { code, version, facilityId, fromDay, toDay, status, decisionNote } = rules;
  return {
    about: { facilityId, subject: `hours-rules:${rules.id}` },
    values: { code, version, fromDay, toDay, status, decisionNote },
  };
}
