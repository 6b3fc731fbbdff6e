import type { EntityManager } from 'typeorm';
import type { ContractBy } from '../../entities/beds/admission-rule.entity.js';
import type { BedType } from '../../entities/beds/bed.entity.js';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { covers, nowhere, type Scope } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { insertRows } from '../shared/statements.js';
import { type AdmissionTerms, dayFault } from './bed.rules.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import { ruleFault } from './rule-limits.rules.js';

/** Which rule: that of a facility and what lies beneath it, or the one that counts everywhere. */
export interface RuleKey {
  facilityId: number | null;
  bedType: BedType;
  from: Day;
}

export interface AdmissionRuleSet extends RuleKey, AdmissionTerms {
  contractBy: ContractBy;
}

/**
 * Sets on which terms beds of a type are given from a day on, today or later: what has been was decided by what counted
 * then. Another rule of the same day is replaced. The rule of everywhere is set by whoever has everywhere in reach.
 */
export async function setAdmissionRule(
  manager: EntityManager,
  { rule, now }: { rule: AdmissionRuleSet; now: Date },
  scope: Scope,
): Promise<AdmissionRuleSet | BedRefusal> {
  const { facilityId, from } = rule;
  const today = dayOf(now);
  const place = facilityId ?? nowhere;
  // Whoever sets a rule of the same place waits here.
  const there: unknown[] = await manager.query(`SELECT id FROM facility WHERE id = ?${forUpdate(manager)}`, [
    place,
  ]);
  const isCovered = await covers(manager, scope, place, today);
  if (!isCovered || (facilityId !== null && there.length === 0)) {
    const text =
      facilityId === null
        ? { zh: '须指定您管辖范围内的机构', en: 'must name a facility within your reach' }
        : { zh: '没有这个机构', en: 'There is no such facility' };
    return refuseBed('RULE_INVALID', ['facilityId'], text);
  }
  const range = dayFault(from, { today, back: 0 });
  if (range) return refuseBed('DAY_OUT_OF_RANGE', ['from'], range);
  const fault = ruleFault(rule);
  if (fault) return refuseBed('RULE_INVALID', fault.field, fault.text);
  await replaceRule(manager, rule);
  return rule;
}

async function replaceRule(manager: EntityManager, rule: AdmissionRuleSet): Promise<void> {
  const { facilityId, bedType, from } = rule;
  await manager.query('DELETE FROM admission_rule WHERE facilityKey = ? AND bedType = ? AND fromDay = ?', [
    facilityId ?? 0,
    bedType,
    from,
  ]);
  await insertRows(
    manager,
    'admission_rule',
    ['facilityKey', 'bedType', 'fromDay', 'facilityId', ...termColumns],
    [[facilityId ?? 0, bedType, from, facilityId, ...termColumns.map((name) => rule[name])]],
  );
}

export const termColumns = [
  'needsAssessment',
  'levelMin',
  'levelMax',
  'contractBy',
  'trialDays',
  'holdDaysMax',
  'homeLeaveDaysMax',
  'hospitalLeaveDaysMax',
  'homeLeavePercent',
  'hospitalLeavePercent',
  'entryDaysBackMax',
] as const satisfies readonly (keyof AdmissionTerms)[];

/** The rule of the place that counts on the day, for the audit log: what a change takes the place of. */
export async function admissionRuleState(
  manager: EntityManager,
  { facilityId, bedType, from }: RuleKey,
): Promise<AuditedState | undefined> {
  const [values]: Record<string, unknown>[] = await manager.query(
    `SELECT CAST(fromDay AS CHAR) AS fromDay, ${termColumns.join(', ')} FROM admission_rule
      WHERE facilityKey = ? AND bedType = ? AND fromDay <= ? ORDER BY fromDay DESC LIMIT 1`,
    [facilityId ?? 0, bedType, from],
  );
  const about = { ...(facilityId === null ? {} : { facilityId }), subject: `admission-rule:${bedType}` };
  return values && { about, values };
}
