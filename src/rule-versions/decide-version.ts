import type { EntityManager } from 'typeorm';
import type { VersionStatus } from '../../entities/rule-version.js';
import { lockTree } from '../network/lock-tree.js';
import type { Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { hasControls } from '../shared/control-characters.js';
import { isRefusal, type Refusal, refuse } from '../shared/refusal.js';
import { overlapWith } from './dated-versions.rules.js';
import { findVersion, type ListedVersion, versionsOf } from './list-versions.js';
import type { RuleTable, VersionRefusalCode } from './rule-kind.js';

export interface VersionDecision {
  ruleSetId: number;
  /** Why; at most 200 characters. A rejection says it. */
  note: string | null;
  byId: number;
  now: Date;
}

/**
 * Lets a proposed version count from its first day on. Somebody else than its author does, before that day: of what
 * was tapped on one day, all falls under one rule, whenever it arrives.
 */
export async function approveVersion(
  manager: EntityManager,
  kind: RuleTable,
  decision: VersionDecision,
  scope: Scope,
): Promise<ListedVersion | Refusal<VersionRefusalCode>> {
  const version = await lockedProposal(manager, kind, decision, scope);
  if (isRefusal(version)) return version;
  if (version.proposedById === decision.byId) {
    const text = { zh: '提交人不得批准自己的规则', en: 'Who proposed it may not approve it' };
    return refuse('SAME_PERSON', text, ['id']);
  }
  const today = dayOf(decision.now);
  if (version.fromDay <= today) {
    const text = {
      zh: `起日 ${version.fromDay} 已到，不得倒签：须在起日之前批准`,
      en: `Its first day ${version.fromDay} has begun: it has to be approved before, not backdated`,
    };
    return refuse('BACKDATED', text, ['fromDay']);
  }
  const overlap = overlapWith(await versionsOf(manager, kind, version.code), version, today);
  return overlap ?? decide(manager, kind, version, 'APPROVED', decision);
}

/** Turns a proposed version down, with the reason. */
export async function rejectVersion(
  manager: EntityManager,
  kind: RuleTable,
  decision: VersionDecision,
  scope: Scope,
): Promise<ListedVersion | Refusal<VersionRefusalCode>> {
  if ((decision.note ?? '').trim() === '') return noteInvalid();
  const version = await lockedProposal(manager, kind, decision, scope);
  return isRefusal(version) ? version : decide(manager, kind, version, 'REJECTED', decision);
}

/** Takes a proposal back; its author alone does. */
export async function withdrawVersion(
  manager: EntityManager,
  kind: RuleTable,
  decision: VersionDecision,
  scope: Scope,
): Promise<ListedVersion | Refusal<VersionRefusalCode>> {
  const version = await lockedProposal(manager, kind, decision, scope);
  if (isRefusal(version)) return version;
  if (version.proposedById !== decision.byId) {
    const text = { zh: '只有提交人可以撤回', en: 'Its author alone may withdraw it' };
    return refuse('NOT_THE_AUTHOR', text, ['id']);
  }
  return decide(manager, kind, version, 'WITHDRAWN', decision);
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
  kind: RuleTable,
  { ruleSetId, note, now }: VersionDecision,
  scope: Scope,
): Promise<ListedVersion | Refusal<VersionRefusalCode>> {
  if (note !== null && (note.length > noteLengthMax || hasControls(note))) return noteInvalid();
  await lockTree(manager);
  const version = await findVersion(manager, kind, ruleSetId, scope, dayOf(now));
  if (!version) return refuse('RULES_UNKNOWN', { zh: '无此规则', en: 'No such rules' }, ['id']);
  if (version.status !== 'PROPOSED') {
    const text = { zh: '该版本已有决定，不再更改', en: 'It has been decided on, and stays as it is' };
    return refuse('NOT_PROPOSED', text, ['id']);
  }
  return version;
}

async function decide(
  manager: EntityManager,
  { table }: RuleTable,
  version: ListedVersion,
  status: VersionStatus,
  { note, byId, now }: VersionDecision,
): Promise<ListedVersion> {
  const decisionNote = note?.trim() || null;
  await manager.query(
    `UPDATE ${table} SET status = ?, decidedById = ?, decidedAt = ?, decisionNote = ?
      WHERE id = ? AND status = 'PROPOSED'`,
    [status, byId, now.getTime(), decisionNote, version.id],
  );
  return { ...version, status, decidedById: byId, decidedAt: now, decisionNote };
}
