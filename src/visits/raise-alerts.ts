import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { VisitStatus } from '../../entities/visits/visit.entity.js';
import type { VisitAlertKind } from '../../entities/visits/visit-alert.entity.js';
import { withAbove } from '../network/tree.js';
import { type Day, dayOf } from '../shared/china-time.js';
import type { Database } from '../shared/database.js';
import { affectedRows, insertRows, placeholders, type Statement } from '../shared/statements.js';
import { type AlertDue, alertsDue } from './alert.rules.js';
import { careTermsOf } from './care-terms.js';
import type { CareTerms } from './care-terms.rules.js';
import { type CareVisit, lockCareVisits } from './care-visits.js';
import { changeVisit } from './change-visit.js';
import { giveBackHours } from './hours-book.js';
import { tellMissed } from './visit-notices.js';
import type { Span } from './window.rules.js';

/**
 * Gives this server the turn to look for missed visits, unless another has it: the one that changes the row first. A
 * turn that lasts longer than turns do was given by another clock and counts for nothing.
 */
export async function takeTurn(
  manager: EntityManager,
  { holder, now, turnMs }: { holder: string; now: Date; turnMs: number },
): Promise<boolean> {
  const affected = await affectedRows(
    manager,
    `UPDATE visit_watch SET leasedUntil = ?, holder = ?
      WHERE name = 'MISSED' AND (leasedUntil <= ? OR leasedUntil > ?)`,
    [now.getTime() + turnMs, holder, now.getTime(), now.getTime() + turnMs],
  );
  return affected === 1;
}

/** What one look found. */
export interface AlertRound {
  raised: number;
  missed: number;
}

export interface Looking {
  /** Asked before each visit. */
  isStopped?(): boolean;
  /** Told of a visit that could not be looked at; without it, the first error is thrown when all were looked at. */
  onFailure?(error: unknown): void;
}

/**
 * Looks once through all visits that should have begun or ended: whom to tell, and which are missed. It asks for what
 * is so, and not for what happened since the last look, so that a server that was down, for a night or for a month,
 * makes up for it: no visit is left without an end, and whoever was not visited is on the lists.
 * A visit at a time, so that nobody waits for long; twice, or on two servers at once, is as once. One that cannot be
 * looked at hides none of the others, for behind each an elder may be lying on the floor: `onFailure` is told, and
 * without it the first error is thrown when all were looked at.
 */
