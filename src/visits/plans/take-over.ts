import type { EntityManager } from 'typeorm';
import type { InstitutionStays } from '../../elders/institution-stays.js';
import { coveredAmong, nowhere, type Scope } from '../../network/scope.js';
import { dayOf } from '../../shared/china-time.js';
import { placeholders } from '../../shared/statements.js';
import { lockTimes } from '../change-visit.js';
import type { Span } from '../window.rules.js';
import { daysTouched, faultsOf, type PlanFault, type ProposedVisit } from './check-plan.rules.js';
import type { FactPart, FactVisit, PlanFacts, Ways } from './plan-facts.js';
import { readFacts } from './read-facts.js';
import type { PlanServices } from './start-plan.js';
import { refuseTakeOver, type TakeOverRefusal, takeOversMax } from './take-over-refusals.js';
import { waysOf } from './ways-of.js';
import { writeAssignments } from './write-assignments.js';

/** Somebody else for one visit, at its time. */
export interface TakeOver {
  visitId: number;
  /** The version that was looked at. */
  version: number;
  /** All who shall bring it, whoever comes first at the head. */
  caregiverIds: readonly number[];
}

export interface WantedTakeOvers {
  takeOvers: readonly TakeOver[];
  byId: number;
  now: Date;
}

/** What was found out before the transaction: whose time it is about, and the ways between the places. */
export interface PreparedTakeOvers {
  stationIds: readonly number[];
  elderIds: readonly number[];
  caregiverIds: readonly number[];
  spans: readonly Span[];
  ways: Ways;
  /** Between which places they are. */
  places: string;
}

interface FoundVisitRow {
  id: number;
  elderId: number;
  stationId: number;
  startsAt: number | string;
  endsAt: number | string;
}

const field = (index: number, ...more: string[]) => ['takeOvers', String(index), ...more];

/** Asks for the ways, and for what no lock is needed to know. */
export async function prepareTakeOver(
  { database, travel, stays }: PlanServices,
  { takeOvers, now }: WantedTakeOvers,
  scope: Scope,
): Promise<PreparedTakeOvers | TakeOverRefusal> {
  const ids = takeOvers.map(({ visitId }) => visitId);
  if (ids.length === 0 || ids.length > takeOversMax || new Set(ids).size !== ids.length) {
    return refuseTakeOver('VISITS_INVALID', ['takeOvers']);
  }
  const visits: FoundVisitRow[] = await database.read((manager) =>
    manager.query(
      `SELECT id, elderId, stationId, startsAt, endsAt FROM visit WHERE id IN (${placeholders(ids)})`,
      ids,
    ),
  );
  const known = new Map(visits.map((visit) => [visit.id, visit]));
  const stationIds = [...new Set(ids.map((id) => known.get(id)?.stationId ?? nowhere))].sort(byNumber);
  const covered = await database.read((manager) => coveredAmong(manager, scope, stationIds, dayOf(now)));
  const unknown = ids.findIndex((id) => !covered.has(known.get(id)?.stationId ?? nowhere) || !known.has(id));
  if (unknown >= 0) return refuseTakeOver('VISIT_UNKNOWN', field(unknown, 'visitId'));
  const spans = visits.map((row) => ({
    startsAt: new Date(Number(row.startsAt)),
    endsAt: new Date(Number(row.endsAt)),
  }));
  const facts = await database.read((manager) =>
    readFacts(manager, { stationIds, ...daysTouched(spans) }, stays),
  );
  return {
    stationIds,
    elderIds: [...new Set(visits.map(({ elderId }) => elderId))].sort(byNumber),
    caregiverIds: facts.caregivers.map(({ id }) => id),
    spans,
    ways: await waysOf(travel, facts),
    places: placesOf(facts),
  };
}

/** A text that changes when there is another place, or one is elsewhere. */
function placesOf({ stations, elders }: PlanFacts): string {
  const doors = [...elders.values()].map(({ id, doorSetAt }) => [id, doorSetAt]);
  return JSON.stringify([stations, doors]);
}

/**
 * Gives all of the visits to those who are named, or none: elders and the caregivers of the stations are locked, the
 * visits are as they were looked at, and each assignment is checked by the rules of bookings. Whom a family asked for by
 * name may be replaced: it is the manager who decides.
 */
