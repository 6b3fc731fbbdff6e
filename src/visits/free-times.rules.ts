import type { Gender } from '../../entities/visits/caregiver.entity.js';
import type { GenderRule } from '../../entities/visits/home-service.entity.js';
import type { TravelMode } from '../../entities/visits/home-station.entity.js';
import type { Position } from '../elders/elder-door.js';
import { addDays, type Day, instantOn } from '../shared/china-time.js';
import { type AroundVisit, afterLastMs, beforeFirstMs, betweenMs } from './between.rules.js';
import { type Roster, workingSpans } from './roster.rules.js';
import { waySeconds } from './travel.rules.js';

/** A time in milliseconds since 1970 UTC, half-open: thousands of them are compared for one answer. */
export interface Times {
  fromMs: number;
  toMs: number;
}

/** A visit that takes a caregiver's time. */
export interface BusyTime extends Times, AroundVisit {
  visitId: number;
  /** Null where the elder's door is not known. */
  place: Position | null;
}

/** Somebody who might bring a visit. */
export interface Bringer {
  id: number;
  gender: Gender;
  /** The skills that are proven, each with the first day on which it counts no more. */
  skills: ReadonlyMap<string, Day | null>;
  /** When the caregiver works, in order, without touching ends: a night is one time. */
  works: readonly Times[];
  /** Of no two that overlap, in order. */
  busy: readonly BusyTime[];
}

/** Where caregivers set out and return, and how. */
export interface SettingOut {
  place: Position | null;
  mode: TravelMode;
}

/** A visit that is to be brought, at whatever time. */
export interface Errand extends AroundVisit {
  minutes: number;
  skill: string | null;
  genderRule: GenderRule;
  /** Null when it is not known, and then nobody is of the same. */
  elderGender: Gender | null;
  elderPlace: Position | null;
  station: SettingOut;
  /** How many caregivers it takes, one or two. */
  caregivers: number;
  /** Of two, how many minutes after the first the second comes, at least and at most. */
  secondAfterMin: number;
  secondAfterMax: number;
}

/** A visit fits when it begins at `readyAtMs` or later and ends at `doneByMs` or earlier. */
export interface Opening {
  readyAtMs: number;
  doneByMs: number;
}

/** When somebody works over [from, to], days of China Standard Time; what touches at midnight is one time. */
export function workingTimes(roster: Roster, from: Day, to: Day): Times[] {
  const times: Times[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    for (const { startsAt, endsAt } of workingSpans(day, roster)) {
      const last = times.at(-1);
      if (last && last.toMs === startsAt.getTime()) last.toMs = endsAt.getTime();
      else times.push({ fromMs: startsAt.getTime(), toMs: endsAt.getTime() });
    }
  }
  return times;
}

/** The minutes that the shortest part of a visit takes: of two, the second may come later. */
function leastMs({ minutes, secondAfterMax }: Errand): number {
  return (minutes - secondAfterMax) * 60_000;
}

/** True when the caregiver may bring the visit as far as gender and skill go; the skill's end is the opening's. */
export function maySend({ gender, skills }: Bringer, { genderRule, elderGender, skill }: Errand): boolean {
  if (genderRule === 'SAME' && gender !== elderGender) return false;
  return skill === null || skills.has(skill);
}

/**
 * Where the errand fits into the caregiver's time as far as it touches `within`: inside the hours of work, and before
 * and after it the way, the buffer and the preparation, to the station where it would be the first or the last.
 */
export function openingsOf(bringer: Bringer, errand: Errand, within: Times): Opening[] {
  if (!maySend(bringer, errand)) return [];
  const expiresOn = errand.skill === null ? null : (bringer.skills.get(errand.skill) ?? null);
  const skilledToMs = expiresOn === null ? Number.POSITIVE_INFINITY : instantOn(expiresOn, 0).getTime();
  const found: Opening[] = [];
  for (const work of bringer.works) {
    if (work.toMs <= within.fromMs) continue;
    if (work.fromMs >= within.toMs) break;
    for (const opening of openingsIn(work, bringer.busy, errand)) {
      const doneByMs = Math.min(opening.doneByMs, skilledToMs);
      if (opening.readyAtMs + leastMs(errand) <= doneByMs) {
        found.push({ readyAtMs: opening.readyAtMs, doneByMs });
      }
    }
  }
  return found;
}

/** Between each two visits that follow each other, as far as it is within one time of work. */
function openingsIn(work: Times, busy: readonly BusyTime[], errand: Errand): Opening[] {
  const { elderPlace, station } = errand;
  const openings: Opening[] = [];
  let nextIndex = firstEndingAfter(busy, work.fromMs);
  const stationWay = waySeconds(station.mode, station.place, elderPlace);
  const wayBack = waySeconds(station.mode, elderPlace, station.place);
  for (let more = true; more; nextIndex++) {
    const before = busy[nextIndex - 1];
    const next = busy[nextIndex];
    more = next !== undefined && next.fromMs < work.toMs;
    const isFirst = before === undefined || before.fromMs < work.fromMs;
    const isLast = next === undefined || next.toMs > work.toMs;
    const startMs = work.fromMs + (isFirst ? beforeFirstMs(stationWay, errand) : 0);
    const endMs = work.toMs - (isLast ? afterLastMs(errand, wayBack) : 0);
    openings.push({
      readyAtMs: before === undefined ? startMs : Math.max(startMs, readyAfter(before, errand)),
      doneByMs: next === undefined ? endMs : Math.min(endMs, doneBefore(next, errand)),
    });
  }
  return openings;
}

function readyAfter(before: BusyTime, errand: Errand): number {
  return (
    before.toMs + betweenMs(before, waySeconds(errand.station.mode, before.place, errand.elderPlace), errand)
  );
}

function doneBefore(next: BusyTime, errand: Errand): number {
  return (
    next.fromMs - betweenMs(errand, waySeconds(errand.station.mode, errand.elderPlace, next.place), next)
  );
}

/** The place of the first visit that ends after the instant, in a list in order; the length when none does. */
function firstEndingAfter(busy: readonly BusyTime[], ms: number): number {
  let [low, high] = [0, busy.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((busy[middle] as BusyTime).toMs > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The opening in which the visit may begin at this instant, as its only or first caregiver. */
export function openingAt(
  openings: readonly Opening[],
  { minutes }: Errand,
  startMs: number,
): Opening | undefined {
  return openings.find(
    ({ readyAtMs, doneByMs }) => readyAtMs <= startMs && startMs + minutes * 60_000 <= doneByMs,
  );
}

/** When the caregiver can come as the second to a visit that begins at this instant; undefined when it cannot. */
export function secondAt(openings: readonly Opening[], errand: Errand, startMs: number): number | undefined {
  const endMs = startMs + errand.minutes * 60_000;
  const latestMs = startMs + errand.secondAfterMax * 60_000;
  const opening = openings.find(({ readyAtMs, doneByMs }) => readyAtMs <= latestMs && endMs <= doneByMs);
  if (!opening) return undefined;
  const earliestMs = Math.max(startMs + errand.secondAfterMin * 60_000, opening.readyAtMs);
  // Whole minutes, as everything that people are told.
  return Math.min(latestMs, Math.ceil(earliestMs / 60_000) * 60_000);
}
