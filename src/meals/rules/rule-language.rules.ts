import { z } from 'zod';
import { meals } from '../../../entities/meals/meal-window.entity.js';
import { diningModes, menuKinds } from '../../../entities/meals/swipe.entity.js';
import type { PersonConditions } from '../../elders/person-conditions.rules.js';
import {
  division,
  inBoth,
  isEachOnce,
  percent,
  personTerms,
  ruleCode,
  ruleDay,
  ruleSource,
  someOf,
} from '../../rule-versions/rule-terms.rules.js';
import { mealFenMax } from '../meal-price.rules.js';

/**
 * The language in which a city writes its subsidy rules: one JSON document, whose fields are explained with
 * the rules of seven cities in docs/meal-subsidy-rules.md. What is not named here is refused, so a field that
 * is misspelt cannot be taken for a condition that is not there.
 */

const fen = z.int().min(1).max(mealFenMax);
/** Whom a rule is for, on the day of the meal. */
export interface Who extends PersonConditions {
  allOf?: Who[] | undefined;
  anyOf?: Who[] | undefined;
  noneOf?: Who[] | undefined;
}

const whoParts = z
  .array(z.lazy(() => who))
  .min(1)
  .max(20);
const who: z.ZodType<Who> = z.strictObject({
  ...personTerms,
  allOf: whoParts.optional(),
  anyOf: whoParts.optional(),
  noneOf: whoParts.optional(),
});

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/);
const when = z.strictObject({
  meals: someOf(meals).optional(),
  /** 1 Monday to 7 Sunday. */
  weekdays: z.array(z.int().min(1).max(7)).min(1).max(7).refine(isEachOnce).optional(),
  fromTime: time.optional(),
  toTime: time.optional(),
  /** Of the document's holidays: on these days alone, or on all others. */
  holidays: z.enum(['ONLY', 'EXCEPT']).optional(),
  fromDay: ruleDay.optional(),
  toDay: ruleDay.optional(),
});

const where = z.strictObject({
  /** Beginnings of the division code of the canteen. */
  divisions: z.array(division).min(1).max(50),
});

/** What the price on the menu must be. */
const bill = z.strictObject({
  atLeastFen: fen.optional(),
  moreThanFen: fen.optional(),
  atMostFen: fen.optional(),
});

/** How a percentage becomes an amount, and the most that the rule gives by it. */
const part = {
  percent,
  of: z.enum(['PRICE', 'REST']),
  rounding: z.enum(['DOWN', 'UP', 'HALF_UP']),
  /** What is rounded to: a fen, a jiao or a yuan. */
  toFen: z.union([z.literal(1), z.literal(10), z.literal(100)]),
  atMostFen: fen.optional(),
};

const gives = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('AMOUNT'),
    fen,
    /** Said where the bill may be less than the amount: then the bill is paid, and no more. */
    ifBillIsLess: z.literal('PAY_THE_BILL').optional(),
  }),
  z.strictObject({ kind: z.literal('SELF_PAY'), fen: z.int().min(0).max(mealFenMax) }),
  z.strictObject({ kind: z.literal('PERCENT_OFF'), ...part }),
  /** All but the percentage, which the elder pays: what is rounded is what is paid. */
  z.strictObject({ kind: z.literal('PERCENT_PAID'), ...part }),
  z.strictObject({ kind: z.literal('FREE') }),
]);

export const bearerLevels = ['PROVINCE', 'CITY', 'DISTRICT', 'TOWN'] as const;
/** Who bears a share: a funder by its code, the funder of a level for a place, or the canteen itself. */
const bearer = z.strictObject({
  funder: ruleCode.optional(),
  level: z.enum(bearerLevels).optional(),
  /** Whose place decides which funder of the level it is; the elder's where nothing is said. */
  of: z.enum(['RESIDENCE', 'CANTEEN']).optional(),
  canteen: z.literal(true).optional(),
});
const fate = z.union([z.enum(['KEPT', 'LOST']), bearer]);
const share = bearer.extend({
  fen: fen.optional(),
  percent: percent.optional(),
  rest: z.literal(true).optional(),
  /** What becomes of the share when the elder eats away from home; kept where nothing is said. */
  elsewhere: z
    .strictObject({
      OTHER_TOWN: fate.optional(),
      OTHER_DISTRICT: fate.optional(),
      OTHER_CITY: fate.optional(),
    })
    .optional(),
});
const shares = z.array(share).min(1).max(8);

