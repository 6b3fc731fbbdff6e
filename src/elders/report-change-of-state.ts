import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import type { StateChangeKind } from '../../entities/elders/elder-state-change.entity.js';
import { addDays, type Day, dayOf } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { insertRows } from '../shared/statements.js';
import { untilAfterChange } from './assessment.rules.js';
import { scaleOn } from './assessment-scale.js';
import type { ElderScope } from './elder-scope.js';
import { lockElder } from './find-elder.js';
import { assessmentsOf, changeNoteName } from './read-assessments.js';
import { type AssessmentRefusal, keepRegistered, refuseAssessment } from './record-assessment.js';

export interface StateChange {
  id: number;
  elderId: number;
  changedOn: Day;
  kind: StateChangeKind;
}

export interface ChangeWanted extends StateChange {
  note: string | null;
  byId: number;
  now: Date;
}

/** How late a change may be told, in days. */
const daysBackMax = 90;

/**
 * Notes that an elder can do less, or more, than was assessed: the next assessment is due, and the level counts for the
 * scale's days yet. While one is open another is answered by it.
 */
export async function reportChangeOfState(
  manager: EntityManager,
  wanted: ChangeWanted,
  scope: ElderScope,
): Promise<StateChange | AssessmentRefusal> {
  const { id, elderId, changedOn, kind, byId, now } = wanted;
  const today = dayOf(now);
  const note = wanted.note?.trim() || null;
  if (note !== null && ([...note].length > 200 || /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(note))) {
    return refuseAssessment('NOTE_INVALID', ['note']);
  }
  const elder = await lockElder(manager, elderId, scope, today);
  if (!elder) return refuseAssessment('ELDER_UNKNOWN', ['elderId']);
  if (elder.status !== 'ACTIVE') return refuseAssessment('ELDER_NOT_ACTIVE', ['elderId']);
  const before = (await assessmentsOf(manager, [elderId])).get(elderId) ?? [];
  const last = before.at(-1);
  const first = [elder.registeredOn, addDays(today, -daysBackMax), last?.assessedOn ?? ''].reduce(
    (one, other) => (one > other ? one : other),
  );
  if (changedOn < first || changedOn > today) {
    const text = { zh: `须在 ${first} 至 ${today} 之间`, en: `must be within ${first} and ${today}` };
    return refuseAssessment('DAY_OUT_OF_RANGE', ['on'], text);
  }
  const open = await openChange(manager, elderId);
  if (open) return open;
  if (before.length === 0) await keepRegistered(manager, elder, id + 1, now);
  await insertRows(
    manager,
    'elder_state_change',
    ['id', 'elderId', 'openElderId', 'changedOn', 'kind', 'noteSealed', 'reportedAt', 'reportedById'],
    [
      [
        ...[id, elderId, elderId, changedOn, kind],
        ...[note === null ? null : cipherOf(manager).encrypt(changeNoteName(id), note), now.getTime(), byId],
      ],
    ],
  );
  if (elder.abilityLevel !== null) {
    const until = untilAfterChange(elder.abilityExpiresOn, changedOn, await scaleOn(manager, changedOn));
    await manager.query('UPDATE elder_assessment SET countsUntil = ? WHERE id = ?', [
      until,
      last?.id ?? id + 1,
    ]);
    await manager.update(Elder, { id: elderId }, { abilityExpiresOn: until });
  }
  return { id, elderId, changedOn, kind };
}

async function openChange(manager: EntityManager, elderId: number): Promise<StateChange | undefined> {
  const [row]: (Omit<StateChange, 'id'> & { id: number | string })[] = await manager.query(
    `SELECT id, elderId, CAST(changedOn AS CHAR) AS changedOn, kind FROM elder_state_change WHERE openElderId = ?`,
    [elderId],
  );
  return row && { ...row, id: Number(row.id) };
}
