import type { EntityManager } from 'typeorm';
import type { Day } from '../../shared/china-time.js';
import { type ThresholdName, type Thresholds, thresholdKinds } from './flag-thresholds.rules.js';

/** A number and since when it counts. */
export interface ThresholdInForce {
  name: ThresholdName;
  value: number;
  fromDay: Day;
}

/** What counts on a day, in the order of the kinds. One statement: there are a dozen, changed once in years. */
export async function thresholdsInForce(manager: EntityManager, day: Day): Promise<ThresholdInForce[]> {
  const rows: { name: string; value: number; fromDay: Day }[] = await manager.query(
    `SELECT name, value, CAST(fromDay AS CHAR) AS fromDay FROM flag_threshold
      WHERE fromDay <= ? ORDER BY name, fromDay`,
    [day],
  );
  const latest = new Map(rows.map((row) => [row.name, row]));
  return (Object.keys(thresholdKinds) as ThresholdName[]).map((name) => {
    const row = latest.get(name);
    if (!row) throw new Error(`the threshold ${name} has no value on ${day}`);
    return { ...row, name };
  });
}

export async function readThresholds(manager: EntityManager, day: Day): Promise<Thresholds> {
  const inForce = await thresholdsInForce(manager, day);
  return Object.fromEntries(inForce.map(({ name, value }) => [name, value])) as Record<ThresholdName, number>;
}
