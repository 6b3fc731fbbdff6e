import type { EntityManager } from 'typeorm';
import { ancestorsOf } from '../../network/tree.js';
import type { Day } from '../../shared/china-time.js';
import { placeholders } from '../../shared/statements.js';
import {
  fallbackSettings,
  type PlanningSettingName,
  type PlanningSettings,
  planningSettingNames,
} from './planning-settings.rules.js';

/** A number that counts at a facility, and where it comes from. */
export interface SettingInForce {
  name: PlanningSettingName;
  value: number;
  /** The facility it was set at; null for what counts where nobody has set anything. */
  setAtId: number | null;
  /** Since when; null with `setAtId`. */
  fromDay: Day | null;
}

/** What counts at a facility on a day, in the order of the kinds: the nearest facility's above it. Two statements. */
export async function settingsInForce(
  manager: EntityManager,
  facilityId: number,
  day: Day,
): Promise<SettingInForce[]> {
  const above = (await ancestorsOf(manager, [facilityId], day)).get(facilityId) ?? [];
  const nearestFirst = [facilityId, ...above.reverse()];
  const rows: { facilityId: number; name: string; value: number | null; fromDay: Day }[] =
    await manager.query(
      `SELECT facilityId, name, value, CAST(fromDay AS CHAR) AS fromDay FROM planning_setting
        WHERE facilityId IN (${placeholders(nearestFirst)}) AND fromDay <= ? ORDER BY fromDay`,
      [...nearestFirst, day],
    );
  const latest = new Map(rows.map((row) => [`${row.facilityId} ${row.name}`, row]));
  return planningSettingNames.map((name) => {
    const found = nearestFirst.map((id) => latest.get(`${id} ${name}`)).find((row) => row?.value != null);
    if (!found) return { name, value: fallbackSettings[name], setAtId: null, fromDay: null };
    return { name, value: found.value as number, setAtId: found.facilityId, fromDay: found.fromDay };
  });
}

export async function readPlanningSettings(
  manager: EntityManager,
  facilityId: number,
  day: Day,
): Promise<PlanningSettings> {
  const inForce = await settingsInForce(manager, facilityId, day);
  return Object.fromEntries(inForce.map(({ name, value }) => [name, value])) as PlanningSettings;
}
