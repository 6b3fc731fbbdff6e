import type { EntityManager } from 'typeorm';
import type { LeaveKind } from '../../entities/beds/stay-leave.entity.js';
import type { Day } from '../shared/china-time.js';
import { dayOf } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';

export type StayState = 'HELD' | 'OCCUPIED' | 'ON_LEAVE';

/** A stay, or a hold, which is a stay that may never come to be. */
export interface Stay {
  id: number;
  kind: 'STAY' | 'HOLD';
  bedId: number;
  facilityId: number;
  elderId: number;
  from: Day;
  /** The first day after it; null while it is open. */
  to: Day | null;
  /** HELD before the elder comes, ON_LEAVE while the resident is away today. */
  state: StayState;
  /** When the elder came, transfers left out; null for a hold. */
  admittedOn: Day | null;
  previousStayId: number | null;
  contractSignedOn: Day | null;
  trialEndsOn: Day | null;
  endReason: string | null;
  /** When a hold ends by itself; null for a stay. */
  expiresAt: Date | null;
  /** The leave of today. */
  leaveKind: LeaveKind | null;
  expectedBackOn: Day | null;
  enteredAt: Date;
}

/** Selects stays as `s` with the leave that holds on a day as `l`; it takes the day twice. */
const selectStays = `SELECT s.id, s.bedId, s.facilityId, s.elderId, CAST(s.fromDay AS CHAR) AS fromDay,
            CAST(s.toDay AS CHAR) AS toDay, CAST(s.admittedOn AS CHAR) AS admittedOn, s.previousStayId,
            CAST(s.contractSignedOn AS CHAR) AS contractSignedOn, CAST(s.trialEndsOn AS CHAR) AS trialEndsOn,
            s.endReason, s.enteredAt, l.kind AS leaveKind, CAST(l.expectedBackOn AS CHAR) AS expectedBackOn
       FROM bed_stay s
       LEFT JOIN stay_leave l ON l.stayId = s.id AND l.fromDay <= ? AND (l.toDay IS NULL OR l.toDay > ?)`;

const selectHolds = `SELECT h.id, h.bedId, h.facilityId, h.elderId, CAST(h.fromDay AS CHAR) AS fromDay,
            h.expiresAt, CAST(h.expiresOn AS CHAR) AS expiresOn, CAST(h.endedOn AS CHAR) AS endedOn, h.heldAt
       FROM bed_hold h`;

interface StayRow {
  id: number | string;
  bedId: number;
  facilityId: number;
  elderId: number;
  fromDay: Day;
  toDay: Day | null;
  admittedOn: Day;
  previousStayId: number | string | null;
  contractSignedOn: Day | null;
  trialEndsOn: Day;
  endReason: string | null;
  enteredAt: number | string;
  leaveKind: LeaveKind | null;
  expectedBackOn: Day | null;
}

interface HoldRow {
  id: number | string;
  bedId: number;
  facilityId: number;
  elderId: number;
  fromDay: Day;
  expiresAt: number | string;
  expiresOn: Day;
  endedOn: Day | null;
  heldAt: number | string;
}

function stayOf(row: StayRow, today: Day): Stay {
  const { fromDay: from, toDay: to, previousStayId, leaveKind } = row;
  const state = from > today ? 'HELD' : leaveKind === null ? 'OCCUPIED' : 'ON_LEAVE';
  return {
    ...row,
    id: Number(row.id),
    kind: 'STAY',
    from,
    to,
    state,
    previousStayId: previousStayId === null ? null : Number(previousStayId),
    expiresAt: null,
    enteredAt: new Date(Number(row.enteredAt)),
  };
}

function holdOf(row: HoldRow, now: Date): Stay {
  const expiresAt = new Date(Number(row.expiresAt));
  const isLive = row.endedOn === null && expiresAt > now;
  return {
    id: Number(row.id),
    kind: 'HOLD',
    bedId: row.bedId,
    facilityId: row.facilityId,
    elderId: row.elderId,
    from: row.fromDay,
    to: isLive ? null : (row.endedOn ?? row.expiresOn),
    state: 'HELD',
    admittedOn: null,
    previousStayId: null,
    contractSignedOn: null,
    trialEndsOn: null,
    endReason: null,
    expiresAt,
    leaveKind: null,
    expectedBackOn: null,
    enteredAt: new Date(Number(row.heldAt)),
  };
}

