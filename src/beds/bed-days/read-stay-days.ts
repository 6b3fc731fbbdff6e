import type { EntityManager } from 'typeorm';
import type { BedType } from '../../../entities/beds/bed.entity.js';
import type { LeaveKind } from '../../../entities/beds/stay-leave.entity.js';
import type { Counted } from '../../elders/assessment.rules.js';
import type { Day } from '../../shared/china-time.js';
import { placeholders } from '../../shared/statements.js';
import type { StayDays } from './bed-day.rules.js';

/** Which stays are read: those of some homes that share a day with [from, to). */
export interface StaysAsked {
  facilityIds: readonly number[];
  from: Day;
  to: Day;
}

export interface StayOfHome extends StayDays {
  facilityId: number;
}

const overlapping = (alias: string, { facilityIds }: StaysAsked) =>
  `${alias}.facilityId IN (${placeholders(facilityIds)}) AND ${alias}.cancelledAt IS NULL
   AND ${alias}.fromDay < ? AND (${alias}.toDay IS NULL OR ${alias}.toDay > ?)`;
const values = ({ facilityIds, from, to }: StaysAsked) => [...facilityIds, to, from];

interface Row {
  stayId: number | string;
  facilityId: number;
  elderId: number;
  bedType: BedType;
  fromDay: Day;
  toDay: Day | null;
  kind: LeaveKind | null;
  leaveFrom: Day | null;
  leaveTo: Day | null;
}

/**
 * Stays with their leaves in the order of their first days. One statement: of a discharge that is written meanwhile it has
 * both the end of the stay and that of the leave, or neither.
 */
export async function staysOfHomes(manager: EntityManager, asked: StaysAsked): Promise<StayOfHome[]> {
  const rows: Row[] = await manager.query(
    `SELECT s.id AS stayId, s.facilityId, s.elderId, b.type AS bedType, CAST(s.fromDay AS CHAR) AS fromDay,
            CAST(s.toDay AS CHAR) AS toDay, l.kind, CAST(l.fromDay AS CHAR) AS leaveFrom,
            CAST(l.toDay AS CHAR) AS leaveTo
       FROM bed_stay s
       JOIN bed b ON b.id = s.bedId
       LEFT JOIN stay_leave l ON l.stayId = s.id AND (l.toDay IS NULL OR l.toDay > l.fromDay)
      WHERE ${overlapping('s', asked)}
      ORDER BY s.fromDay, s.id, l.fromDay`,
    values(asked),
  );
  const stays = new Map<
    number,
    StayOfHome & { leaves: { kind: LeaveKind; fromDay: Day; toDay: Day | null }[] }
  >();
  for (const { kind, leaveFrom, leaveTo, stayId, ...row } of rows) {
    const id = Number(stayId);
    const stay = stays.get(id) ?? { ...row, stayId: id, leaves: [] };
    if (kind !== null && leaveFrom !== null) stay.leaves.push({ kind, fromDay: leaveFrom, toDay: leaveTo });
    stays.set(id, stay);
  }
  return [...stays.values()];
}

/** An elder's levels, and whether the file was erased: then nobody can say any more which they were. */
export interface ElderLevels {
  levels: Counted[];
  isErased: boolean;
}

/** Of everybody who has one of these stays; two statements. A file without assessments has the level it was opened with. */
export async function levelsOfResidents(
  manager: EntityManager,
  asked: StaysAsked,
): Promise<Map<number, ElderLevels>> {
  const residents = `SELECT s.elderId FROM bed_stay s WHERE ${overlapping('s', asked)}`;
  const files: {
    id: number;
    level: number | null;
    assessedOn: Day;
    countsUntil: Day | null;
    erasedAt: unknown;
  }[] = await manager.query(
    `SELECT e.id, e.abilityLevel AS level, CAST(e.registeredOn AS CHAR) AS assessedOn,
              CAST(e.abilityExpiresOn AS CHAR) AS countsUntil, e.erasedAt
         FROM elder e WHERE e.id IN (${residents})`,
    values(asked),
  );
  const rows: (Counted & { elderId: number })[] = await manager.query(
    `SELECT a.elderId, a.level, CAST(a.assessedOn AS CHAR) AS assessedOn, CAST(a.countsUntil AS CHAR) AS countsUntil
       FROM elder_assessment a WHERE a.elderId IN (${residents}) ORDER BY a.elderId, a.place`,
    values(asked),
  );
  const found = new Map<number, ElderLevels>(
    files.map(({ id, erasedAt }) => [id, { levels: [], isErased: erasedAt !== null }]),
  );
  for (const { elderId, ...assessment } of rows) found.get(elderId)?.levels.push(assessment);
  for (const { id, level, assessedOn, countsUntil } of files) {
    const own = found.get(id)?.levels;
    if (own?.length === 0 && level !== null) own.push({ level, assessedOn, countsUntil });
  }
  return found;
}
