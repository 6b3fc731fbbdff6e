import type { Plan } from '../../src/visits/planning/plan.js';
import type { PlanningProblem, PlanningVisit } from '../../src/visits/planning/problem.js';
import type { PlanningWeights } from '../../src/visits/planning/weights.js';
import type { Instance } from './instance.js';

/** The instances' cost is a third of travel, lateness and worst lateness, and of nothing else. */
export const instanceWeights: PlanningWeights = {
  travel: 1,
  lateness: 1,
  worstLateness: 1,
  movedMinute: 0,
  changedCaregiver: 0,
  stranger: 0,
  unevenness: 0,
  overtime: 0,
  leftOut: 1e6,
};
const terms = 3;

/** The instance as the planner is asked: everybody works for as long as it takes, from and to the one office. */
export function problemOf({ distances, caregivers, patients }: Instance): PlanningProblem {
  const shift = { day: 0, startMinute: 0, endMinute: null, startPlace: 0, endPlace: 0, breaks: [] };
  return {
    placeCount: distances.length,
    travel: [{ mode: 'INSTANCE', minutes: Float64Array.from(distances.flat()) }],
    caregivers: caregivers.map(({ id }) => ({
      id,
      travel: 0,
      shifts: [shift],
      longestDayMinutes: null,
      normalDayMinutes: null,
    })),
    visits: patients.map((patient, index) => visitOf(patient, index + 1, caregivers)),
    weights: instanceWeights,
  };
}

function visitOf(
  patient: Instance['patients'][number],
  place: number,
  caregivers: Instance['caregivers'],
): PlanningVisit {
  const [earliestMinute, latestMinute] = patient.time_window;
  return {
    id: patient.id,
    groupId: null,
    place,
    earliestMinute,
    latestMinute,
    latestHardMinute: null,
    parts: patient.required_caregivers.map(({ service, duration }) => ({
      service,
      durationMinutes: duration,
      candidates: caregivers
        .filter(({ abilities }) => abilities.includes(service))
        .map(({ id }) => ({ caregiverId: id })),
    })),
    synchronization: patient.required_caregivers.length === 2 ? synchronizationOf(patient) : null,
    promised: null,
    begun: null,
  };
}

function synchronizationOf({
  synchronization,
}: Instance['patients'][number]): PlanningVisit['synchronization'] {
  if (synchronization?.type !== 'sequential') return { kind: 'SIMULTANEOUS' };
  const [minMinutes, maxMinutes] = synchronization.distance;
  return { kind: 'SEQUENTIAL', minMinutes, maxMinutes };
}

/** A solution in the form in which the instances' solutions are published. */
export interface Solution {
  cost: number;
  routes: {
    caregiver_id: string;
    locations: { patient: string; service: string; arrival_time: number; departure_time: number }[];
  }[];
}

/** Arrival is the start of the service, departure its end. Who has nothing to do is not in it. */
export function solutionOf(instance: Instance, plan: Plan): Solution {
  const services = new Map(
    instance.patients.map(({ id, required_caregivers: parts }) => [id, parts.map(({ service }) => service)]),
  );
  return {
    cost: costOf(plan),
    routes: plan.routes.map(({ caregiverId, stops }) => ({
      caregiver_id: caregiverId,
      locations: stops.flatMap((stop) =>
        stop.kind === 'BREAK'
          ? []
          : [
              {
                patient: stop.visitId,
                service: services.get(stop.visitId)?.[stop.part] ?? '',
                arrival_time: stop.startMinute,
                departure_time: stop.endMinute,
              },
            ],
      ),
    })),
  };
}

export function costOf({ costs }: Plan): number {
  return (costs.travelMinutes + costs.latenessMinutes + costs.worstLatenessMinutes) / terms;
}
