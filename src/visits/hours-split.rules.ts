import type { ServiceGroup } from '../../entities/visits/home-service.entity.js';
import type { HoursGrantRule } from './hours-language.rules.js';

/** A visit to be paid. */
export interface PricedVisit {
  serviceCode: string;
  serviceGroup: ServiceGroup;
  minutes: number;
  priceFen: number;
}

/** What an elder has left of a grant. */
export interface HoursPurse {
  grant: HoursGrantRule;
  leftMinutes: number;
}

/** What one grant pays of a visit. */
export interface HoursPart<Purse> {
  purse: Purse;
  minutes: number;
  fen: number;
}

/** True when the grant is for this service. */
export function paysFor(
  { services }: HoursGrantRule,
  { serviceCode, serviceGroup }: Pick<PricedVisit, 'serviceCode' | 'serviceGroup'>,
): boolean {
  if (!services) return true;
  const { groups = [], codes = [] } = services;
  return groups.includes(serviceGroup) || codes.includes(serviceCode);
}

/**
 * What the government pays of `minutes` of a visit: their part of the price, or less where the hour is worth less,
 * without what the family pays of it all the same; rounded down to the fen.
 */
export function worthFen(
  { pays, selfPaidPercent = 0 }: HoursGrantRule,
  visit: Pick<PricedVisit, 'minutes' | 'priceFen'>,
  minutes: number,
): number {
  // Numbers stay whole until the one division, so that no price loses a fen to binary fractions.
  const paidOf10000 = 10_000 - Math.round(selfPaidPercent * 100);
  const ofPrice = Math.floor((visit.priceFen * minutes * paidOf10000) / (visit.minutes * 10_000));
  if (pays.kind === 'PRICE') return ofPrice;
  return Math.min(ofPrice, Math.floor((pays.fen * minutes * paidOf10000) / (60 * 10_000)));
}

/**
 * Takes hours for a visit: first from the grant that pays most for it, of equal ones from the one named first. A
 * grant that would pay nothing, such as of a visit that costs nothing, is left alone.
 */
export function partsOfVisit<Purse extends HoursPurse>(
  visit: PricedVisit,
  purses: readonly Purse[],
): HoursPart<Purse>[] {
  const useful = purses
    .filter(({ grant, leftMinutes }) => leftMinutes > 0 && paysFor(grant, visit))
    .map((purse) => ({ purse, whole: worthFen(purse.grant, visit, visit.minutes) }))
    .sort((one, other) => other.whole - one.whole);
  const parts: HoursPart<Purse>[] = [];
  let open = visit.minutes;
  for (const { purse } of useful) {
    const minutes = Math.min(open, purse.leftMinutes, purse.grant.visitMinutesMax ?? open);
    const fen = minutes > 0 ? worthFen(purse.grant, visit, minutes) : 0;
    if (fen === 0) continue;
    parts.push({ purse, minutes, fen });
    open -= minutes;
  }
  return parts;
}

/** The parts of an amount by the per cents of a grant, which come to it exactly; the first bears what is left over. */
export function borneFen({ borneBy }: HoursGrantRule, fen: number): { funder: string; fen: number }[] {
  const shares = borneBy.map(({ funder, percent }) => ({
    funder,
    fen: Math.floor((fen * Math.round(percent * 100)) / 10_000),
  }));
  const rest = fen - shares.reduce((sum, share) => sum + share.fen, 0);
  return shares.map((share, index) => (index === 0 ? { ...share, fen: share.fen + rest } : share));
}
