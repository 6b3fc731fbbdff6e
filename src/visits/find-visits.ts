import type { EntityManager } from 'typeorm';
import type { Visit } from '../../entities/visits/visit.entity.js';
import type { SqlPart } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import { type VisitReach, withinReach } from './visit-reach.js';
import { spanOf } from './window.rules.js';

/** A visit as it is found; its elder, service and caregivers are asked for apart. */
export type FoundVisit = Pick<
  Visit,
  | 'id'
  | 'elderId'
  | 'serviceId'
  | 'stationId'
  | 'startsAt'
  | 'endsAt'
  | 'status'
  | 'subsidyFen'
  | 'selfPaidFen'
  | 'checkedInAt'
  | 'checkedOutAt'
  | 'version'
>;

const columns = `visit.id, visit.elderId, visit.serviceId, visit.stationId, visit.startsAt, visit.endsAt, visit.status,
  visit.subsidyFen, visit.selfPaidFen, visit.checkedInAt, visit.checkedOutAt, visit.version`;

/** The visit with this id, when it lies within reach. */
export async function findVisit(
  manager: EntityManager,
  id: number,
  reach: VisitReach,
  today: Day,
): Promise<FoundVisit | undefined> {
  const [visit] = await select(manager, { sql: 'visit.id = ?', parameters: [id] }, reach, today);
  return visit;
}

/** Those of these visits that lie within reach, in order of start. One statement. */
export async function findVisits(
  manager: EntityManager,
  ids: readonly number[],
  reach: VisitReach,
  today: Day,
): Promise<FoundVisit[]> {
  if (ids.length === 0) return [];
  return select(manager, { sql: `visit.id IN (${placeholders(ids)})`, parameters: [...ids] }, reach, today);
}

/** These visits in the order of start, whoever asks: for steps whose caller was let in to them already. */
export async function visitsById(manager: EntityManager, ids: readonly number[]): Promise<FoundVisit[]> {
  if (ids.length === 0) return [];
  const rows: VisitRow[] = await manager.query(
    `SELECT ${columns} FROM visit WHERE visit.id IN (${placeholders(ids)}) ORDER BY visit.startsAt, visit.id`,
    [...ids],
  );
  return rows.map(visitOf);
}

/** A visit that is known to be there. */
export async function visitById(manager: EntityManager, id: number): Promise<FoundVisit> {
  const [visit] = await visitsById(manager, [id]);
  if (!visit) throw new Error(`there is no visit ${id}`);
  return visit;
}

/** Whose day is asked for: a station's, a caregiver's, that of the caregiver who has this account; or several of these. */
export interface DayOfVisits {
  day: Day;
  stationId?: number | undefined;
  caregiverId?: number | undefined;
  accountId?: number | undefined;
}

/** The visits within reach that start on the day, in order of start, cancelled ones too. One statement. */
export async function visitsOnDay(
  manager: EntityManager,
  wanted: DayOfVisits,
  reach: VisitReach,
  today: Day,
): Promise<FoundVisit[]> {
  const { startsAt, endsAt } = spanOf(wanted.day);
  const { sql, parameters } = whoseDay(wanted);
  const condition = {
    sql: `visit.startsAt >= ? AND visit.startsAt < ?${sql}`,
    parameters: [startsAt.getTime(), endsAt.getTime(), ...parameters],
  };
  return select(manager, condition, reach, today);
}

function whoseDay({ day, stationId, caregiverId, accountId }: DayOfVisits): SqlPart {
  const { startsAt, endsAt } = spanOf(day);
  const parts: SqlPart[] = [];
  if (stationId !== undefined) parts.push({ sql: 'visit.stationId = ?', parameters: [stationId] });
  // A caregiver of two may come later than the other, on the next day even: its own times reach that far.
  const brought = (whose: string, id: number) => ({
    sql: `visit.id IN (SELECT part.visitId FROM caregiver JOIN visit_caregiver part ON part.caregiverId = caregiver.id
                        WHERE ${whose} = ? AND part.startsAt >= ? AND part.startsAt < ?)`,
    parameters: [id, startsAt.getTime(), endsAt.getTime() + endsAt.getTime() - startsAt.getTime()],
  });
  if (caregiverId !== undefined) parts.push(brought('caregiver.id', caregiverId));
  if (accountId !== undefined) parts.push(brought('caregiver.accountId', accountId));
  return {
    sql: parts.map((part) => ` AND ${part.sql}`).join(''),
    parameters: parts.flatMap((part) => part.parameters),
  };
}