const cap = z.strictObject({
  per: z.enum(['MEAL', 'DAY', 'WEEK', 'MONTH']),
  times: z.int().min(1).max(1000).optional(),
  fen: z
    .int()
    .min(1)
    .max(100 * mealFenMax)
    .optional(),
});
const caps = z.array(cap).min(1).max(8);

const rule = z.strictObject({
  code: ruleCode,
  name: inBoth,
  who: who.optional(),
  when: when.optional(),
  where: where.optional(),
  how: someOf(diningModes).optional(),
  menus: someOf(menuKinds).optional(),
  bill: bill.optional(),
  gives,
  borneBy: shares,
  caps: caps.optional(),
});

const group = z.strictObject({
  code: ruleCode,
  name: inBoth,
  /**
   * Which of the rules that apply count: all of them, the one that gives most, the first of the list, or the
   * one, where the rules exclude each other.
   */
  pick: z.enum(['ALL', 'BEST', 'FIRST', 'ONE']),
  caps: caps.optional(),
  rules: z.array(rule).min(1).max(40),
});

/** What whoever runs the canteen gets beside the bill. */
const operator = z.strictObject({
  code: ruleCode,
  name: inBoth,
  per: z.enum(['MEAL', 'PERSON_DAY', 'PERSON_MONTH', 'MONTH']),
  fen,
  /** Which meals count: those that a rule of the document gave something for, or all. */
  counts: z.enum(['SUBSIDISED', 'ALL']),
  /** Of the subsidised ones, those of these rules alone. */
  rules: z.array(ruleCode).min(1).max(40).optional(),
  meals: someOf(meals).optional(),
  how: someOf(diningModes).optional(),
  /** From how many meals of the month on it is given. */
  mealsAtLeast: z.int().min(1).max(1_000_000).optional(),
  /** The most that a canteen gets of it in a month. */
  monthFenMax: z
    .int()
    .min(1)
    .max(1000 * mealFenMax)
    .optional(),
  borneBy: shares,
});

/** Who may have meals brought, and what the elder pays for that; the first that applies counts. */
const delivery = z.strictObject({
  code: ruleCode,
  name: inBoth,
  who: who.optional(),
  feeFen: z.int().min(0).max(mealFenMax),
});

export const ruleDocument = z.strictObject({
  format: z.literal(1),
  name: inBoth,
  /** Where the rules were published, for whoever doubts them. */
  source: ruleSource.optional(),
  /** Beside other rules in force at a canteen: the set that gives most counts, or this one is added. */
  alongside: z.enum(['BEST', 'ADD']),
  /** Said where who lives in an institution is subsidised all the same. */
  institutions: z.literal('PAID').optional(),
  holidays: z.array(ruleDay).max(400).optional(),
  caps: caps.optional(),
  groups: z.array(group).max(8),
  operators: z.array(operator).max(8).optional(),
  deliveries: z.array(delivery).max(8).optional(),
});

export type RuleDocument = z.infer<typeof ruleDocument>;
export type Group = z.infer<typeof group>;
export type Rule = z.infer<typeof rule>;
export type When = z.infer<typeof when>;
export type Bearer = z.infer<typeof bearer>;
export type Share = z.infer<typeof share>;
export type Cap = z.infer<typeof cap>;
export type OperatorRule = z.infer<typeof operator>;
export type DeliveryRule = z.infer<typeof delivery>;
