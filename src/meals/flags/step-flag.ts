import type { EntityManager } from 'typeorm';
import type { FlagState } from '../../../entities/meals/fraud-flag.entity.js';
import type { AuditedState } from '../../audit-log/write-on-record.js';
import { nowhere, type Scope, supervises } from '../../network/scope.js';
import { ancestorsOf } from '../../network/tree.js';
import { type Day, dayOf } from '../../shared/china-time.js';
import { hasControls } from '../../shared/control-characters.js';
import { forUpdate } from '../../shared/database.js';
import { type Refusal, refuse } from '../../shared/refusal.js';
import { insertRows } from '../../shared/statements.js';
import type { Text } from '../../shared/text.js';
import { type Flag, findFlag } from './find-flags.js';
import {
  type FlagStep,
  flagTransitions,
  isDecided,
  knowsEvidence,
  type StepTaken,
  stepFrom,
} from './flag-state.rules.js';

/** In order of precedence. */
export const flagRefusalCodes = [
  'NOTE_INVALID',
  'FLAG_UNKNOWN',
  'WRONG_STATE',
  'IN_OTHER_HANDS',
  'EVIDENCE_CHANGED',
] as const;
export type FlagRefusalCode = (typeof flagRefusalCodes)[number];
export type FlagRefusal = Refusal<FlagRefusalCode>;

const noteLengthMax = 200;

const texts: Record<FlagRefusalCode, readonly [field: string, text: Text]> = {
  NOTE_INVALID: [
    'note',
    { zh: `须填写理由，至多 ${noteLengthMax} 字`, en: `must be 1 to ${noteLengthMax} characters` },
  ],
  FLAG_UNKNOWN: ['id', { zh: '无此预警', en: 'No such flag' }],
  WRONG_STATE: ['id', { zh: '该预警当前状态不能这样处理', en: 'The flag is not in a state for that' }],
  IN_OTHER_HANDS: [
    'id',
    { zh: '他人正在处理，请先接手', en: 'Somebody else works on it: take it over first' },
  ],
  EVIDENCE_CHANGED: [
    'id',
    {
      zh: '此后又有新的刷卡记录，请先接手查看，再作决定',
      en: 'Swipes were added since: take it to see them, then decide',
    },
  ],
};

function refuseFlag(code: FlagRefusalCode): FlagRefusal {
  const [field, text] = texts[code];
  return refuse(code, text, [field]);
}

export interface FlagStepRequest {
  flagId: number;
  step: FlagStep;
  /** Why; a decision says it. */
  note: string | null;
  byId: number;
  now: Date;
}

/** Takes a step in the life of a flag, behind a lock on its row. Nothing else follows from it. */
export async function stepFlag(
  manager: EntityManager,
  request: FlagStepRequest,
  scope: Scope,
): Promise<Flag | FlagRefusal> {
  const { flagId, step, byId, now } = request;
  const note = request.note?.trim() || null;
  const needsNote = flagTransitions.some((each) => each.step === step && each.note);
  const isTooLong = (note ?? '').length > noteLengthMax || hasControls(note ?? '');
  if (isTooLong || (needsNote && note === null)) return refuseFlag('NOTE_INVALID');
  const flags: { canteenId: number; state: FlagState; assigneeId: number | null }[] = await manager.query(
    `SELECT canteenId, state, assigneeId FROM fraud_flag WHERE id = ?${forUpdate(manager)}`,
    [flagId],
  );
  const [flag] = flags;
  const isSeen = await supervises(manager, scope, flag?.canteenId ?? nowhere, dayOf(now));
  if (!flag || !isSeen) return refuseFlag('FLAG_UNKNOWN');
  const result = stepFrom(flag, step, byId);
  if ('fault' in result) return refuseFlag(result.fault);
  const steps = await readSteps(manager, flagId);
  const knows = knowsEvidence(steps, byId);
  if (isDecided(result.to) && !knows) return refuseFlag('EVIDENCE_CHANGED');
  const assigneeId = result.to === 'IN_WORK' ? byId : null;
  // Whoever holds it takes it again to see what was added, and else for nothing.
  if (flag.state !== result.to || flag.assigneeId !== assigneeId || !knows) {
    await writeStep(manager, { ...request, note }, { to: result.to, assigneeId, number: steps.length + 1 });
  }
  const after = await findFlag(manager, flagId, scope, dayOf(now));
  if (!after) throw new Error(`flag ${flagId} vanished while it was worked on`);
  return after;
}

async function writeStep(
  manager: EntityManager,
  { flagId, step, note, byId, now }: FlagStepRequest,
  { to, assigneeId, number }: { to: FlagState; assigneeId: number | null; number: number },
): Promise<void> {
  await manager.query('UPDATE fraud_flag SET state = ?, assigneeId = ? WHERE id = ?', [
    to,
    assigneeId,
    flagId,
  ]);
  await insertRows(
    manager,
    'fraud_flag_event',
    ['flagId', 'number', 'step', 'toState', 'byId', 'at', 'note'],
    [[flagId, number, step, to, byId, now.getTime(), note]],
  );
}

/** What was done with a flag, the first step first. Its row is locked, so no step comes in between. */
function readSteps(manager: EntityManager, flagId: number): Promise<StepTaken[]> {
  return manager.query(
    `SELECT step, byId FROM fraud_flag_event WHERE flagId = ? ORDER BY number${forUpdate(manager)}`,
    [flagId],
  );
}

/**
 * A flag as the audit log shows it; its row stays locked from the first look on. It is logged at the place above its
 * canteen: who may read the canteen's own records is not to learn there that it is looked at.
 */
export async function flagState(
  manager: EntityManager,
  flagId: number,
  today: Day,
): Promise<AuditedState | undefined> {
  const rows: {
    canteenId: number;
    elderId: number | null;
    state: FlagState;
    assigneeId: number | null;
  }[] = await manager.query(
    `SELECT canteenId, elderId, state, assigneeId FROM fraud_flag WHERE id = ?${forUpdate(manager)}`,
    [flagId],
  );
  const [row] = rows;
  const asked = row?.canteenId ?? nowhere;
  const facilityId = (await ancestorsOf(manager, [asked], today)).get(asked)?.at(-1) ?? null;
  if (!row) return undefined;
  const { canteenId, elderId, ...values } = row;
  return {
    about: { facilityId, elderId, subject: `flag:${flagId}` },
    values: { canteenId, ...values },
  };
}