async function select(
  manager: EntityManager,
  condition: SqlPart,
  reach: VisitReach,
  today: Day,
): Promise<FoundVisit[]> {
  const within = withinReach(reach, today);
  const rows: VisitRow[] = await manager.query(
    `${within.with.sql} SELECT ${columns} FROM visit
      WHERE ${condition.sql} AND ${within.where.sql} ORDER BY visit.startsAt, visit.id`,
    [...within.with.parameters, ...condition.parameters, ...within.where.parameters],
  );
  return rows.map(visitOf);
}

/** Visits that start over [from, to), without an end where one is not given. */
export interface VisitSpan {
  from?: Date | undefined;
  to?: Date | undefined;
}

/** The first `rowsMax` after the visit that starts and is numbered so. */
export interface VisitPage extends VisitSpan {
  after?: { startsAt: Date; id: number } | undefined;
  rowsMax: number;
}

/** The same page of each elder's visits within reach, in order of start. One statement for all elders. */
export async function visitsOfElders(
  manager: EntityManager,
  elderIds: readonly number[],
  { after, rowsMax, ...span }: VisitPage,
  reach: VisitReach,
  today: Day,
): Promise<Map<number, FoundVisit[]>> {
  const visits = new Map<number, FoundVisit[]>(elderIds.map((id) => [id, []]));
  if (elderIds.length === 0) return visits;
  const within = withinReach(reach, today);
  const wanted = ofElders(elderIds, span);
  const starts = after?.startsAt.getTime();
  const rows: VisitRow[] = await manager.query(
    `${within.with.sql}
     SELECT * FROM (
       SELECT ${columns}, ROW_NUMBER() OVER (PARTITION BY visit.elderId ORDER BY visit.startsAt, visit.id) AS turn
         FROM visit
        WHERE ${wanted.sql} AND ${within.where.sql}
          ${after ? 'AND (visit.startsAt > ? OR (visit.startsAt = ? AND visit.id > ?))' : ''}
     ) numbered
     WHERE turn <= ? ORDER BY startsAt, id`,
    [
      ...within.with.parameters,
      ...wanted.parameters,
      ...within.where.parameters,
      ...(after ? [starts, starts, after.id] : []),
      rowsMax,
    ],
  );
  for (const row of rows) visits.get(row.elderId)?.push(visitOf(row));
  return visits;
}

/** How many visits `visitsOfElders` has of each elder on all pages. */
export async function countVisitsOfElders(
  manager: EntityManager,
  elderIds: readonly number[],
  span: VisitSpan,
  reach: VisitReach,
  today: Day,
): Promise<Map<number, number>> {
  const counts = new Map<number, number>(elderIds.map((id) => [id, 0]));
  if (elderIds.length === 0) return counts;
  const within = withinReach(reach, today);
  const wanted = ofElders(elderIds, span);
  const rows: { elderId: number; count: number | string }[] = await manager.query(
    `${within.with.sql} SELECT visit.elderId, COUNT(*) AS count FROM visit
      WHERE ${wanted.sql} AND ${within.where.sql} GROUP BY visit.elderId`,
    [...within.with.parameters, ...wanted.parameters, ...within.where.parameters],
  );
  for (const { elderId, count } of rows) counts.set(elderId, Number(count));
  return counts;
}

function ofElders(elderIds: readonly number[], { from, to }: VisitSpan): SqlPart {
  const sql = `visit.elderId IN (${placeholders(elderIds)})${from ? ' AND visit.startsAt >= ?' : ''}${to ? ' AND visit.startsAt < ?' : ''}`;
  return { sql, parameters: [...elderIds, ...[from, to].flatMap((instant) => instant?.getTime() ?? [])] };
}

/** Drivers hand 64-bit integers over as numbers or as text. */
type VisitRow = Omit<FoundVisit, 'startsAt' | 'endsAt' | 'checkedInAt' | 'checkedOutAt'> &
  Record<'startsAt' | 'endsAt', number | string> &
  Record<'checkedInAt' | 'checkedOutAt', number | string | null>;

function visitOf(row: VisitRow): FoundVisit {
  const { id, elderId, serviceId, stationId, status, version, checkedInAt, checkedOutAt } = row;
  return {
    id,
    elderId,
    serviceId,
    stationId,
    status,
    version,
    startsAt: new Date(Number(row.startsAt)),
    endsAt: new Date(Number(row.endsAt)),
    subsidyFen: Number(row.subsidyFen),
    selfPaidFen: Number(row.selfPaidFen),
    checkedInAt: checkedInAt === null ? null : new Date(Number(checkedInAt)),
    checkedOutAt: checkedOutAt === null ? null : new Date(Number(checkedOutAt)),
  };
}
