import { z } from 'zod';
import { elderCategories } from '../../entities/elders/elder-category-membership.entity.js';
import { cityCategoryPattern } from '../elders/category-names.rules.js';
import { isDay } from '../shared/china-time.js';
import { codePattern } from '../shared/code.js';

/** The words that every language of rules has in common. */

export const ruleCode = z.string().regex(codePattern);
export const ruleDay = z.string().refine(isDay);
const words = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u);
export const inBoth = z.strictObject({ zh: words, en: words });
/** Where rules were published, for whoever doubts them. */
export const ruleSource = z.string().trim().min(1).max(500);
/** The beginning of a division code. */
export const division = z.string().regex(/^\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$/);
/** No city's rule is finer than two decimals. */
export const percent = z.number().gt(0).max(100).multipleOf(0.01);

/** Some of a fixed list, each once. */
export const someOf = <const Values extends readonly string[]>(values: Values) =>
  z.array(z.enum(values)).min(1).max(values.length).refine(isEachOnce);

export function isEachOnce(given: readonly unknown[]): boolean {
  return new Set(given).size === given.length;
}

/** One of the nation's, or the code of one of the city's own; whether the city knows it is asked when it is proposed. */
const category = z.union([z.enum(elderCategories), z.string().regex(cityCategoryPattern)]);
const years = z.int().min(0).max(150);
const ability = z.int().min(0).max(4);

/** What rules ask of an elder, as src/elders/person-conditions.rules.ts explains it. */
export const personTerms = {
  ageFrom: years.optional(),
  ageTo: years.optional(),
  categories: z.array(category).min(1).max(50).refine(isEachOnce).optional(),
  abilityFrom: ability.optional(),
  abilityTo: ability.optional(),
  residence: z
    .array(z.union([z.literal('SCOPE'), division]))
    .min(1)
    .max(50)
    .optional(),
};
