import { z } from 'zod';
import { serviceGroups } from '../../entities/visits/home-service.entity.js';
import {
  inBoth,
  isEachOnce,
  percent,
  personTerms,
  ruleCode,
  ruleSource,
  someOf,
} from '../rule-versions/rule-terms.rules.js';

/**
 * The language in which a place writes its rules of government hours: one JSON document, whose fields are
 * explained with two cities' rules in docs/home-care-hours.md. What is not named here is refused, so a field that
 * is misspelt cannot be taken for a condition that is not there.
 */

/** Of an elder, on the first day of the month or week. */
const one = z.strictObject(personTerms);
const who = z.strictObject({
  ...personTerms,
  /** And at least one of these. */
  anyOf: z.array(one).min(1).max(20).optional(),
  /** And none of these. */
  noneOf: z.array(one).min(1).max(20).optional(),
});

const grant = z.strictObject({
  code: ruleCode,
  name: inBoth,
  who: who.optional(),
  /** How much there is of it over each month, or each week. */
  minutes: z.int().min(1).max(44_640),
  /** Which services it pays; all where nothing is said. A service is in it by its group or by its code. */
  services: z
    .strictObject({
      groups: someOf(serviceGroups).optional(),
      codes: z.array(ruleCode).min(1).max(100).refine(isEachOnce).optional(),
    })
    .refine(({ groups, codes }) => groups !== undefined || codes !== undefined)
    .optional(),
  /** The most minutes of one visit that it pays; all where nothing is said. */
  visitMinutesMax: z.int().min(1).max(1440).optional(),
  /** What an hour is worth: its part of the price, or so many fen and never more than that part. */
  pays: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('PRICE') }),
    z.strictObject({ kind: z.literal('PER_HOUR'), fen: z.int().min(1).max(1_000_000) }),
  ]),
  /** What of that worth the family pays all the same. */
  selfPaidPercent: percent.lt(100).optional(),
  /** Who pays the rest: funders by their codes, whose per cents come to 100. */
  borneBy: z
    .array(z.strictObject({ funder: ruleCode, percent }))
    .min(1)
    .max(8),
  /** Of a visit that is called off too late: the hours come back, are lost, or are paid as if it had been brought. */
  lateCancellation: z.enum(['GIVE_BACK', 'FORFEIT', 'PAY']),
});

export const hoursDocument = z.strictObject({
  format: z.literal(1),
  name: inBoth,
  /** Where the rules were published, for whoever doubts them. */
  source: ruleSource.optional(),
  /** Over what hours are granted: calendar months, or weeks from Monday to Sunday. What is left of one ends with it. */
  per: z.enum(['MONTH', 'WEEK']),
  /** Beside other sets in force at a station: the one that gives most counts, or this one is added. */
  alongside: z.enum(['BEST', 'ADD']),
  /** Of the grants that an elder is entitled to: all of them, or the one of the most minutes. */
  pick: z.enum(['ALL', 'BEST']),
  grants: z.array(grant).min(1).max(40),
});

export type HoursDocument = z.infer<typeof hoursDocument>;
export type HoursGrantRule = z.infer<typeof grant>;
export type HoursWho = z.infer<typeof who>;
