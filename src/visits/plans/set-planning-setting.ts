import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../../audit-log/write-on-record.js';
import { covers, type Scope } from '../../network/scope.js';
import { type Day, dayOf } from '../../shared/china-time.js';
import { forUpdate } from '../../shared/database.js';
import { type Refusal, refuse } from '../../shared/refusal.js';
import { insertRows } from '../../shared/statements.js';
import { type SettingInForce, settingsInForce } from './planning-settings.js';
import { type PlanningSettingName, settingKinds } from './planning-settings.rules.js';

/** In order of precedence. */
export type PlanningSettingRefusalCode = 'FACILITY_UNKNOWN' | 'VALUE_OUT_OF_RANGE' | 'BACKDATED';

export interface NewPlanningSetting {
  facilityId: number;
  name: PlanningSettingName;
  /** Null: what lies above counts again. */
  value: number | null;
  fromDay: Day;
  byId: number;
  now: Date;
}

/** Sets a number that plans of a facility and of all beneath it are made by, from a day on. */
export async function setPlanningSetting(
  manager: EntityManager,
  wanted: NewPlanningSetting,
  scope: Scope,
): Promise<SettingInForce | Refusal<PlanningSettingRefusalCode>> {
  const { facilityId, name, value, fromDay, byId, now } = wanted;
  const isThere = await lockFacility(manager, facilityId);
  if (!(await covers(manager, scope, facilityId, dayOf(now))) || !isThere) {
    return refuse('FACILITY_UNKNOWN', { zh: '没有这个机构', en: 'There is no such facility' }, [
      'facilityId',
    ]);
  }
  const { min, max } = settingKinds[name];
  if (value !== null && (value < min || value > max)) {
    const text = { zh: `须在 ${min} 至 ${max} 之间`, en: `must be ${min} to ${max}` };
    return refuse('VALUE_OUT_OF_RANGE', text, ['value']);
  }
  if (fromDay < dayOf(now)) {
    return refuse('BACKDATED', { zh: '起日不得早于今天', en: 'must not lie before today' }, ['fromDay']);
  }
  await manager.query('DELETE FROM planning_setting WHERE facilityId = ? AND name = ? AND fromDay = ?', [
    facilityId,
    name,
    fromDay,
  ]);
  const columns = ['facilityId', 'name', 'fromDay', 'value', 'setById', 'setAt'];
  await insertRows(manager, 'planning_setting', columns, [
    [facilityId, name, fromDay, value, byId, now.getTime()],
  ]);
  const inForce = await settingsInForce(manager, facilityId, fromDay);
  return inForce.find((setting) => setting.name === name) as SettingInForce;
}

async function lockFacility(manager: EntityManager, id: number): Promise<boolean> {
  const rows: unknown[] = await manager.query(`SELECT id FROM facility WHERE id = ?${forUpdate(manager)}`, [
    id,
  ]);
  return rows.length > 0;
}

/** What counts on the day as the audit log shows it before and after. */
export async function planningSettingState(
  manager: EntityManager,
  { facilityId, name, fromDay }: Pick<NewPlanningSetting, 'facilityId' | 'name' | 'fromDay'>,
): Promise<AuditedState | undefined> {
  if (!(await lockFacility(manager, facilityId))) return undefined;
  const inForce = (await settingsInForce(manager, facilityId, fromDay)).find(
    (setting) => setting.name === name,
  );
  return {
    about: { facilityId, subject: `facility:${facilityId}` },
    values: { value: inForce?.value ?? null, setAtId: inForce?.setAtId ?? null },
  };
}