/** The stay with this id, or the hold that has not become one. Two statements, whichever it is, or neither. */
export async function stayById(manager: EntityManager, id: number, now: Date): Promise<Stay | undefined> {
  return (await staysById(manager, [id], now)).get(id);
}

/** Stays and holds with these ids. Two statements, however many. */
export async function staysById(
  manager: EntityManager,
  ids: readonly number[],
  now: Date,
): Promise<Map<number, Stay>> {
  if (ids.length === 0) return new Map();
  const list = placeholders(ids);
  const holds: HoldRow[] = await manager.query(`${selectHolds} WHERE h.id IN (${list})`, [...ids]);
  const stays = await staysWhere(manager, `s.id IN (${list})`, ids, now);
  const found = new Map(holds.map((row) => [Number(row.id), holdOf(row, now)]));
  for (const stay of stays) found.set(stay.id, stay);
  return found;
}

/** Stays that meet a condition on `s`, with the leave of today, in the order of their ids. One statement. */
async function staysWhere(
  manager: EntityManager,
  condition: string,
  parameters: readonly unknown[],
  now: Date,
  leaveDay = dayOf(now),
): Promise<Stay[]> {
  const rows: StayRow[] = await manager.query(`${selectStays} WHERE ${condition} ORDER BY s.id`, [
    leaveDay,
    leaveDay,
    ...parameters,
  ]);
  return rows.map((row) => stayOf(row, dayOf(now)));
}

const coversDay = 's.fromDay <= ? AND (s.toDay IS NULL OR s.toDay > ?)';

/** What these beds are taken by on a day: a stay, or else a hold. Two statements, however many beds. */
export async function staysOnBeds(
  manager: EntityManager,
  bedIds: readonly number[],
  on: Day,
  now: Date,
): Promise<Map<number, Stay>> {
  if (bedIds.length === 0) return new Map();
  const ids = placeholders(bedIds);
  const stays = await staysWhere(
    manager,
    `s.bedId IN (${ids}) AND ${coversDay}`,
    [...bedIds, on, on],
    now,
    on,
  );
  const holds: HoldRow[] = await manager.query(
    `${selectHolds} WHERE h.bedId IN (${ids}) AND h.fromDay <= ? AND ${heldOn('h')}`,
    [...bedIds, on, ...heldOnParameters(on, now)],
  );
  const found = new Map(holds.map((row) => [row.bedId, holdOf(row, now)]));
  for (const stay of stays) found.set(stay.bedId, stay);
  return found;
}

/** The stays that these elders are in on a day. One statement. */
export async function staysOfElders(
  manager: EntityManager,
  elderIds: readonly number[],
  on: Day,
  now: Date,
): Promise<Map<number, Stay>> {
  if (elderIds.length === 0) return new Map();
  const ids = placeholders(elderIds);
  const stays = await staysWhere(
    manager,
    `s.elderId IN (${ids}) AND ${coversDay}`,
    [...elderIds, on, on],
    now,
  );
  return new Map(stays.map((stay) => [stay.elderId, stay]));
}

/**
 * An SQL condition that a hold keeps a day, beside its first day: while it counts it keeps all of them, and afterwards
 * those before the day on which it ended. As heldDays in bed.rules.ts.
 */
export function heldOn(alias: string): string {
  return `((${alias}.endedOn IS NULL AND ${alias}.expiresAt > ?)
           OR (${alias}.endedOn IS NULL AND ${alias}.expiresAt <= ? AND ${alias}.expiresOn > ?)
           OR ${alias}.endedOn > ?)`;
}

export function heldOnParameters(on: Day, now: Date): unknown[] {
  return [now.getTime(), now.getTime(), on, on];
}
