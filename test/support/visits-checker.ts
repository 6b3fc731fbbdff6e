import type { Database } from '../../src/shared/database.js';

/**
 * What must be true of visits, worked out from the rows alone and by arithmetic of its own: nothing of what books, moves
 * and assigns is used here, so that a mistake there is not made twice.
 */
export interface CheckedVisit {
  id: number;
  elderId: number;
  serviceId: number;
  stationId: number;
  status: string;
  startsAt: number;
  endsAt: number;
  /** Who was asked for by name when it was booked. */
  wishedId: number | null;
  parts: CheckedPart[];
}
export interface CheckedPart {
  caregiverId: number;
  startsAt: number;
  endsAt: number;
}
interface ServiceRow {
  id: number;
  skill: string | null;
  caregivers: number;
  preparationMinutes: number;
  bufferMinutes: number;
  genderRule: string;
}
export interface Place {
  latitude: number;
  longitude: number;
}

/** Everything that the checks look at. The places are told, for the rows hold them encrypted. */
export interface World {
  visits: CheckedVisit[];
  services: Map<number, ServiceRow>;
  elderPlaces: ReadonlyMap<number, Place>;
  station: Place;
  /** Minutes of the day on which every caregiver works, every day; both without an end at midnight. */
  hours: ReadonlyMap<number, readonly [number, number]>;
  skills: Map<number, Set<string>>;
  genders: Map<number, string>;
  absences: { caregiverId: number; startsAt: number; endsAt: number }[];
}

type Told = Pick<World, 'elderPlaces' | 'station' | 'hours'>;

export async function readWorld(database: Database, told: Told): Promise<World> {
  return database.read(async (manager) => {
    const all = async (sql: string): Promise<Record<string, number | string | null>[]> => manager.query(sql);
    const parts = await all('SELECT visitId, caregiverId, startsAt, endsAt FROM visit_caregiver');
    const visits = await all('SELECT id, elderId, serviceId, stationId, status, startsAt, endsAt FROM visit');
    const wishes = await all('SELECT visitId, wishedCaregiverId FROM visit_booking');
    const wished = new Map(wishes.map((row) => [Number(row.visitId), row.wishedCaregiverId]));
    const skills = new Map<number, Set<string>>();
    for (const row of await all('SELECT caregiverId, skill FROM caregiver_skill WHERE expiresOn IS NULL')) {
      const id = Number(row.caregiverId);
      skills.set(id, (skills.get(id) ?? new Set()).add(String(row.skill)));
    }
    const services = await all(
      'SELECT id, skill, caregivers, preparationMinutes, bufferMinutes, genderRule FROM home_service',
    );
    const absences = await all('SELECT caregiverId, startsAt, endsAt FROM caregiver_absence');
    const genders = await all('SELECT id, gender FROM caregiver');
    return {
      ...told,
      skills,
      genders: new Map(genders.map((row) => [Number(row.id), String(row.gender)])),
      services: new Map(services.map((row) => [Number(row.id), row as unknown as ServiceRow])),
      absences: absences.map(({ caregiverId, startsAt, endsAt }) => ({
        caregiverId: Number(caregiverId),
        startsAt: Number(startsAt),
        endsAt: Number(endsAt),
      })),
      visits: visits.map((row) => ({
        id: Number(row.id),
        elderId: Number(row.elderId),
        serviceId: Number(row.serviceId),
        stationId: Number(row.stationId),
        status: String(row.status),
        startsAt: Number(row.startsAt),
        endsAt: Number(row.endsAt),
        wishedId: (wished.get(Number(row.id)) ?? null) as number | null,
        parts: parts
          .filter(({ visitId }) => Number(visitId) === Number(row.id))
          .map(({ caregiverId, startsAt, endsAt }) => ({
            caregiverId: Number(caregiverId),
            startsAt: Number(startsAt),
            endsAt: Number(endsAt),
          })),
      })),
    };
  });
}

/** The way by bicycle: the angle between two places by their unit vectors, times the earth, the detour and the speed. */
function wayMs(from: Place, to: Place): number {
  const vector = ({ latitude, longitude }: Place) => {
    const [lat, lon] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
    return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)] as const;
  };
  const [a, b] = [vector(from), vector(to)];
  const cross = Math.hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]);
  const metres = 6_371_008.8 * Math.atan2(cross, a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
  return metres < 1 ? 0 : Math.max(60, (metres * 1.3) / 3.6) * 1000;
}

interface Turn {
  startsAt: number;
  endsAt: number;
  place: Place;
  beforeMs: number;
  afterMs: number;
}

