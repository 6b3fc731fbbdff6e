import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../../audit-log/write-on-record.js';
import type { Scope } from '../../network/scope.js';
import { type Day, dayOf } from '../../shared/china-time.js';
import { forUpdate } from '../../shared/database.js';
import { type Refusal, refuse } from '../../shared/refusal.js';
import { insertRows } from '../../shared/statements.js';
import type { ThresholdInForce } from './flag-thresholds.js';
import { type ThresholdName, thresholdKinds } from './flag-thresholds.rules.js';

/** In order of precedence. */
export type ThresholdRefusalCode = 'NOT_ENTITLED' | 'VALUE_OUT_OF_RANGE' | 'BACKDATED';

export interface NewThreshold {
  name: ThresholdName;
  value: number;
  fromDay: Day;
  byId: number;
  now: Date;
}

/**
 * Sets what a sign of fraud is held against from a day on. Days that are over keep what they were looked through
 * with; a value for the same day replaces the one that was announced.
 */
export async function setFlagThreshold(
  manager: EntityManager,
  { name, value, fromDay, byId, now }: NewThreshold,
  scope: Scope,
): Promise<ThresholdInForce | Refusal<ThresholdRefusalCode>> {
  if (scope !== 'everywhere') {
    const text = {
      zh: '阈值全市统一，只能由全市管理员设定',
      en: 'It counts everywhere, so an administrator of everything sets it',
    };
    return refuse('NOT_ENTITLED', text, ['name']);
  }
  const { min, max } = thresholdKinds[name];
  if (value < min || value > max) {
    return refuse(
      'VALUE_OUT_OF_RANGE',
      { zh: `须在 ${min} 至 ${max} 之间`, en: `must be ${min} to ${max}` },
      ['value'],
    );
  }
  if (fromDay < dayOf(now)) {
    const text = { zh: '起日不得早于今天', en: 'must not lie before today' };
    return refuse('BACKDATED', text, ['fromDay']);
  }
  const announced: unknown[] = await manager.query(
    `SELECT name FROM flag_threshold WHERE name = ? AND fromDay = ?${forUpdate(manager)}`,
    [name, fromDay],
  );
  if (announced.length > 0) {
    await manager.query(
      'UPDATE flag_threshold SET value = ?, setById = ?, setAt = ? WHERE name = ? AND fromDay = ?',
      [value, byId, now.getTime(), name, fromDay],
    );
  } else {
    const columns = ['name', 'fromDay', 'value', 'setById', 'setAt'];
    await insertRows(manager, 'flag_threshold', columns, [[name, fromDay, value, byId, now.getTime()]]);
  }
  return { name, value, fromDay };
}

/** The values of one threshold from a day on, and the one in force on it, as the audit log shows them. */
export async function thresholdState(
  manager: EntityManager,
  { name, fromDay }: Pick<NewThreshold, 'name' | 'fromDay'>,
): Promise<AuditedState> {
  const rows: { value: number; fromDay: Day }[] = await manager.query(
    `SELECT value, CAST(fromDay AS CHAR) AS fromDay FROM flag_threshold
      WHERE name = ? AND fromDay <= ? ORDER BY fromDay DESC LIMIT 1`,
    [name, fromDay],
  );
  return { about: { subject: `threshold:${name}` }, values: { ...rows[0] } };
}
