import type { BedType } from '../../entities/beds/bed.entity.js';
import type { LeaveKind } from '../../entities/beds/stay-leave.entity.js';
import { type InstitutionStays, stayKey } from '../elders/institution-stays.js';
import type { Day } from '../shared/china-time.js';
import { isWithinDays } from '../shared/interval.js';
import { padded, placeholders } from '../shared/statements.js';
import { isInstitutional } from './write-stay.js';

interface StayedRow {
  elderId: number;
  type: BedType;
  fromDay: Day;
  toDay: Day | null;
  leaveKind: LeaveKind | null;
  leaveFrom: Day | null;
  leaveTo: Day | null;
}

/**
 * Who lives in an institution on a day: whoever has a full-time bed and is not on leave at home, and whoever is in
 * hospital from a bed of any type. Day care and a bed at home make nobody a resident.
 */
export const staysInInstitutions: InstitutionStays = {
  async on(manager, elderIds, days) {
    const living = new Set<string>();
    if (elderIds.length === 0 || days.length === 0) return living;
    const sorted = [...days].sort();
    const first = sorted[0] as Day;
    const last = sorted.at(-1) as Day;
    const ids = padded(manager, [...new Set(elderIds)]);
    const rows: StayedRow[] = await manager.query(
      `SELECT s.elderId, b.type, CAST(s.fromDay AS CHAR) AS fromDay, CAST(s.toDay AS CHAR) AS toDay,
              l.kind AS leaveKind, CAST(l.fromDay AS CHAR) AS leaveFrom, CAST(l.toDay AS CHAR) AS leaveTo
         FROM bed_stay s
         JOIN bed b ON b.id = s.bedId
         LEFT JOIN stay_leave l ON l.stayId = s.id AND l.fromDay <= ? AND (l.toDay IS NULL OR l.toDay > ?)
        WHERE s.elderId IN (${placeholders(ids)}) AND (s.toDay IS NULL OR s.toDay > ?) AND s.fromDay <= ?`,
      [last, first, ...ids, first, last],
    );
    const atHome = new Set<string>();
    for (const day of new Set(days)) {
      for (const row of rows) {
        const key = stayKey(row.elderId, day);
        if (!isWithinDays(day, row.fromDay, row.toDay)) continue;
        const isAway = row.leaveFrom !== null && isWithinDays(day, row.leaveFrom, row.leaveTo);
        if (isAway && row.leaveKind === 'HOME') atHome.add(key);
        if (isInstitutional(row.type) || (isAway && row.leaveKind === 'HOSPITAL')) living.add(key);
      }
    }
    for (const key of atHome) living.delete(key);
    return living;
  },
};
