import type { EntityManager } from 'typeorm';
import type { Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import { type CaregiverFile, lockCaregiver } from './caregiver-file.js';
import { type CaregiverRefusal, refuseCaregiver } from './caregiver-refusals.js';
import { isDayAhead } from './days-ahead.rules.js';
import { type WeekSpan, weekFault } from './week-hours.rules.js';

export interface WorkingHours {
  caregiverId: number;
  /** The first day of the new hours; today at the earliest. */
  fromDay: Day;
  /** Of every week from then on; empty for none. */
  spans: readonly WeekSpan[];
}

/**
 * Sets the hours of every week from a day on, in the place of those that were said for that day and later. The days
 * before stay as they were worked.
 */
export async function setWorkingHours(
  manager: EntityManager,
  { caregiverId, fromDay, spans }: WorkingHours,
  scope: Scope,
  today: Day,
): Promise<CaregiverFile | CaregiverRefusal> {
  const file = await lockCaregiver(manager, caregiverId, scope, today);
  if (isRefusal(file)) return file;
  if (!isDayAhead(fromDay, today)) return refuseCaregiver('DATE_OUT_OF_RANGE', ['fromDay']);
  const fault = weekFault(spans);
  if (fault) return refuseCaregiver(fault.code, ['hours', String(fault.index)]);
  await manager.query('DELETE FROM caregiver_shift WHERE caregiverId = ? AND fromDay >= ?', [
    caregiverId,
    fromDay,
  ]);
  await manager.query(
    'UPDATE caregiver_shift SET toDay = ? WHERE caregiverId = ? AND fromDay < ? AND (toDay IS NULL OR toDay > ?)',
    [fromDay, caregiverId, fromDay, fromDay],
  );
  await insertRows(
    manager,
    'caregiver_shift',
    ['caregiverId', 'weekday', 'fromMinute', 'toMinute', 'fromDay'],
    spans.map(({ weekday, fromMinute, toMinute }) => [caregiverId, weekday, fromMinute, toMinute, fromDay]),
  );
  return file;
}