export async function takeOver(
  manager: EntityManager,
  { takeOvers, byId, now }: WantedTakeOvers,
  prepared: PreparedTakeOvers,
  stays: InstitutionStays,
): Promise<{ visitIds: number[] } | TakeOverRefusal> {
  const { stationIds, elderIds, caregiverIds, spans, ways, places } = prepared;
  await lockTimes(manager, { elderIds, caregiverIds });
  const facts = await readFacts(manager, { stationIds, ...daysTouched(spans) }, stays);
  const visits = new Map(facts.visits.map((visit) => [visit.id, visit]));
  const refused = visitFault(takeOvers, visits, facts);
  if (refused) return refused;
  // The ways were asked for between other places: it must be looked again who can come.
  if (placesOf(facts) !== places) return refuseTakeOver('VISIT_CHANGED', ['takeOvers']);
  const proposed = takeOvers.map((each) => proposalOf(each, visits.get(each.visitId) as FactVisit));
  const [fault] = faultsWithin({ facts, proposed, ways, now });
  if (fault) {
    const index = takeOvers.findIndex(({ visitId }) => visitId === fault.visitId);
    return refuseTakeOver(
      'NOT_POSSIBLE',
      index < 0 ? ['takeOvers'] : field(index, 'caregiverIds'),
      fault.text,
    );
  }
  await writeAssignments(manager, proposed, facts.visits, { byId, at: now });
  return { visitIds: proposed.map(({ visitId }) => visitId) };
}

function visitFault(
  takeOvers: readonly TakeOver[],
  visits: ReadonlyMap<number, FactVisit>,
  facts: PlanFacts,
): TakeOverRefusal | undefined {
  const caregivers = new Set(facts.caregivers.map(({ id }) => id));
  for (const [index, each] of takeOvers.entries()) {
    const stranger = each.caregiverIds.findIndex((id) => !caregivers.has(id));
    if (stranger >= 0) {
      return refuseTakeOver('CAREGIVER_UNKNOWN', field(index, 'caregiverIds', String(stranger)));
    }
    const visit = visits.get(each.visitId);
    // One that was moved to a day that was not asked for, or called off, is not among them.
    if (!visit || (visit.status !== 'ASSIGNED' && visit.status !== 'REQUESTED')) {
      return refuseTakeOver('WRONG_STATUS', field(index, 'visitId'));
    }
    if (each.caregiverIds.length !== visit.service.caregivers) {
      const { caregivers } = visit.service;
      const text = { zh: `须有 ${caregivers} 位护理员`, en: `it takes ${caregivers} caregivers` };
      return refuseTakeOver('NOT_POSSIBLE', field(index, 'caregiverIds'), text);
    }
    if (visit.version !== each.version) return refuseTakeOver('VISIT_CHANGED', field(index, 'version'));
  }
  return undefined;
}

/** The visit's own times, given to others; of two who come after each other, in the order in which they are named. */
function proposalOf({ visitId, caregiverIds }: TakeOver, visit: FactVisit): ProposedVisit {
  const { startsAt, endsAt, parts, service } = visit;
  const later = new Date(startsAt.getTime() + service.secondAfterMin * 60_000);
  const times = [parts[0]?.startsAt ?? startsAt, parts[1]?.startsAt ?? later];
  return {
    visitId,
    startsAt,
    endsAt,
    parts: caregiverIds.map(
      (caregiverId, index): FactPart => ({ caregiverId, startsAt: times[index] ?? startsAt, endsAt }),
    ),
  };
}

/** What is wrong for those who take over; whoever is relieved has less to do, and what is left is as it was. */
function faultsWithin(checked: {
  facts: PlanFacts;
  proposed: readonly ProposedVisit[];
  ways: Ways;
  now: Date;
}): PlanFault[] {
  const ids = new Set(checked.proposed.map(({ visitId }) => visitId));
  const named = new Set(checked.proposed.flatMap(({ parts }) => parts.map(({ caregiverId }) => caregiverId)));
  return faultsOf({ ...checked, plannedAt: checked.now, ignoresWishes: true }).filter(
    ({ visitId, caregiverId }) => ids.has(visitId) || (caregiverId !== null && named.has(caregiverId)),
  );
}

const byNumber = (one: number, other: number) => one - other;