export async function raiseAlerts(
  database: Database,
  now: Date,
  { isStopped = () => false, onFailure }: Looking = {},
): Promise<AlertRound> {
  const round: AlertRound = { raised: 0, missed: 0 };
  const failures: unknown[] = [];
  for (const id of await database.read((manager) => visitsToTell(manager, now))) {
    if (isStopped()) break;
    try {
      const { raised, missed } = await database.write((manager) => lookAt(manager, id, now));
      round.raised += raised;
      round.missed += missed;
    } catch (error) {
      if (onFailure) onFailure(error);
      else failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return round;
}

/** Visits about which somebody has to be told something by now; locked and looked at again before that is done. */
async function visitsToTell(manager: EntityManager, now: Date): Promise<number[]> {
  const found: OverdueVisit[] = [];
  for (const { sql, parameters } of overdueQueries(now)) {
    const rows: (Pick<OverdueVisit, 'id' | 'stationId' | 'status'> &
      Record<'startsAt' | 'endsAt', number | string>)[] = await manager.query(sql, [...parameters]);
    const dated = rows.map(({ startsAt, endsAt, ...row }) => {
      return { ...row, startsAt: new Date(Number(startsAt)), endsAt: new Date(Number(endsAt)) };
    });
    found.push(...dated);
  }
  const told = await toldAbout(
    manager,
    found.map(({ id }) => id),
  );
  // Of a visit that nobody ended there is one thing to tell, once: those of a year ask for no terms any more.
  const overdue = found.filter(
    ({ id, status }) => status !== 'IN_PROGRESS' || !told.has(keyOf(id, notEnded)),
  );
  const termsByDay = new Map<Day, Map<number, CareTerms>>();
  const stationIds = [...new Set(overdue.map(({ stationId }) => stationId))];
  for (const day of new Set(overdue.map(({ startsAt }) => dayOf(startsAt)))) {
    termsByDay.set(day, await careTermsOf(manager, stationIds, day));
  }
  return overdue
    .filter((visit) => {
      const terms = termsByDay.get(dayOf(visit.startsAt))?.get(visit.stationId);
      if (!terms) return false;
      const { alerts, isMissed } = alertsDue(visit, terms, now);
      return isMissed || alerts.some((alert) => !told.has(keyOf(visit.id, alert)));
    })
    .map(({ id }) => id);
}

interface OverdueVisit extends Span {
  id: number;
  stationId: number;
  status: VisitStatus;
}

/** Visits that should have begun and did not, and those that should have ended: few, found by an index. */
export function overdueQueries(now: Date): Statement[] {
  const columns = 'id, stationId, status, startsAt, endsAt';
  return [
    {
      sql: `SELECT ${columns} FROM visit
             WHERE status IN ('REQUESTED', 'ASSIGNED') AND startsAt <= ? ORDER BY startsAt, id`,
      parameters: [now.getTime()],
    },
    {
      sql: `SELECT ${columns} FROM visit
             WHERE status = 'IN_PROGRESS' AND startsAt <= ? ORDER BY startsAt, id`,
      parameters: [now.getTime()],
    },
  ];
}

const notEnded: AlertDue = { kind: 'NOT_ENDED', level: 'STATION' };
const keyOf = (visitId: number, { kind, level }: AlertDue) => `${visitId} ${kind} ${level}`;

/** Few enough for one statement on either engine. */
const idsPerStatement = 5000;

/**
 * What was said about these visits already. What was said before a visit was to begin was about another time, from which
 * it was moved since: nobody has been told of this one.
 */
async function toldAbout(manager: EntityManager, visitIds: readonly number[]): Promise<Set<string>> {
  const told = new Set<string>();
  for (let start = 0; start < visitIds.length; start += idsPerStatement) {
    const ids = visitIds.slice(start, start + idsPerStatement);
    const rows: (AlertDue & { visitId: number })[] = await manager.query(
      `SELECT alert.visitId, alert.kind, alert.level
         FROM visit_alert alert JOIN visit ON visit.id = alert.visitId AND alert.raisedAt >= visit.startsAt
        WHERE alert.visitId IN (${placeholders(ids)})`,
      ids,
    );
    for (const { visitId, ...alert } of rows) told.add(keyOf(visitId, alert));
  }
  return told;
}

async function lookAt(manager: EntityManager, id: number, now: Date): Promise<AlertRound> {
  const visit = (await lockCareVisits(manager, [id])).get(id);
  if (!visit) return { raised: 0, missed: 0 };
  const day = dayOf(visit.startsAt);
  const terms = (await careTermsOf(manager, [visit.stationId], day)).get(visit.stationId) as CareTerms;
  const told = await toldAbout(manager, [id]);
  const { alerts, isMissed } = alertsDue(visit, terms, now);
  const due = alerts.filter((alert) => !told.has(keyOf(id, alert)));
  if (due.length > 0) await insertAlerts(manager, visit, due, now);
  if (isMissed) {
    const caregiverIds = visit.parts.map(({ caregiverId }) => caregiverId);
    const step = { kind: 'MISS', status: 'NO_SHOW', at: now, byId: null } as const;
    await changeVisit(manager, { visit, caregiverIds, ...step });
    await openReassigned(manager, visit);
    // A tap that comes after all has what the hours pay then.
    await giveBackHours(manager, [id], now);
    await tellMissed(manager, visit, now);
  }
  return { raised: due.length, missed: isMissed ? 1 : 0 };
}

/** Somebody tapped from whom the visit had been taken, and whoever was to come instead never did. */
async function openReassigned(manager: EntityManager, { id, stationId, taps }: CareVisit): Promise<void> {
  if (!taps.some(({ doubts }) => doubts.includes('REASSIGNED'))) return;
  await manager.query('UPDATE visit_evidence SET openStationId = ? WHERE visitId = ? AND decided IS NULL', [
    stationId,
    id,
  ]);
}

async function insertAlerts(
  manager: EntityManager,
  { id, stationId }: CareVisit,
  due: readonly AlertDue[],
  now: Date,
): Promise<void> {
  const streetId = await streetAbove(manager, stationId, dayOf(now));
  await insertRows(
    manager,
    'visit_alert',
    ['visitId', 'kind', 'level', 'facilityId', 'raisedAt'],
    due.map(({ kind, level }) => [
      id,
      kind,
      level,
      level === 'STATION' ? stationId : streetId,
      now.getTime(),
    ]),
  );
}

/** The street centre above a station; where none stands above it, whatever does; the station alone at the very top. */
async function streetAbove(manager: EntityManager, stationId: number, today: Day): Promise<number> {
  const above = withAbove([stationId], today);
  const rows: { id: number; kind: string }[] = await manager.query(
    `${above.sql} SELECT facility.id, facility.kind
       FROM above JOIN facility ON facility.id = above.ancestorId ORDER BY above.distance`,
    above.parameters,
  );
  return (rows.find(({ kind }) => kind === 'STREET_CENTER') ?? rows[0])?.id ?? stationId;
}

/** Alerts of a kind that the visit itself has answered close by themselves. */
export async function closeAlertsThatWentOn(
  manager: EntityManager,
  visitId: number,
  kind: VisitAlertKind,
  now: Date,
): Promise<void> {
  await manager.query(
    "UPDATE visit_alert SET closedAt = ?, outcome = 'WENT_ON' WHERE visitId = ? AND kind = ? AND closedAt IS NULL",
    [now.getTime(), visitId, kind],
  );
}

/** Names a server for its turns. */
export function newHolder(): string {
  return randomUUID();
}
