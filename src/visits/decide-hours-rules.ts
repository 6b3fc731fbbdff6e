import type { EntityManager } from 'typeorm';
import type { HoursRuleStatus } from '../../entities/visits/hours-rule.entity.js';
import { lockTree } from '../network/lock-tree.js';
import { covers, type Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { isRefusal, type Refusal, refuse } from '../shared/refusal.js';
import { type ListedHoursRules, listedHoursRules } from './list-hours-rules.js';
import { type HoursRuleRefusalCode, overlapWith, versionsOf } from './propose-hours-rules.js';

export interface HoursRuleDecision {
  ruleId: number;
  /** Why; at most 200 characters. A rejection says it. */
  note: string | null;
  byId: number;
  now: Date;
}

/**
 * Lets a proposed version count from its first day on. Somebody else than its author does, and not after that
 * day has begun to be the past: visits that were booked keep the hours that they were booked with.
 */
export async function approveHoursRules(
  manager: EntityManager,
  decision: HoursRuleDecision,
  scope: Scope,
): Promise<ListedHoursRules | Refusal<HoursRuleRefusalCode>> {
  const rules = await lockedProposal(manager, decision, scope);
  if (isRefusal(rules)) return rules;
  if (rules.proposedById === decision.byId) {
    const text = { zh: '提交人不得批准自己的规则', en: 'Who proposed it may not approve it' };
    return refuse('SAME_PERSON', text, ['id']);
  }
  if (rules.fromDay < dayOf(decision.now)) {
    const text = {
      zh: `起日 ${rules.fromDay} 已过，不得倒签`,
      en: `Its first day ${rules.fromDay} is over: an approval is not backdated`,
    };
    return refuse('BACKDATED', text, ['fromDay']);
  }
  const overlap = overlapWith(await versionsOf(manager, rules.code), rules, dayOf(decision.now));
  return overlap ?? decide(manager, rules, 'APPROVED', decision);
}

/** Turns a proposed version down, with the reason. */
export async function rejectHoursRules(
  manager: EntityManager,
  decision: HoursRuleDecision,
  scope: Scope,
): Promise<ListedHoursRules | Refusal<HoursRuleRefusalCode>> {
  if ((decision.note ?? '').trim() === '') return noteInvalid();
  const rules = await lockedProposal(manager, decision, scope);
  return isRefusal(rules) ? rules : decide(manager, rules, 'REJECTED', decision);
}

/** Takes a proposal back; its author alone does. */
export async function withdrawHoursRules(
  manager: EntityManager,
  decision: HoursRuleDecision,
  scope: Scope,
): Promise<ListedHoursRules | Refusal<HoursRuleRefusalCode>> {
  const rules = await lockedProposal(manager, decision, scope);
  if (isRefusal(rules)) return rules;
  if (rules.proposedById !== decision.byId) {
    const text = { zh: '只有提交人可以撤回', en: 'Its author alone may withdraw it' };
    return refuse('NOT_THE_AUTHOR', text, ['id']);
  }
  return decide(manager, rules, 'WITHDRAWN', decision);
}

const noteLengthMax = 200;

function noteInvalid(): Refusal<'NOTE_INVALID'> {
  const text = {
    zh: `须填写理由，至多 ${noteLengthMax} 字`,
    en: `must be 1 to ${noteLengthMax} characters`,
  };
  return refuse('NOTE_INVALID', text, ['note']);
}

/** The version while it is still proposed; nobody else decides on any until the transaction ends. */
async function lockedProposal(
  manager: EntityManager,
  { ruleId, note, now }: HoursRuleDecision,
  scope: Scope,
): Promise<ListedHoursRules | Refusal<HoursRuleRefusalCode>> {
  if (note !== null && (note.length > noteLengthMax || /[\p{Cc}\p{Cs}]/u.test(note))) return noteInvalid();
  await lockTree(manager);
  const rules = (await listedHoursRules(manager, [ruleId])).get(ruleId);
  if (!rules || !(await covers(manager, scope, rules.facilityId, dayOf(now)))) {
    return refuse('RULES_UNKNOWN', { zh: '无此规则', en: 'No such rules' }, ['id']);
  }
  if (rules.status !== 'PROPOSED') {
    const text = { zh: '该版本已有决定，不再更改', en: 'It has been decided on, and stays as it is' };
    return refuse('NOT_PROPOSED', text, ['id']);
  }
  return rules;
}

async function decide(
  manager: EntityManager,
  rules: ListedHoursRules,
  status: HoursRuleStatus,
  { note, byId, now }: HoursRuleDecision,
): Promise<ListedHoursRules> {
  const decisionNote = note?.trim() || null;
  await manager.query(
    `UPDATE hours_rule SET status = ?, decidedById = ?, decidedAt = ?, decisionNote = ?
      WHERE id = ? AND status = 'PROPOSED'`,
    [status, byId, now.getTime(), decisionNote, rules.id],
  );
  return { ...rules, status, decidedById: byId, decidedAt: now, decisionNote };
}
