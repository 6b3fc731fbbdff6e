import type { EntityManager } from 'typeorm';
import type { InstitutionStays } from '../../elders/institution-stays.js';
import type { Scope } from '../../network/scope.js';
import { dayOf } from '../../shared/china-time.js';
import { announce } from '../../shared/live/announce.js';
import type { Text } from '../../shared/text.js';
import { lockTimes } from '../change-visit.js';
import { waySeconds } from '../travel.rules.js';
import type { Span } from '../window.rules.js';
import { faultsOf, type PlanFault, type ProposedVisit } from './check-plan.rules.js';
import { findPlan, lockPlan, type StoredPlan } from './find-plan.js';
import { type PlannedChange, readChanges } from './plan-changes.js';
import { elderPlace, type PlanFacts, stationPlace, type Ways } from './plan-facts.js';
import { newsOfPlan } from './plan-news.js';
import { type PlanRefusal, refusePlan, wordsOf } from './plan-refusals.js';
import { readFacts } from './read-facts.js';
import { whatChanged } from './what-changed.js';
import { writeAssignments } from './write-assignments.js';

export interface ApplyPlan {
  planId: number;
  byId: number;
  now: Date;
  /** By the machine's clock. */
  heardNow: Date;
}

export interface AppliedPlan {
  plan: StoredPlan;
  /** What was changed just now; none when the plan was applied before. */
  visitIds: readonly number[];
}

/**
 * Changes all that a plan says, or nothing: every elder and caregiver of it is locked, nothing may have changed since it
 * was made, and each assignment is checked by the rules of bookings again. Applied again, it answers the same.
 */
export async function applyPlan(
  manager: EntityManager,
  { planId, byId, now, heardNow }: ApplyPlan,
  scope: Scope,
  stays: InstitutionStays,
): Promise<AppliedPlan | PlanRefusal> {
  await lockPlan(manager, planId);
  const clocks = { today: dayOf(now), heardNow };
  const plan = await findPlan(manager, planId, scope, clocks);
  if (!plan) return refusePlan('PLAN_UNKNOWN', ['planId']);
  if (plan.appliedAt) return { plan, visitIds: [] };
  if (plan.costs === null || plan.state === 'RUNNING' || plan.state === 'FAILED') {
    return refusePlan('PLAN_NOT_READY', ['planId'], { planId });
  }
  await lockTimes(manager, await whoseTime(manager, planId));
  const facts = await readFacts(manager, plan, stays);
  const changes = await readChanges(manager, planId);
  const changed = await whatChanged(manager, planId, facts, changes);
  if (changed.visitIds.length + changed.caregiverIds.length > 0) {
    return refusePlan('PLAN_STALE', ['planId'], { planId, ...changed, text: staleText(changed, facts) });
  }
  const visits = new Map(facts.visits.map((visit) => [visit.id, visit]));
  const proposed = changes.flatMap((change) => proposalOf(change, visits.get(change.visitId)));
  const late = proposed.filter(({ parts, startsAt }) => parts.length > 0 && startsAt < now);
  if (late.length > 0) {
    const text = wordsOf('PLAN_STALE', {
      zh: `服务 ${late[0]?.visitId} 的新时间已过`,
      en: `the new time of visit ${late[0]?.visitId} has passed`,
    });
    return refusePlan('PLAN_STALE', ['planId'], { planId, visitIds: late.map((each) => each.visitId), text });
  }
  const ways = await waysOfPlan(manager, planId, facts);
  const [fault] = faultsOf({ facts, proposed, ways, plannedAt: plan.startedAt, now });
  if (fault) return invalid(planId, fault);
  await writeAssignments(manager, proposed, facts.visits, { byId, at: now });
  await manager.query('UPDATE plan_run SET appliedAt = ?, appliedById = ?, appliedVisits = ? WHERE id = ?', [
    now.getTime(),
    byId,
    proposed.length,
    planId,
  ]);
  announce(manager, newsOfPlan(planId), { planId });
  const applied = { ...plan, appliedAt: now, appliedVisits: proposed.length };
  return { plan: applied, visitIds: proposed.map(({ visitId }) => visitId) };
}

/** Everybody whose time the plan knows of, whether or not it changes it. */
async function whoseTime(manager: EntityManager, planId: number) {
  const elders: { id: number }[] = await manager.query(
    `SELECT DISTINCT visit.elderId AS id FROM plan_run_visit planned
       JOIN visit ON visit.id = planned.visitId WHERE planned.planId = ? ORDER BY id`,
    [planId],
  );
  const caregivers: { id: number }[] = await manager.query(
    'SELECT caregiverId AS id FROM plan_run_caregiver WHERE planId = ? ORDER BY id',
    [planId],
  );
  return { elderIds: elders.map(({ id }) => id), caregiverIds: caregivers.map(({ id }) => id) };
}

