import type { EntityManager } from 'typeorm';
import { caregiverFingerprint, visitFingerprint } from './fingerprint.js';
import type { PlannedChange } from './plan-changes.js';
import type { PlanFacts } from './plan-facts.js';

/** What is no longer as it was when a plan was made. */
export interface WhatChanged {
  visitIds: number[];
  caregiverIds: number[];
}

/**
 * Compares what a plan was made of with how things stand: other times, caregivers or doors of visits, new and cancelled
 * ones, other rosters, absences and skills. A visit that the plan would change must be at the very version that the
 * plan knew; another one may have begun since, as it was planned. Two statements.
 */
export async function whatChanged(
  manager: EntityManager,
  planId: number,
  facts: PlanFacts,
  changes: readonly PlannedChange[],
): Promise<WhatChanged> {
  const visits: { visitId: number; version: number; fingerprint: string }[] = await manager.query(
    'SELECT visitId, version, fingerprint FROM plan_run_visit WHERE planId = ?',
    [planId],
  );
  const caregivers: { caregiverId: number; fingerprint: string }[] = await manager.query(
    'SELECT caregiverId, fingerprint FROM plan_run_caregiver WHERE planId = ?',
    [planId],
  );
  const touched = new Set(changes.map(({ visitId }) => visitId));
  const versions = new Map(facts.visits.map(({ id, version }) => [id, version]));
  const visitsNow = new Map(
    facts.visits.map((visit) => [visit.id, visitFingerprint(visit, facts.elders.get(visit.elderId))]),
  );
  const stations = new Map(facts.stations.map((station) => [station.id, station]));
  const caregiversNow = new Map(
    facts.caregivers.map((caregiver) => [
      caregiver.id,
      caregiverFingerprint(caregiver, stations.get(caregiver.stationId)),
    ]),
  );
  const visitsThen = new Map(visits.map(({ visitId, fingerprint }) => [visitId, fingerprint]));
  const caregiversThen = new Map(
    caregivers.map(({ caregiverId, fingerprint }) => [caregiverId, fingerprint]),
  );
  const moved = visits
    .filter(({ visitId, version }) => touched.has(visitId) && versions.get(visitId) !== version)
    .map(({ visitId }) => visitId);
  return {
    visitIds: [...new Set([...differing(visitsThen, visitsNow), ...moved])].sort(byNumber),
    caregiverIds: differing(caregiversThen, caregiversNow).sort(byNumber),
  };
}

/** The keys of what is another one, is there no more, or is new. */
function differing(then: ReadonlyMap<number, string>, now: ReadonlyMap<number, string>): number[] {
  const keys = new Set([...then.keys(), ...now.keys()]);
  return [...keys].filter((key) => then.get(key) !== now.get(key));
}

const byNumber = (one: number, other: number) => one - other;
