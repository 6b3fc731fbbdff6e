import { faultsOf, type ProposedVisit } from './check-plan.rules.js';
import {
  elderPlace,
  type FactCaregiver,
  type FactPart,
  type FactVisit,
  type PlanFacts,
  stationPlace,
  type Ways,
} from './plan-facts.js';
import { strangenessOf } from './who-may.rules.js';

/** Those who could bring a visit instead, and what speaks for them. */
export interface TakeOverProposal {
  caregiverIds: readonly number[];
  /** Those of them who did not bring it before. */
  newCaregiverIds: readonly number[];
  /** From 0, whom the elder knows best, to 1, whom it never saw; of two the mean. */
  strangeness: number;
  /** What the way there and on takes more than the day did without it, in seconds. */
  detourSeconds: number;
  /** What those who are new have to do that day already, in minutes. */
  loadMinutes: number;
}

/** Candidates beyond this are not worth reading. */
const proposalsMax = 5;

/**
 * Who could take a visit over at its time, best first: whom the elder knows, then who has the shorter way, then who has
 * less to do. Of two caregivers those who are there stay, and only the missing ones are replaced.
 */
export function whoTakesOver(
  visit: FactVisit,
  away: ReadonlySet<number>,
  { facts, ways, now }: { facts: PlanFacts; ways: Ways; now: Date },
): TakeOverProposal[] {
  const staying = visit.parts.filter(({ caregiverId }) => !away.has(caregiverId));
  const missing = visit.parts.filter(({ caregiverId }) => away.has(caregiverId));
  const slots = missing.length > 0 ? missing : emptySlots(visit);
  const free = facts.caregivers.filter(
    ({ id }) => !away.has(id) && !staying.some(({ caregiverId }) => caregiverId === id),
  );
  const proposals = combinations(free, slots).flatMap((parts) => {
    const all = [...staying, ...parts].sort(
      (one, other) => one.startsAt.getTime() - other.startsAt.getTime(),
    );
    const proposed: ProposedVisit = {
      visitId: visit.id,
      startsAt: visit.startsAt,
      endsAt: visit.endsAt,
      parts: all,
    };
    const faults = faultsOf({ facts, proposed: [proposed], ways, plannedAt: now, now, ignoresWishes: true });
    // What those who stay have beside it is as it was.
    const blamed = faults.filter(
      ({ visitId, caregiverId }) =>
        visitId === visit.id || parts.some((part) => part.caregiverId === caregiverId),
    );
    return blamed.length > 0 ? [] : [proposalOf(visit, all, parts, { facts, ways })];
  });
  return proposals.sort(better).slice(0, proposalsMax);
}

/** Somebody for each slot, nobody twice; pairs only where both are missing. */
function combinations(free: readonly FactCaregiver[], slots: readonly FactPart[]): FactPart[][] {
  const [first, second] = slots;
  if (!first) return [];
  const at = (slot: FactPart, { id }: FactCaregiver) => ({ ...slot, caregiverId: id });
  if (!second) return free.map((caregiver) => [at(first, caregiver)]);
  return free.flatMap((one) =>
    free.filter((other) => other !== one).map((other) => [at(first, one), at(second, other)]),
  );
}

/** The times of a visit that nobody brings so far. */
function emptySlots({ startsAt, endsAt, service }: FactVisit): FactPart[] {
  const later = new Date(startsAt.getTime() + service.secondAfterMin * 60_000);
  return [startsAt, later]
    .slice(0, service.caregivers)
    .map((start) => ({ caregiverId: 0, startsAt: start, endsAt }));
}

function proposalOf(
  visit: FactVisit,
  all: readonly FactPart[],
  parts: readonly FactPart[],
  { facts, ways }: { facts: PlanFacts; ways: Ways },
): TakeOverProposal {
  const times = facts.history.get(visit.elderId);
  const strange = parts.map(({ caregiverId }) => strangenessOf(times, caregiverId));
  const each = parts.map((part) => detourAndLoad(visit, part, { facts, ways }));
  return {
    caregiverIds: all.map(({ caregiverId }) => caregiverId),
    newCaregiverIds: parts.map(({ caregiverId }) => caregiverId),
    strangeness: strange.reduce((sum, one) => sum + one, 0) / strange.length,
    detourSeconds: each.reduce((sum, { detour }) => sum + detour, 0),
    loadMinutes: each.reduce((sum, { load }) => sum + load, 0),
  };
}

function detourAndLoad(
  visit: FactVisit,
  part: FactPart,
  { facts, ways }: { facts: PlanFacts; ways: Ways },
): { detour: number; load: number } {
  const caregiver = facts.caregivers.find(({ id }) => id === part.caregiverId) as FactCaregiver;
  const mode = facts.stations.find(({ id }) => id === caregiver.stationId)?.travelMode ?? 'CYCLE';
  const station = stationPlace(caregiver.stationId);
  const day = 43_200_000;
  const others = facts.visits
    .filter(({ id }) => id !== visit.id)
    .flatMap(({ elderId, parts }) =>
      parts
        .filter(({ caregiverId }) => caregiverId === part.caregiverId)
        .map(({ startsAt, endsAt }) => ({ place: elderPlace(elderId), startsAt, endsAt })),
    )
    .filter(({ startsAt }) => Math.abs(startsAt.getTime() - part.startsAt.getTime()) < day)
    .sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime());
  const before = others.filter(({ endsAt }) => endsAt <= part.startsAt).at(-1)?.place ?? station;
  const after = others.find(({ startsAt }) => startsAt >= part.endsAt)?.place ?? station;
  const here = elderPlace(visit.elderId);
  const detour = ways(mode, before, here) + ways(mode, here, after) - ways(mode, before, after);
  const load = others.reduce(
    (sum, { startsAt, endsAt }) => sum + (endsAt.getTime() - startsAt.getTime()) / 60_000,
    0,
  );
  return { detour, load };
}

/** The last comparison makes the order the same every time. */
function better(one: TakeOverProposal, other: TakeOverProposal): number {
  return (
    one.strangeness - other.strangeness ||
    one.detourSeconds - other.detourSeconds ||
    one.loadMinutes - other.loadMinutes ||
    String(one.newCaregiverIds).localeCompare(String(other.newCaregiverIds))
  );
}
