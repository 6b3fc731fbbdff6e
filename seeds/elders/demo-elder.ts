import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { bitsOf, choiceOf, distinctBits, drawOf } from '../deterministic.js';
import { countiesOfDivision, idNumberDivisions } from '../reference/nanyang/counties.js';
import { nanyangNetwork } from '../reference/nanyang/network.js';
import { identityOf, referenceDay } from './identity.js';
import { nameOf } from './names.js';
import { abilityLevelOf, categoriesOf } from './needs.js';

/** An elder with a card and the money first paid in, before any of them has an id. */
export interface DemoElder {
  name: string;
  idNumber: string;
  birthDate: string;
  registeredOn: string;
  abilityLevel: number | null;
  abilityExpiresOn: string | null;
  categories: readonly ElderCategory[];
  homeStationCode: string;
  cardUid: string;
  topUp: { requestId: string; fen: number; at: Date };
}

/** The elder `index`: always the same, and no other has its ID number, card or request. */
export function demoElder(index: number): DemoElder {
  const { age, sex, birthDate, idNumber } = identityOf(index);
  const abilityLevel = abilityLevelOf(index, age);
  const registeredOn = registrationDay(index, birthDate);
  return {
    name: nameOf(index, sex),
    idNumber,
    birthDate,
    registeredOn,
    abilityLevel,
    abilityExpiresOn: abilityLevel === null ? null : aYearAfter(assessmentDay(index, registeredOn)),
    categories: categoriesOf(index, age, abilityLevel),
    homeStationCode: homeStationOf(index, idNumber.slice(0, 6)),
    cardUid: distinctBits(index).toString(16).toUpperCase().padStart(8, '0'),
    topUp: {
      requestId: requestIdOf(index),
      fen: topUpFen(index),
      at: counterHour(index, registeredOn),
    },
  };
}

const dayMs = 86_400_000;
const registrationBegins = Date.UTC(2023, 6, 1);
const reference = Date.UTC(referenceDay.year, referenceDay.month - 1, referenceDay.day);
const drawRegistration = drawOf('registration');

/** Since the report's network stands, but not before the sixtieth birthday. */
function registrationDay(index: number, birthDate: string): string {
  const drawn = dayText(registrationBegins + drawRegistration(index) * (reference - registrationBegins));
  const sixtieth = `${Number(birthDate.slice(0, 4)) + 60}${birthDate.slice(4)}`;
  return drawn < sixtieth ? sixtieth : drawn;
}

const drawAssessment = drawOf('assessment');
const assessedLongAgo = choiceOf('assessed long ago', [
  [true, 5],
  [false, 95],
]);

/** In the half year before the reference day, or, for one in twenty, a year earlier and so expired. */
function assessmentDay(index: number, registeredOn: string): string {
  const daysBefore = Math.floor(drawAssessment(index) * 180) + (assessedLongAgo(index) ? 366 : 0);
  const drawn = dayText(reference - daysBefore * dayMs);
  return drawn < registeredOn ? registeredOn : drawn;
}

/** An assessment counts for twelve months. */
function aYearAfter(day: string): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return dayText(Date.UTC(year + 1, month - 1, date));
}

const drawStation = drawOf('home station');
const livesElsewhere = choiceOf('lives in another county', [
  [true, 1],
  [false, 9],
]);

/** A station of the county where the elder was born, or for one in ten any of the city's. */
export function homeStationOf(index: number, division: string): string {
  stations ??= stationCodes();
  const codes = (livesElsewhere(index) ? undefined : stations.get(division)) ?? stations.get('') ?? [];
  return codes[Math.floor(drawStation(index) * codes.length)] as string;
}

let stations: ReadonlyMap<string, string[]> | undefined;

/** Codes of home-care stations by the division of ID numbers whose people live there; all of them by ''. */
function stationCodes(): ReadonlyMap<string, string[]> {
  const all = nanyangNetwork().filter(({ kind }) => kind === 'HOME_CARE_STATION');
  const within = (counties: readonly string[]) =>
    all.filter(({ divisionCode }) => counties.includes(divisionCode.slice(0, 6))).map(({ code }) => code);
  return new Map([
    ['', all.map(({ code }) => code)],
    ...idNumberDivisions.map(([code]) => [code, within(countiesOfDivision(code))] as const),
  ]);
}

const topUpFen = choiceOf('first top-up', [
  [2000, 2],
  [3000, 2],
  [5000, 5],
  [10_000, 8],
  [15_000, 1],
  [20_000, 4],
  [30_000, 2],
]);
const drawCounterHour = drawOf('hour at the counter');

/** Between 08:30 and 17:00 of China Standard Time. */
function counterHour(index: number, day: string): Date {
  const minutes = 30 + Math.floor(drawCounterHour(index) * 510);
  return new Date(Date.parse(day) + minutes * 60_000);
}

const requestBits = [bitsOf('request, part 1'), bitsOf('request, part 2'), bitsOf('request, part 3')];

/** A UUID of version 4 in form; its first eight digits are the index, so no two are the same. */
function requestIdOf(index: number): string {
  const [one, two, three] = requestBits.map((bits) => hexadecimal(bits(index))) as [string, string, string];
  const variant = hexadecimal(8 + (Number.parseInt(two.charAt(0), 16) % 4)).slice(-1);
  return [
    hexadecimal(index),
    one.slice(0, 4),
    `4${one.slice(4, 7)}`,
    `${variant}${two.slice(1, 4)}`,
    `${two.slice(4)}${three}`,
  ].join('-');
}

function hexadecimal(bits: number): string {
  return bits.toString(16).padStart(8, '0');
}

function dayText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
