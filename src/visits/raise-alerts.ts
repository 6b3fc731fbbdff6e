import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { VisitAlertKind, VisitAlertLevel } from '../../entities/visits/visit-alert.entity.js';
import { withAbove } from '../network/tree.js';
import { type Day, dayOf } from '../shared/china-time.js';
import type { Database } from '../shared/database.js';
import { affectedRows, insertRows } from '../shared/statements.js';
import { type AlertDue, alertsDue } from './alert.rules.js';
import { careTermsOf } from './care-terms.js';
import type { CareTerms } from './care-terms.rules.js';
import { type CareVisit, lockCareVisits } from './care-visits.js';
import { changeVisit } from './change-visit.js';

/** Visits that began longer ago than this are history: nobody can be looked in on any more. */
const lookBackMs = 7 * 86_400_000;

/** Visits that are looked at together. */
const pageSize = 200;

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

/**
 * Looks once through all visits that should have begun or ended: whom to tell, and which are missed. It asks for what
 * is so, and not for what happened since the last look, so that a server that was down for a night makes up for it.
 * A visit at a time, so that nobody waits for long; twice, or on two servers at once, is as once.
 */
export async function raiseAlerts(
  database: Database,
  now: Date,
  isStopped: () => boolean = () => false,
): Promise<AlertRound> {
  const round: AlertRound = { raised: 0, missed: 0 };
  for (let afterId = 0; ; ) {
    const page = await database.read((manager) => overdueVisits(manager, now, afterId));
    for (const { id } of page) {
      if (isStopped()) return round;
      const { raised, missed } = await database.write((manager) => lookAt(manager, id, now));
      round.raised += raised;
      round.missed += missed;
    }
    const last = page.at(-1);
    if (page.length < pageSize || !last) return round;
    afterId = last.id;
  }
}

/** Visits that should have begun and did not, or should have ended and did not, and about which not all was said. */
async function overdueVisits(manager: EntityManager, now: Date, afterId: number): Promise<{ id: number }[]> {
  const since = now.getTime() - lookBackMs;
  return manager.query(
    `SELECT visit.id FROM visit
      WHERE visit.id > ? AND visit.startsAt >= ?
        AND ((visit.status IN ('REQUESTED', 'ASSIGNED') AND visit.startsAt <= ?)
          OR (visit.status = 'IN_PROGRESS' AND visit.endsAt <= ?
              AND NOT EXISTS (SELECT 1 FROM visit_alert alert
                               WHERE alert.visitId = visit.id AND alert.kind = 'NOT_ENDED')))
      ORDER BY visit.id LIMIT ${pageSize}`,
    [afterId, since, now.getTime(), now.getTime()],
  );
}

async function lookAt(manager: EntityManager, id: number, now: Date): Promise<AlertRound> {
  const visit = (await lockCareVisits(manager, [id])).get(id);
  if (!visit) return { raised: 0, missed: 0 };
  const day = dayOf(visit.startsAt);
  const terms = (await careTermsOf(manager, [visit.stationId], day)).get(visit.stationId) as CareTerms;
  const raised: { kind: VisitAlertKind; level: VisitAlertLevel }[] = await manager.query(
    'SELECT kind, level FROM visit_alert WHERE visitId = ?',
    [id],
  );
  const { alerts, isMissed } = alertsDue(visit, terms, now);
  const due = alerts.filter(
    (alert) => !raised.some(({ kind, level }) => kind === alert.kind && level === alert.level),
  );
  if (due.length > 0) await insertAlerts(manager, visit, due, now);
  if (isMissed) {
    await changeVisit(manager, { visit, kind: 'MISS', status: 'NO_SHOW', at: now, byId: null });
  }
  return { raised: due.length, missed: isMissed ? 1 : 0 };
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
