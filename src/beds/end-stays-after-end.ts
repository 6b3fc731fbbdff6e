import type { EntityManager } from 'typeorm';
import type { AfterEnding } from '../elders/end-elder.js';
import { type Day, dayOf } from '../shared/china-time.js';
import type { Clock } from '../shared/clock.js';
import { placeholders } from '../shared/statements.js';
import { ownReasons } from './discharge.js';
import { endEntries } from './line-check.js';
import { lockBeds } from './read-beds.js';
import { endHolds } from './take-bed.js';
import { endStay } from './write-stay.js';

interface LiveRow {
  kind: 'STAY' | 'HOLD';
  id: number | string;
  bedId: number;
  facilityId: number;
  fromDay: Day;
  toDay: Day | null;
}

/**
 * What beds do about a file that ended: the stay ends on that day, or where it would have begun, and holds are released.
 * A stay whose days are on a bill ends after them, because a bill stays as it is. The elder's row is locked.
 */
export function endStaysAfterEnd(clock: Clock): AfterEnding {
  return async (manager, { elderId, on }) => {
    const now = clock.now();
    await endEntries(manager, elderId, 'FILE_ENDED', { byId: null, now });
    const rows: LiveRow[] = await manager.query(
      `SELECT 'STAY' AS kind, id, bedId, facilityId, CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay
         FROM bed_stay WHERE elderId = ? AND (toDay IS NULL OR toDay > ?) AND cancelledAt IS NULL
       UNION ALL SELECT 'HOLD' AS kind, id, bedId, facilityId, CAST(fromDay AS CHAR) AS fromDay, NULL AS toDay
         FROM bed_hold WHERE elderId = ? AND endedAt IS NULL`,
      [elderId, on, elderId],
    );
    if (rows.length === 0) return;
    await lockBeds(
      manager,
      rows.map(({ bedId }) => bedId),
    );
    const holds = rows
      .filter(({ kind }) => kind === 'HOLD')
      .map(({ id, facilityId }) => ({ id: Number(id), facilityId }));
    const expired = await expiredAmong(manager, holds, now);
    await endHolds(
      manager,
      holds.filter(({ id }) => !expired.has(id)),
      'RELEASED',
      { now, today: dayOf(now) },
    );
    for (const { id, facilityId, fromDay, toDay } of rows.filter(({ kind }) => kind === 'STAY')) {
      await endAfterFile(manager, { id: Number(id), facilityId, fromDay, toDay }, on, now);
    }
  };
}

async function endAfterFile(
  manager: EntityManager,
  { id, facilityId, fromDay, toDay }: { id: number; facilityId: number; fromDay: Day; toDay: Day | null },
  on: Day,
  now: Date,
): Promise<void> {
  const [row]: { untilDay: Day | null; leaveDay: Day | null }[] = await manager.query(
    `SELECT CAST((SELECT MAX(untilDay) FROM stay_charge WHERE stayId = ?) AS CHAR) AS untilDay,
            CAST((SELECT MAX(COALESCE(toDay, fromDay)) FROM stay_leave
                   WHERE stayId = ? AND (toDay IS NULL OR toDay > fromDay)) AS CHAR) AS leaveDay`,
    [id, id],
  );
  const end = [on, row?.untilDay ?? on, row?.leaveDay ?? on].reduce((one, other) =>
    one > other ? one : other,
  );
  const isCancelled = end <= fromDay;
  const last = isCancelled ? fromDay : end;
  if (toDay !== null && toDay <= last) return;
  await endStay(manager, {
    id,
    facilityId,
    on: last,
    reason: ownReasons.fileEnded,
    note: null,
    byId: null,
    now,
    isCancelled,
  });
}

async function expiredAmong(
  manager: EntityManager,
  holds: readonly { id: number }[],
  now: Date,
): Promise<Set<number>> {
  if (holds.length === 0) return new Set();
  const rows: { id: number | string }[] = await manager.query(
    `SELECT id FROM bed_hold WHERE expiresAt <= ? AND id IN (${placeholders(holds)})`,
    [now.getTime(), ...holds.map(({ id }) => id)],
  );
  return new Set(rows.map(({ id }) => Number(id)));
}
