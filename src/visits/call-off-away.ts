import type { EntityManager } from 'typeorm';
import type { VisitStatus } from '../../entities/visits/visit.entity.js';
import { awayFate } from '../elders/away.rules.js';
import {
  type AfterStay,
  type AwaySpan,
  type AwaySpans,
  type ElderDays,
  spansOfAll,
} from '../elders/institution-stays.js';
import { addDays, type Day, dayOf, instantOn } from '../shared/china-time.js';
import type { Clock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import { insertRows, placeholders } from '../shared/statements.js';
import { awaySince } from './away.rules.js';
import { careTermsOf } from './care-terms.js';
import type { CareTerms } from './care-terms.rules.js';
import { type CareVisit, lockCareVisits } from './care-visits.js';
import { changeVisit, lockTimes } from './change-visit.js';
import { liveTags } from './door-tags.js';
import { giveBackHours } from './hours-book.js';
import { keepEvidence } from './visit-evidence.js';
import { tellCancelled } from './visit-notices.js';

/** Written with the step, for whoever reads the visit's history. */
const reason = '老人已入住机构或住院 The elder lives in an institution or is in hospital';

/** How far back a stay that was entered late is looked at: longer than any terms let one be entered. */
const daysBack = 400;

export interface AwayRound {
  calledOff: number;
  /** Visits that somebody says to have brought meanwhile. */
  doubted: number;
}

/** What visits do when elders are found to live elsewhere; their rows are locked. */
export function callOffAfterStay(clock: Clock, spans: AwaySpans): AfterStay {
  return async (manager, days) => {
    const now = clock.now();
    for (const elderId of await withVisits(manager, days, now))
      await callOffAway(manager, elderId, spans, now);
  };
}

/** Those of these elders who have visits that a stay could be about: few of those who are admitted have. */
async function withVisits(manager: EntityManager, days: readonly ElderDays[], now: Date): Promise<number[]> {
  if (days.length === 0) return [];
  const rows: { elderId: number }[] = await manager.query(
    `SELECT DISTINCT elderId FROM visit WHERE elderId IN (${placeholders(days)}) AND startsAt >= ? ORDER BY elderId`,
    [...days.map(({ elderId }) => elderId), instantOn(addDays(dayOf(now), -daysBack), 0).getTime()],
  );
  return rows.map(({ elderId }) => elderId);
}

/**
 * Calls off what was to come of an elder who is not at home, as awayFate says: nothing is lost by it, whoever it is late
 * for, and caregivers have their time back. What is said to have been brought on such a day is looked at. The elder is
 * locked. Again is as once.
 */
export async function callOffAway(
  manager: EntityManager,
  elderId: number,
  spansOf: AwaySpans,
  now: Date,
): Promise<AwayRound> {
  const today = dayOf(now);
  const spans = await spansOf.of(manager, [elderId], addDays(today, -daysBack));
  const candidates = await visitsWithin(manager, elderId, spans, today);
  const off = candidates.filter(({ isOpen, day }) => isOpen && awayFate(day, spans, today) === 'CALLED_OFF');
  const doubted = candidates.filter(({ isOpen, day }) => !isOpen && awaySince(day, spans, today));
  const visits = await lockCareVisits(
    manager,
    [...off, ...doubted].map(({ id }) => id),
  );
  for (const visit of visits.values()) await markAway(manager, visit, spans, now);
  const offIds = off.map(({ id }) => id);
  for (const id of offIds) await callOff(manager, visits.get(id) as CareVisit, now);
  if (offIds.length > 0) await giveBackHours(manager, offIds, now);
  const [next, ...more] = offIds
    .map((id) => visits.get(id) as CareVisit)
    .filter(({ startsAt }) => startsAt > now)
    .sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime());
  if (next) await tellCancelled(manager, [next, ...more], now);
  for (const { id } of doubted) await doubt(manager, visits.get(id) as CareVisit, now);
  return { calledOff: off.length, doubted: doubted.length };
}

interface Candidate {
  id: number;
  day: Day;
  /** Nobody has begun it, and nobody has said that nobody came. */
  isOpen: boolean;
}

/** Visits that may fall into one of the spans and were not looked at for it yet. */
async function visitsWithin(
  manager: EntityManager,
  elderId: number,
  spans: readonly AwaySpan[],
  today: Day,
): Promise<Candidate[]> {
  const first = spans.map(({ fromDay }) => fromDay).sort()[0];
  if (first === undefined) return [];
  const from = first > addDays(today, -daysBack) ? first : addDays(today, -daysBack);
  const rows: { id: number; startsAt: number | string; status: VisitStatus }[] = await manager.query(
    `SELECT visit.id, visit.startsAt, visit.status FROM visit
       LEFT JOIN visit_away away ON away.visitId = visit.id
      WHERE visit.elderId = ? AND visit.startsAt >= ? AND visit.status <> 'CANCELLED'
        AND (away.visitId IS NULL OR visit.status IN ('REQUESTED', 'ASSIGNED')) ORDER BY visit.startsAt, visit.id`,
    [elderId, instantOn(from, 0).getTime()],
  );
  return rows.map(({ id, startsAt, status }) => ({
    id,
    day: dayOf(new Date(Number(startsAt))),
    isOpen: status === 'REQUESTED' || status === 'ASSIGNED',
  }));
}