/** The visits that somebody is to bring, without one of them, in order. */
export function turnsOf(world: World, caregiverId: number, exceptVisitId = 0): Turn[] {
  return world.visits
    .filter(({ id, status }) => id !== exceptVisitId && status !== 'CANCELLED')
    .flatMap((visit) =>
      visit.parts
        .filter((part) => part.caregiverId === caregiverId)
        .map((part) => turnOf(world, visit, part)),
    )
    .sort((one, other) => one.startsAt - other.startsAt);
}

function turnOf(
  { services, elderPlaces }: World,
  { serviceId, elderId }: Pick<CheckedVisit, 'serviceId' | 'elderId'>,
  { startsAt, endsAt }: { startsAt: number; endsAt: number },
): Turn {
  const service = services.get(serviceId) as ServiceRow;
  const place = elderPlaces.get(elderId) as Place;
  const [beforeMs, afterMs] = [service.preparationMinutes * 60_000, service.bufferMinutes * 60_000];
  return { startsAt, endsAt, place, beforeMs, afterMs };
}

/** Visits of an elder that overlap, and visits of a caregiver between which there is no time for the way. */
export function conflicts(world: World): string[] {
  const found: string[] = [];
  const live = world.visits.filter(({ status }) => status !== 'CANCELLED');
  for (const one of live) {
    for (const other of live) {
      const isSame = one.id < other.id && one.elderId === other.elderId;
      if (isSame && one.startsAt < other.endsAt && other.startsAt < one.endsAt) {
        found.push(`elder ${one.elderId} has ${one.id} and ${other.id} at once`);
      }
    }
    const { caregivers } = world.services.get(one.serviceId) as ServiceRow;
    const isCrewed = one.status === 'REQUESTED' ? one.parts.length === 0 : one.parts.length === caregivers;
    if (!isCrewed) found.push(`visit ${one.id} is ${one.status} with ${one.parts.length} caregivers`);
  }
  for (const caregiverId of world.hours.keys()) {
    const turns = turnsOf(world, caregiverId);
    for (const [index, one] of turns.entries()) {
      for (const other of turns.slice(index + 1)) {
        const needed = one.afterMs + wayMs(one.place, other.place) + other.beforeMs;
        // A thousandth of a second is how far two ways to compute a distance may differ.
        if (other.startsAt - one.endsAt < needed - 1) {
          found.push(`caregiver ${caregiverId} cannot be at ${one.startsAt} and at ${other.startsAt}`);
        }
      }
    }
  }
  return found;
}

/** Whether a caregiver can be at an elder's over [startsAt, endsAt) for a service, by everything that is known. */
export function couldCome(
  world: World,
  caregiverId: number,
  visit: { serviceId: number; elderId: number; elderGender: string; startsAt: number; endsAt: number },
  exceptVisitId = 0,
): boolean {
  const service = world.services.get(visit.serviceId) as ServiceRow;
  if (service.skill !== null && !world.skills.get(caregiverId)?.has(service.skill)) return false;
  if (service.genderRule === 'SAME' && world.genders.get(caregiverId) !== visit.elderGender) return false;
  const turn = turnOf(world, visit, visit);
  const [fromMinute, toMinute] = world.hours.get(caregiverId) ?? [0, 0];
  const midnight = Math.floor((turn.startsAt + 28_800_000) / 86_400_000) * 86_400_000 - 28_800_000;
  let [left, right] = [midnight + fromMinute * 60_000, midnight + toMinute * 60_000];
  for (const away of world.absences.filter((absence) => absence.caregiverId === caregiverId)) {
    if (away.startsAt < turn.endsAt && turn.startsAt < away.endsAt) return false;
    if (away.endsAt <= turn.startsAt) left = Math.max(left, away.endsAt);
    else right = Math.min(right, away.startsAt);
  }
  if (turn.startsAt < left || turn.endsAt > right) return false;
  const turns = turnsOf(world, caregiverId, exceptVisitId);
  if (turns.some((other) => other.startsAt < turn.endsAt && turn.startsAt < other.endsAt)) return false;
  const before = turns.filter((other) => other.endsAt <= turn.startsAt).at(-1);
  const next = turns.find((other) => other.startsAt >= turn.endsAt);
  const out = wayMs(world.station, turn.place);
  if (!before || before.startsAt < left) {
    if (turn.startsAt < left + turn.beforeMs + out) return false;
  }
  if (!next || next.endsAt > right) {
    if (turn.endsAt + turn.afterMs + out > right) return false;
  }
  if (
    before &&
    turn.startsAt - before.endsAt < before.afterMs + wayMs(before.place, turn.place) + turn.beforeMs
  ) {
    return false;
  }
  return !next || next.startsAt - turn.endsAt >= turn.afterMs + wayMs(turn.place, next.place) + next.beforeMs;
}
