import type { Bringer, BusyTime, Errand, Opening, Times } from './free-times.rules.js';
import { openingAt, openingsOf, secondAt } from './free-times.rules.js';
import { waySeconds } from './travel.rules.js';

/** A caregiver of a visit, and the time the visit takes of that caregiver. */
export interface ChosenCaregiver extends Times {
  caregiverId: number;
}

/** What speaks for one caregiver rather than another, both being free. */
export interface Choice {
  /** How often each caregiver visited the elder before; whoever is missing never did. */
  visitsBefore: ReadonlyMap<number, number>;
  /** Somebody who must be among those who come; anybody suitable when null. */
  wishedId: number | null;
  /** By which it is decided between those whom nothing else tells apart. */
  elderId?: number;
  /** Those who were to come until now, before everybody else. */
  presentIds?: readonly number[];
}

interface Candidate {
  bringer: Bringer;
  openings: readonly Opening[];
  /** Sorted by these, the first that differs decides; the last never is the same for two. */
  rank: readonly number[];
}

/**
 * Who brings a visit that begins at this instant: who was to come already, then whoever visited the elder most often before, then who has the shortest
 * way more to go, then whose day has the fewest minutes. Between those whom nothing tells apart the number of the elder
 * decides, so that many families who book at once do not all ask for the same one; always the same for the same facts.
 * Undefined when not enough are free.
 */
export function chooseCaregivers(
  bringers: readonly Bringer[],
  errand: Errand,
  startMs: number,
  choice: Choice,
): ChosenCaregiver[] | undefined {
  const endMs = startMs + errand.minutes * 60_000;
  const within = { fromMs: startMs, toMs: endMs };
  const candidates = bringers
    .map((bringer) => ({ bringer, openings: openingsOf(bringer, errand, within) }))
    .filter(({ openings }) => openings.length > 0)
    .map((candidate) => ({ ...candidate, rank: rankOf(candidate.bringer, errand, startMs, choice) }))
    .sort(byRank);
  const firsts = candidates.filter(({ openings }) => openingAt(openings, errand, startMs));
  const { wishedId } = choice;
  if (errand.caregivers === 1) {
    const only = wishedId === null ? firsts[0] : firsts.find(({ bringer }) => bringer.id === wishedId);
    return only && [{ caregiverId: only.bringer.id, fromMs: startMs, toMs: endMs }];
  }
  for (const pair of pairsOf(firsts, candidates, wishedId)) {
    const secondMs = secondAt(pair.second.openings, errand, startMs);
    if (secondMs === undefined) continue;
    return [
      { caregiverId: pair.first.bringer.id, fromMs: startMs, toMs: endMs },
      { caregiverId: pair.second.bringer.id, fromMs: secondMs, toMs: endMs },
    ];
  }
  return undefined;
}

/** In the order in which they are to be tried; with somebody wished for, only those in which that caregiver is. */
function* pairsOf(
  firsts: readonly Candidate[],
  candidates: readonly Candidate[],
  wishedId: number | null,
): Generator<{ first: Candidate; second: Candidate }> {
  const wished = candidates.find(({ bringer }) => bringer.id === wishedId);
  if (wishedId !== null && !wished) return;
  for (const first of firsts) {
    for (const second of candidates) {
      if (second === first || (wished && first !== wished && second !== wished)) continue;
      yield { first, second };
    }
  }
}

function rankOf(
  { id, busy }: Bringer,
  { station, elderPlace }: Errand,
  startMs: number,
  { visitsBefore, elderId = 0, presentIds = [] }: Choice,
): number[] {
  const around = besideOf(busy, startMs);
  const way = (place: BusyTime['place']) => waySeconds(station.mode, place, elderPlace);
  const [from, to] = [around.before?.place ?? station.place, around.next?.place ?? station.place];
  const more = way(from) + way(to) - waySeconds(station.mode, from, to);
  return [
    presentIds.includes(id) ? 0 : 1,
    -(visitsBefore.get(id) ?? 0),
    more,
    around.busyMs,
    turnOf(id, elderId),
    id,
  ];
}

/** A number that two elders have differently for the same caregivers (Knuth's multiplicative hash). */
function turnOf(id: number, elderId: number): number {
  return elderId === 0 ? 0 : Math.imul(id ^ Math.imul(elderId, 0x85eb_ca6b), 0x9e37_79b1) >>> 0;
}

/** Half a day on each side: what a caregiver does on the day, whatever the hours are called. */
const dayMs = 43_200_000;

/** The visits beside an instant and how much there is to do around it, as far as a day reaches. */
function besideOf(busy: readonly BusyTime[], startMs: number) {
  const near = busy.filter(({ fromMs, toMs }) => toMs > startMs - dayMs && fromMs < startMs + dayMs);
  return {
    before: near.findLast(({ fromMs }) => fromMs < startMs),
    next: near.find(({ fromMs }) => fromMs >= startMs),
    busyMs: near.reduce((total, { fromMs, toMs }) => total + toMs - fromMs, 0),
  };
}

function byRank(one: Candidate, other: Candidate): number {
  for (let index = 0; index < one.rank.length; index++) {
    const difference = (one.rank[index] ?? 0) - (other.rank[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