/** Kept apart from the evidence, which may be scored anew by a tap that comes later. */
async function markAway(
  manager: EntityManager,
  { id, startsAt }: CareVisit,
  spans: readonly AwaySpan[],
  now: Date,
): Promise<void> {
  const day = dayOf(startsAt);
  const span = spans.find(
    ({ fromDay, toDay, isExpected }) => !isExpected && fromDay <= day && (toDay === null || day < toDay),
  );
  await manager.query('DELETE FROM visit_away WHERE visitId = ?', [id]);
  await insertRows(
    manager,
    'visit_away',
    ['visitId', 'sinceDay', 'foundAt'],
    [[id, span?.fromDay ?? day, now.getTime()]],
  );
}

async function callOff(manager: EntityManager, visit: CareVisit, now: Date): Promise<void> {
  const caregiverIds = visit.parts.map(({ caregiverId }) => caregiverId);
  const step = { kind: 'CANCEL', status: 'CANCELLED', at: now, byId: null, reason } as const;
  await changeVisit(manager, { visit, caregiverIds, ...step });
  await closeAsAway(manager, visit.id, now);
  // A tap out that waits for its tap in is looked at like every tap of a visit that was called off.
  if (visit.taps.length > 0) await scoreAnew(manager, { ...visit, status: 'CANCELLED' }, now);
}

/** Money may be owed for it already; whoever decided did not know of the stay, and is asked again. */
async function doubt(manager: EntityManager, visit: CareVisit, now: Date): Promise<void> {
  await closeAsAway(manager, visit.id, now);
  await manager.query(
    `UPDATE visit_evidence SET decided = NULL, decidedAt = NULL, decidedById = NULL, noteSealed = NULL
      WHERE visitId = ? AND decided = 'PAY'`,
    [visit.id],
  );
  const [evidence]: unknown[] = await manager.query('SELECT visitId FROM visit_evidence WHERE visitId = ?', [
    visit.id,
  ]);
  // What nobody tapped has no evidence, and is not paid.
  if (evidence) await scoreAnew(manager, visit, now);
}

async function scoreAnew(manager: EntityManager, visit: CareVisit, now: Date): Promise<void> {
  const { stationId, elderId, startsAt } = visit;
  const terms = (await careTermsOf(manager, [stationId], dayOf(startsAt))).get(stationId) as CareTerms;
  const { since } = await liveTags(manager, [], [elderId]);
  await keepEvidence(manager, visit, { terms, tagSince: since.get(elderId), now });
}

/** Nobody has to look for an elder of whom it is known where it is. */
async function closeAsAway(manager: EntityManager, visitId: number, now: Date): Promise<void> {
  await manager.query(
    `UPDATE visit_alert SET closedAt = ?, outcome = 'ELDER_AWAY'
      WHERE visitId = ? AND kind = 'NOT_BEGUN' AND closedAt IS NULL`,
    [now.getTime(), visitId],
  );
}

/**
 * Looks once through the visits that are to begin until tomorrow, or should have begun: a patient who did not come back,
 * a stay that was entered ahead and has begun. An elder at a time, each in a transaction of its own.
 */
export async function callOffAllAway(
  database: Database,
  spansOf: AwaySpans,
  now: Date,
  { isStopped = () => false, onFailure }: { isStopped?(): boolean; onFailure?(error: unknown): void } = {},
): Promise<AwayRound> {
  const round: AwayRound = { calledOff: 0, doubted: 0 };
  for (const elderId of await database.read((manager) => awayWithVisits(manager, spansOf, now))) {
    if (isStopped()) break;
    try {
      const { calledOff, doubted } = await database.write(async (manager) => {
        await lockTimes(manager, { elderIds: [elderId], caregiverIds: [] });
        return callOffAway(manager, elderId, spansOf, now);
      });
      round.calledOff += calledOff;
      round.doubted += doubted;
    } catch (error) {
      if (!onFailure) throw error;
      onFailure(error);
    }
  }
  return round;
}

async function awayWithVisits(manager: EntityManager, spansOf: AwaySpans, now: Date): Promise<number[]> {
  const today = dayOf(now);
  const rows: { elderId: number; startsAt: number | string }[] = await manager.query(
    `SELECT elderId, startsAt FROM visit
      WHERE status IN ('REQUESTED', 'ASSIGNED') AND startsAt < ? ORDER BY elderId, startsAt`,
    [instantOn(addDays(today, 2), 0).getTime()],
  );
  const firstMs = rows.reduce((least, { startsAt }) => Math.min(least, Number(startsAt)), now.getTime());
  const from = dayOf(new Date(firstMs));
  const spans = await spansOfAll(
    manager,
    rows.map(({ elderId }) => elderId),
    spansOf,
    from,
  );
  const due = rows.filter(({ elderId, startsAt }) => {
    const day = dayOf(new Date(Number(startsAt)));
    return awayFate(day, spans.get(elderId) ?? [], today) === 'CALLED_OFF';
  });
  return [...new Set(due.map(({ elderId }) => elderId))];
}
