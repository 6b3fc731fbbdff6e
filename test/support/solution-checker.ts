/** The published form of an instance, as far as a solution is checked by it. */
export interface CheckedInstance {
  patients: {
    id: string;
    time_window: number[];
    required_caregivers: { service: string; duration: number }[];
    synchronization?: { type: string; distance?: number[] };
  }[];
  caregivers: { id: string; abilities: string[] }[];
  distances: number[][];
}

export interface CheckedSolution {
  cost: number;
  routes: {
    caregiver_id: string;
    locations: { patient: string; service: string; arrival_time: number; departure_time: number }[];
  }[];
}

interface Served {
  caregiver: string;
  start: number;
}

const tolerance = 1e-6;

/** What a solution breaks, and its cost worked out from the instance. It knows nothing of the planner. */
export function checkSolution(
  instance: CheckedInstance,
  solution: CheckedSolution,
): { faults: string[]; cost: number } {
  const faults: string[] = [];
  const served = new Map<string, Served[]>();
  let travel = 0;
  if (new Set(solution.routes.map((route) => route.caregiver_id)).size !== solution.routes.length) {
    faults.push('a caregiver has two routes');
  }
  for (const route of solution.routes) {
    const caregiver = instance.caregivers.find(({ id }) => id === route.caregiver_id);
    let place = 0;
    let free = 0;
    for (const stop of route.locations) {
      const index = instance.patients.findIndex(({ id }) => id === stop.patient);
      const way = instance.distances[place]?.[index + 1] ?? Number.NaN;
      const wanted = instance.patients[index]?.required_caregivers.find(
        ({ service }) => service === stop.service,
      );
      if (!wanted || !caregiver?.abilities.includes(stop.service))
        faults.push(`${route.caregiver_id} cannot ${stop.service}`);
      if (!(stop.arrival_time >= free + way - tolerance))
        faults.push(`${stop.patient} is served before anybody is there`);
      const length = stop.departure_time - stop.arrival_time;
      if (!(Math.abs(length - (wanted?.duration ?? Number.NaN)) <= tolerance))
        faults.push(`${stop.patient} has another duration`);
      const key = `${stop.patient} ${stop.service}`;
      served.set(key, [
        ...(served.get(key) ?? []),
        { caregiver: route.caregiver_id, start: stop.arrival_time },
      ]);
      travel += way;
      free = stop.departure_time;
      place = index + 1;
    }
    travel += instance.distances[place]?.[0] ?? Number.NaN;
  }
  let late = 0;
  let worst = 0;
  for (const patient of instance.patients) {
    const both = patient.required_caregivers.map(
      ({ service }) => served.get(`${patient.id} ${service}`) ?? [],
    );
    if (both.some((list) => list.length !== 1)) faults.push(`${patient.id} is not served exactly once`);
    const list = both.flat();
    for (const { start } of list) {
      const [from = 0, to = 0] = patient.time_window;
      if (start < from - tolerance) faults.push(`${patient.id} is served too early`);
      late += Math.max(0, start - to);
      worst = Math.max(worst, start - to);
    }
    faults.push(...pairFaults(patient, list));
  }
  const stops = solution.routes.reduce((sum, { locations }) => sum + locations.length, 0);
  const wanted = instance.patients.reduce((sum, patient) => sum + patient.required_caregivers.length, 0);
  if (stops !== wanted) faults.push(`${stops} stops for ${wanted} services`);
  const cost = (travel + late + worst) / 3;
  if (!(Math.abs(cost - solution.cost) <= tolerance))
    faults.push(`the cost is ${cost}, not ${solution.cost}`);
  return { faults, cost };
}

function pairFaults(patient: CheckedInstance['patients'][number], [one, two]: Served[]): string[] {
  if (!one || !two) return [];
  const { synchronization } = patient;
  const [least = 0, most = 0] =
    synchronization?.type === 'sequential' ? (synchronization.distance ?? []) : [0, 0];
  const gap = two.start - one.start;
  const faults = one.caregiver === two.caregiver ? [`${patient.id} has one caregiver for both`] : [];
  if (gap < least - tolerance || gap > most + tolerance)
    faults.push(`${patient.id} has ${gap} minutes between`);
  return faults;
}
