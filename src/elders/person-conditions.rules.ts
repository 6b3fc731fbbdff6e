import { completedYears, type Day } from '../shared/china-time.js';
import { type Assessment, abilityLevelOn } from './ability.rules.js';

/** An elder, as far as rules of any kind ask. */
export interface PersonFacts extends Assessment {
  birthDate: Day;
  /** Those of the nation, and codes of the city's own. */
  categories: readonly string[];
  /** The division code of the home station; null without one. */
  residence: string | null;
}

/** What rules ask of an elder. All that is said must be true; what is not said does not matter. */
export interface PersonConditions {
  /** Completed years, both ends included. */
  ageFrom?: number | undefined;
  ageTo?: number | undefined;
  /** At least one of these. */
  categories?: string[] | undefined;
  /** GB/T 42195: 0 able to 4 fully disabled, both ends included; nobody without an assessment that counts. */
  abilityFrom?: number | undefined;
  abilityTo?: number | undefined;
  /** Beginnings of the division code of where the elder lives; SCOPE is the place that the rules are for. */
  residence?: string[] | undefined;
}

/** The first condition that is not met, and what is instead. */
export type PersonUnmet =
  | { why: 'AGE'; from: number | null; to: number | null; is: number }
  | { why: 'CATEGORY'; wanted: readonly string[] }
  | { why: 'ABILITY'; from: number | null; to: number | null; is: number | null }
  | { why: 'RESIDENCE'; wanted: readonly string[]; is: string | null };

/** Undefined when the conditions are the elder's on that day. */
export function unmetPerson(
  conditions: PersonConditions,
  person: PersonFacts,
  day: Day,
  scopeDivision: string,
): PersonUnmet | undefined {
  const { ageFrom = null, ageTo = null, categories, residence } = conditions;
  const { abilityFrom = null, abilityTo = null } = conditions;
  if (ageFrom !== null || ageTo !== null) {
    const is = completedYears(person.birthDate, day);
    if (is < (ageFrom ?? 0) || is > (ageTo ?? is)) return { why: 'AGE', from: ageFrom, to: ageTo, is };
  }
  if (categories && !categories.some((category) => person.categories.includes(category))) {
    return { why: 'CATEGORY', wanted: categories };
  }
  if (abilityFrom !== null || abilityTo !== null) {
    const is = abilityLevelOn(person, day);
    if (is === null || is < (abilityFrom ?? 0) || is > (abilityTo ?? is))
      return { why: 'ABILITY', from: abilityFrom, to: abilityTo, is };
  }
  if (residence) {
    const wanted = residence.map((prefix) => (prefix === 'SCOPE' ? scopeDivision : prefix));
    const is = person.residence;
    if (is === null || !wanted.some((prefix) => is.startsWith(prefix)))
      return { why: 'RESIDENCE', wanted, is };
  }
  return undefined;
}
