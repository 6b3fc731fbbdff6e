import { checkCharacter } from '../../src/elders/resident-id.rules.js';
import { drawOf } from '../deterministic.js';
import { idNumberDivisions } from '../reference/nanyang/counties.js';

/** Who somebody is. */
export interface Identity {
  /** Completed years on the reference day. */
  age: number;
  sex: 'MALE' | 'FEMALE';
  birthDate: string;
  /** GB 11643-1999, made up and valid; no two indexes have the same. */
  idNumber: string;
}

/** Ages are those of this day, so that the city does not change from one day to the next. */
export const referenceDay = { year: 2026, month: 6, day: 30 } as const;

/**
 * How many of about ten thousand elders are of one age, by the first age of a band; close to the age
 * pyramid of the census of 2020.
 */
const pyramid: readonly (readonly [ageFrom: number, ageTo: number, share: number])[] = [
  [60, 64, 560],
  [65, 69, 550],
  [70, 74, 380],
  [75, 79, 240],
  [80, 84, 151],
  [85, 89, 80],
  [90, 94, 30],
  [95, 99, 8],
  [100, 102, 1],
];

/** Elders for each share of the pyramid when everybody is there. */
const eldersPerShare = 1100;

/** The youngest age first: elders of one age take `size` numbers from `start` on. */
const ages: { age: number; start: number; size: number }[] = [];
for (const [ageFrom, ageTo, share] of pyramid) {
  for (let age = ageFrom; age <= ageTo; age++) {
    const last = ages.at(-1);
    ages.push({ age, start: last ? last.start + last.size : 0, size: share * eldersPerShare });
  }
}

/** How many different elders there are to make up. */
export const eldersMax = ages.reduce((sum, { size }) => sum + size, 0);

/**
 * Who the elder `index` (0 to eldersMax - 1) is.
 *
 * No two have the same ID number, because each step can be taken back: the index is one number in the
 * pyramid (a bijection), which is one age and a number within it, which is one birth date and a number
 * within that day, which is one division and a rank within day and division. Ranks take two sequence
 * numbers each, an odd one for a man and an even one for a woman.
 */
export function identityOf(index: number): Identity {
  const number = numberInPyramid(index);
  const { age, start } = ages.findLast((one) => one.start <= number) as (typeof ages)[number];
  const daysAfterBirthday = (number - start) % 365;
  const { division, rank } = registrationOf(Math.floor((number - start) / 365), daysAfterBirthday);
  const birthDate = birthDateOf(age, daysAfterBirthday);
  const sex = drawSex(index) < shareOfMen(age) ? 'MALE' : 'FEMALE';
  const sequence = String(rank * 2 + (sex === 'MALE' ? 1 : 2)).padStart(3, '0');
  const first17 = `${division}${birthDate.replaceAll('-', '')}${sequence}`;
  return { age, sex, birthDate, idNumber: first17 + checkCharacter(first17) };
}

/**
 * A bijection of [0, eldersMax): a step that shares no divisor with eldersMax visits every number once. The
 * golden section spreads any first few thousand evenly, so that a small city has the pyramid of a large one.
 */
function numberInPyramid(index: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= eldersMax) {
    throw new RangeError(`there are elders 0 to ${eldersMax - 1}, not ${index}`);
  }
  return (index * goldenStep) % eldersMax;
}

const goldenStep = stepWithoutCommonDivisor(Math.round(eldersMax * 0.6180339887));

function stepWithoutCommonDivisor(step: number): number {
  return commonDivisor(step, eldersMax) === 1 ? step : stepWithoutCommonDivisor(step + 1);
}

function commonDivisor(one: number, other: number): number {
  return other === 0 ? one : commonDivisor(other, one % other);
}

/** The day on which somebody turned `age` so many days before the reference day. */
function birthDateOf(age: number, daysAfterBirthday: number): string {
  const { year, month, day } = referenceDay;
  return new Date(Date.UTC(year - age, month - 1, day - daysAfterBirthday)).toISOString().slice(0, 10);
}

/** Every division as often as its weight, in an order that mixes them. */
const registrations = idNumberDivisions
  .flatMap(([division, weight]) =>
    Array.from({ length: weight }, (_, place) => ({ division, weight, place, at: (place + 0.5) / weight })),
  )
  .sort((one, other) => one.at - other.at || (one.division < other.division ? -1 : 1));

/** Where somebody was registered, and how many there have been before on that day. */
function registrationOf(number: number, dayShift: number): { division: string; rank: number } {
  const { length } = registrations;
  // The shift lets no division come first every day; within a day it only turns the list.
  const { division, weight, place } = registrations[(number + dayShift * 37) % length] as Registration;
  return { division, rank: Math.floor(number / length) * weight + place };
}
type Registration = (typeof registrations)[number];

const drawSex = drawOf('sex');

/** Women live longer. */
function shareOfMen(age: number): number {
  if (age < 70) return 0.49;
  if (age < 80) return 0.475;
  return age < 90 ? 0.43 : 0.34;
}
