import type { Bearer, Share } from './rule-language.rules.js';

/** Somebody who bears subsidies, with what a posting needs to know. */
export interface FunderFacts {
  code: string;
  name: string;
  level: FunderLevel | null;
  /** The place that a funder of a level is for. */
  divisionCode: string | null;
  accountId: number;
}

export const funderLevels = ['PROVINCE', 'CITY', 'DISTRICT', 'TOWN', 'DONOR'] as const;
export type FunderLevel = (typeof funderLevels)[number];

/** How far from home an elder eats. */
export type Distance = 'HOME' | 'OTHER_TOWN' | 'OTHER_DISTRICT' | 'OTHER_CITY';

/** Who bears how much; the funder is null for the canteen. */
export interface BorneShare {
  funder: FunderFacts | null;
  fen: number;
}

/** A share that nobody bears, so that the elder pays it. */
export interface LostShare {
  share: Share;
  fen: number;
  /** Because of where the elder eats, or because no funder is known for the place. */
  why: 'ELSEWHERE' | 'NO_FUNDER';
}

export interface Places {
  residence: string | null;
  canteen: string;
}

/** Digits of a division code (GB/T 2260) down to a level. */
export const divisionDigits = { PROVINCE: 2, CITY: 4, DISTRICT: 6, TOWN: 9 } as const;

/**
 * How far from home a canteen is, by as many digits as both codes have. Of an elder without a home station
 * nobody can say that any place is home.
 */
export function distanceOf({ residence, canteen }: Places): Distance {
  if (residence === null) return 'OTHER_CITY';
  const differs = (digits: number) => {
    const length = Math.min(digits, residence.length, canteen.length);
    return residence.slice(0, length) !== canteen.slice(0, length);
  };
  if (differs(divisionDigits.CITY)) return 'OTHER_CITY';
  if (differs(divisionDigits.DISTRICT)) return 'OTHER_DISTRICT';
  return differs(divisionDigits.TOWN) ? 'OTHER_TOWN' : 'HOME';
}

/**
 * Divides what a rule gives among those who bear it, in the order of the shares: each takes its part of what
 * is left, the last one the rest, so nothing is left over. A share that is lost where the elder eats is
 * nobody's, and so is one whose level has no funder for the place.
 */
export function divided(
  fen: number,
  shares: readonly Share[],
  places: Places,
  funders: readonly FunderFacts[],
): { borne: BorneShare[]; lost: LostShare[] } {
  const distance = distanceOf(places);
  const borne: BorneShare[] = [];
  const lost: LostShare[] = [];
  let left = fen;
  for (const share of shares) {
    const part = Math.min(left, sizeOf(share, fen));
    left -= part;
    if (part === 0) continue;
    const bearer = bearerAt(distance, share);
    if (bearer === 'LOST') {
      lost.push({ share, fen: part, why: 'ELSEWHERE' });
      continue;
    }
    const funder = bearer.canteen ? null : funderOf(bearer, places, funders);
    if (funder === undefined) lost.push({ share, fen: part, why: 'NO_FUNDER' });
    else borne.push({ funder, fen: part });
  }
  return { borne, lost };
}

function sizeOf(share: Share, fen: number): number {
  if (share.fen !== undefined) return share.fen;
  if (share.percent !== undefined) return percentOf(fen, share.percent, 'DOWN', 1);
  return fen;
}

/** A percentage in hundredths of a per cent, a whole number: it has two decimals at most. */
export function hundredthsOf(percent: number): number {
  return Math.round(percent * 100);
}

/** A part of an amount in integers alone. */
export function percentOf(
  fen: number,
  percent: number,
  rounding: 'DOWN' | 'UP' | 'HALF_UP',
  toFen: number,
): number {
  const divisor = 10_000 * toFen;
  const product = fen * hundredthsOf(percent);
  const added = { DOWN: 0, UP: divisor - 1, HALF_UP: divisor / 2 }[rounding];
  return Math.floor((product + added) / divisor) * toFen;
}

/** What is said of the nearer place holds for the farther one too, unless that is named itself. */
function bearerAt(distance: Distance, share: Share): Bearer | 'LOST' {
  const { OTHER_TOWN: town, OTHER_DISTRICT: district = town } = share.elsewhere ?? {};
  const { OTHER_CITY: city = district } = share.elsewhere ?? {};
  const fate = { HOME: undefined, OTHER_TOWN: town, OTHER_DISTRICT: district, OTHER_CITY: city }[distance];
  return fate === undefined || fate === 'KEPT' ? share : fate;
}

function funderOf(
  { funder: code, level, of = 'RESIDENCE' }: Bearer,
  { residence, canteen }: Places,
  funders: readonly FunderFacts[],
): FunderFacts | undefined {
  if (code !== undefined) return funders.find((funder) => funder.code === code);
  const place = of === 'CANTEEN' ? canteen : residence;
  if (level === undefined || place === null || place.length < divisionDigits[level]) return undefined;
  const division = place.slice(0, divisionDigits[level]);
  return funders.find((funder) => funder.level === level && funder.divisionCode === division);
}