/** What is left out and had nobody stays as it is; what is left out and had somebody is asked for again. */
function proposalOf({ visitId, before, after }: PlannedChange, visit: Span | undefined): ProposedVisit[] {
  if (after) return [{ visitId, ...after }];
  if (before.caregiverIds.length === 0 || !visit) return [];
  return [{ visitId, startsAt: visit.startsAt, endsAt: visit.endsAt, parts: [] }];
}

function staleText(
  { visitIds, caregiverIds }: { visitIds: readonly number[]; caregiverIds: readonly number[] },
  facts: PlanFacts,
): Text {
  const shown = 5;
  const names = new Map(facts.caregivers.map(({ id, name }) => [id, name]));
  const people = caregiverIds.slice(0, shown).map((id) => names.get(id) ?? String(id));
  const visits = visitIds.slice(0, shown).join(', ');
  const parts: Text[] = [
    ...(visits === '' ? [] : [{ zh: `服务 ${visits}`, en: `visits ${visits}` }]),
    ...(people.length === 0
      ? []
      : [{ zh: `护理员 ${people.join('、')}`, en: `caregivers ${people.join(', ')}` }]),
  ];
  return wordsOf('PLAN_STALE', {
    zh: parts.map(({ zh }) => zh).join('；'),
    en: parts.map(({ en }) => en).join('; '),
  });
}

function invalid(planId: number, { visitId, caregiverId, text }: PlanFault): PlanRefusal {
  const words = wordsOf('PLAN_INVALID', {
    zh: `服务 ${visitId}，${text.zh}`,
    en: `visit ${visitId}, ${text.en}`,
  });
  const caregiverIds = caregiverId === null ? [] : [caregiverId];
  return refusePlan('PLAN_INVALID', ['planId'], { planId, visitIds: [visitId], caregiverIds, text: words });
}

/**
 * The ways that the plan was made with, as far as anybody goes them: nobody asks a network within a transaction. To what
 * comes after the last midnight no plan goes; that way is as long as bookings take it to be.
 */
async function waysOfPlan(manager: EntityManager, planId: number, facts: PlanFacts): Promise<Ways> {
  const stops: StopRow[] = await manager.query(
    `SELECT caregiverId, visitId, waySeconds, backSeconds FROM plan_run_stop
      WHERE planId = ? ORDER BY caregiverId, startsAt`,
    [planId],
  );
  const elders = new Map(facts.visits.map(({ id, elderId }) => [id, elderId]));
  const caregivers = new Map(facts.caregivers.map((caregiver) => [caregiver.id, caregiver]));
  const modes = new Map(facts.stations.map(({ id, travelMode }) => [id, travelMode]));
  const known = new Map<string, number>();
  let before: { caregiverId: number; place: string } | undefined;
  for (const { caregiverId, visitId, waySeconds: secondsThere, backSeconds } of stops) {
    const stationId = caregivers.get(caregiverId)?.stationId ?? 0;
    const mode = modes.get(stationId) ?? 'CYCLE';
    const place = elderPlace(elders.get(visitId) ?? 0);
    const from = before?.caregiverId === caregiverId ? before.place : stationPlace(stationId);
    known.set(`${mode} ${from} ${place}`, secondsThere);
    if (backSeconds !== null) known.set(`${mode} ${place} ${stationPlace(stationId)}`, backSeconds);
    before = backSeconds === null ? { caregiverId, place } : { caregiverId, place: stationPlace(stationId) };
  }
  const later = new Set(
    facts.visits.flatMap(({ startsAt, elderId }) =>
      startsAt < facts.span.endsAt ? [] : [elderPlace(elderId)],
    ),
  );
  const places = new Map([
    ...facts.stations.map(({ id, position }) => [stationPlace(id), position] as const),
    ...[...facts.elders.values()].map(({ id, position }) => [elderPlace(id), position] as const),
  ]);
  return (mode, from, to) => {
    if (from === to) return 0;
    const way = known.get(`${mode} ${from} ${to}`);
    if (way !== undefined) return way;
    const isLater = later.has(from) || later.has(to);
    return isLater
      ? waySeconds(mode, places.get(from) ?? null, places.get(to) ?? null)
      : Number.POSITIVE_INFINITY;
  };
}

interface StopRow {
  caregiverId: number;
  visitId: number;
  waySeconds: number;
  backSeconds: number | null;
}
