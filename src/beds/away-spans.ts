import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import type { LeaveKind } from '../../entities/beds/stay-leave.entity.js';
import type { AwaySpan, AwaySpans } from '../elders/institution-stays.js';
import type { Day } from '../shared/china-time.js';
import { padded, placeholders } from '../shared/statements.js';
import { isInstitutional } from './write-stay.js';

/** A stay as far as it says who is at home. */
export interface SpannedStay {
  elderId: number;
  type: BedType;
  fromDay: Day;
  toDay: Day | null;
  /** Those that hold a day, in order. */
  leaves: readonly SpannedLeave[];
}

export interface SpannedLeave {
  kind: LeaveKind;
  fromDay: Day;
  toDay: Day | null;
  expectedBackOn: Day | null;
}

/**
 * The days of a stay on which its elder is not at home: in a full-time bed all but those of a leave at home, in any
 * other those in hospital. They are the days that `staysInInstitutions` answers for, and the day on which whoever is on
 * leave at home is expected back, from which on it will be so again.
 */
export function spansOfStay({ elderId, type, fromDay, toDay, leaves }: SpannedStay): AwaySpan[] {
  if (!isInstitutional(type)) {
    return leaves
      .filter(({ kind }) => kind === 'HOSPITAL')
      .map((leave) => ({
        elderId,
        fromDay: leave.fromDay,
        toDay: leave.toDay ?? toDay,
        saidUntil: leave.toDay ?? leave.expectedBackOn ?? leave.fromDay,
        isExpected: false,
      }));
  }
  const spans: AwaySpan[] = [];
  let from: Day | null = fromDay;
  for (const leave of leaves.filter(({ kind }) => kind === 'HOME')) {
    if (from !== null && from < leave.fromDay) {
      const until = leave.fromDay;
      spans.push({ elderId, fromDay: from, toDay: until, saidUntil: until, isExpected: false });
    }
    from = leave.toDay;
    if (leave.toDay === null && leave.expectedBackOn !== null) {
      const back = leave.expectedBackOn;
      spans.push({ elderId, fromDay: back, toDay, saidUntil: back, isExpected: true });
    }
  }
  if (from !== null && (toDay === null || from < toDay)) {
    spans.push({ elderId, fromDay: from, toDay, saidUntil: toDay, isExpected: false });
  }
  return spans;
}

export const awaySpansOfBeds: AwaySpans = {
  async of(manager, elderIds, from) {
    if (elderIds.length === 0) return [];
    const stays = await staysOf(manager, elderIds, from);
    return stays.flatMap(spansOfStay).filter(({ toDay }) => toDay === null || toDay > from);
  },
};

type StayRow = Omit<SpannedStay, 'leaves'> & { id: number | string };
type LeaveRow = SpannedLeave & { stayId: number | string };

async function staysOf(
  manager: EntityManager,
  elderIds: readonly number[],
  from: Day,
): Promise<SpannedStay[]> {
  const ids = padded(manager, [...new Set(elderIds)]);
  const which = `s.elderId IN (${placeholders(ids)}) AND (s.toDay IS NULL OR (s.toDay > ? AND s.toDay > s.fromDay))`;
  const stays: StayRow[] = await manager.query(
    `SELECT s.id, s.elderId, b.type, CAST(s.fromDay AS CHAR) AS fromDay, CAST(s.toDay AS CHAR) AS toDay
       FROM bed_stay s JOIN bed b ON b.id = s.bedId
      WHERE ${which} ORDER BY s.elderId, s.fromDay`,
    [...ids, from],
  );
  if (stays.length === 0) return [];
  const leaves: LeaveRow[] = await manager.query(
    `SELECT l.stayId, l.kind, CAST(l.fromDay AS CHAR) AS fromDay, CAST(l.toDay AS CHAR) AS toDay,
            CAST(l.expectedBackOn AS CHAR) AS expectedBackOn
       FROM bed_stay s JOIN stay_leave l ON l.stayId = s.id AND (l.toDay IS NULL OR l.toDay > l.fromDay)
      WHERE ${which} ORDER BY l.stayId, l.fromDay`,
    [...ids, from],
  );
  return stays.map(({ id, ...stay }) => ({
    ...stay,
    leaves: leaves
      .filter(({ stayId }) => String(stayId) === String(id))
      .map(({ stayId: _, ...leave }) => leave),
  }));
}
