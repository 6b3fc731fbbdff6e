import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';

/** A visit that government hours might pay. */
export interface HoursQuestion {
  elderId: number;
  serviceId: number;
  /** The station that brings it: the rules of its part of the network count. */
  stationId: number;
  /** The day of the visit; its month's hours are asked. */
  day: Day;
  minutes: number;
  priceFen: number;
}

/** Who pays a visit: minutes of government hours with what they are worth, and what the family is left with. */
export interface HoursOffer {
  hoursMinutes: number;
  subsidyFen: number;
  selfPaidFen: number;
}

/**
 * What hours would pay, question by question, each after those before it. Writes nothing.
 *
 * Without a rule that grants hours nothing is granted, and the family pays.
 */
export async function offerHours(
  _manager: EntityManager,
  questions: readonly HoursQuestion[],
): Promise<HoursOffer[]> {
  return questions.map(({ priceFen }) => ({ hoursMinutes: 0, subsidyFen: 0, selfPaidFen: priceFen }));
}

/** Reserves the hours that `offerHours` offers, for visits that were inserted just now. The elders are locked. */
export async function reserveHours(
  manager: EntityManager,
  visits: readonly (HoursQuestion & { visitId: number })[],
  _now: Date,
): Promise<HoursOffer[]> {
  return offerHours(manager, visits);
}

/** Gives back what is reserved for visits that will not be brought. The elders are locked. */
export async function giveBackHours(
  _manager: EntityManager,
  _visitIds: readonly number[],
  _now: Date,
): Promise<void> {
  // Nothing is reserved as long as no rule grants hours.
}

/** Uses what is reserved for visits that were brought. The elders are locked. */
export async function useHours(
  _manager: EntityManager,
  _visitIds: readonly number[],
  _now: Date,
): Promise<void> {
  // Nothing is reserved as long as no rule grants hours.
}
