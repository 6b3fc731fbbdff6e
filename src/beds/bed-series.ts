import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import { type BedCounts, countsByDay, type DayCounts, plus } from './bed-count.rules.js';
import { type BedMember, bedMembers } from './bed-members.js';
import { changesByFacility, sweepBeds } from './bed-sweep.js';

/** The longest series, in days. */
export const seriesDaysMax = 1100;

/**
 * The beds at or beneath a facility on each day of [from, to), each by the tree of that day, past or future; holds count
 * as they do at `now`. Two statements, and a third when facilities came or left in between.
 */
export async function bedSeries(
  manager: EntityManager,
  { within, from, to, now }: { within: number; from: Day; to: Day; now: Date },
): Promise<DayCounts[]> {
  const { whole, parts } = await bedMembers(manager, within, from, to);
  const changes = await sweepBeds(manager, { facilityIds: whole, from, to, now, by: 'DAY' });
  const series = countsByDay(changes, from, to);
  if (parts.length === 0) return series;
  return withParts(series, parts, await seriesOf(manager, parts, { from, to, now }));
}

/** Each facility's own series. One statement. */
async function seriesOf(
  manager: EntityManager,
  parts: readonly BedMember[],
  { from, to, now }: { from: Day; to: Day; now: Date },
): Promise<Map<number, DayCounts[]>> {
  const facilityIds = [...new Set(parts.map(({ facilityId }) => facilityId))];
  const changes = await sweepBeds(manager, { facilityIds, from, to, now, by: 'FACILITY' });
  const byFacility = changesByFacility(changes);
  return new Map(facilityIds.map((id) => [id, countsByDay(byFacility.get(id) ?? [], from, to)]));
}

function withParts(
  series: readonly DayCounts[],
  parts: readonly BedMember[],
  own: ReadonlyMap<number, DayCounts[]>,
): DayCounts[] {
  return series.map((point, index) => {
    const there = parts.filter(({ from, to }) => from <= point.date && point.date < to);
    const counts = there.flatMap(({ facilityId }) => own.get(facilityId)?.[index] ?? []);
    return { date: point.date, ...counts.reduce<BedCounts>(plus, withoutDate(point)) };
  });
}

function withoutDate({ date: _date, ...counts }: DayCounts) {
  return counts;
}
