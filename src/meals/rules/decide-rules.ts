import type { EntityManager } from 'typeorm';
import type { RuleStatus } from '../../../entities/meals/subsidy-rule.entity.js';
import { lockTree } from '../../network/lock-tree.js';
import { covers, type Scope } from '../../network/scope.js';
import { dayOf } from '../../shared/china-time.js';
import { isRefusal, type Refusal, refuse } from '../../shared/refusal.js';
import { type ListedRules, listedRules } from './list-rules.js';
import { overlapWith, type RuleRefusalCode, versionsOf } from './propose-rules.js';

export interface RuleDecision {
  ruleSetId: number;
  /** Why; at most 200 characters. A rejection says it. */
  note: string | null;
  byId: number;
  now: Date;
}

/**
 * Lets a proposed version count from its first day on. Somebody else than its author does, and not after that
 * day has begun to be the past: meals that were eaten keep the rule that they were eaten under.
 */
export async function approveRules(
  manager: EntityManager,
  decision: RuleDecision,
  scope: Scope,
): Promise<ListedRules | Refusal<RuleRefusalCode>> {
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
export async function rejectRules(
  manager: EntityManager,
  decision: RuleDecision,
  scope: Scope,
): Promise<ListedRules | Refusal<RuleRefusalCode>> {
  if ((decision.note ?? '').trim() === '') return noteInvalid();
  const rules = await lockedProposal(manager, decision, scope);
  return isRefusal(rules) ? rules : decide(manager, rules, 'REJECTED', decision);
}

/** Takes a proposal back; its author alone does. */
export async function withdrawRules(
  manager: EntityManager,
  decision: RuleDecision,
  scope: Scope,
): Promise<ListedRules | Refusal<RuleRefusalCode>> {
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
  { ruleSetId, note, now }: RuleDecision,
  scope: Scope,
): Promise<ListedRules | Refusal<RuleRefusalCode>> {
  if (note !== null && (note.length > noteLengthMax || /[\p{Cc}\p{Cs}]/u.test(note))) return noteInvalid();
  await lockTree(manager);
  const rules = (await listedRules(manager, [ruleSetId])).get(ruleSetId);
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
  rules: ListedRules,
  status: RuleStatus,
  { note, byId, now }: RuleDecision,
): Promise<ListedRules> {
  const decisionNote = note?.trim() || null;
  await manager.query(
    `UPDATE subsidy_rule SET status = ?, decidedById = ?, decidedAt = ?, decisionNote = ?
      WHERE id = ? AND status = 'PROPOSED'`,
    [status, byId, now.getTime(), decisionNote, rules.id],
  );
  return { ...rules, status, decidedById: byId, decidedAt: now, decisionNote };
}
