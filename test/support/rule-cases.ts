import { readFileSync } from 'node:fs';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind } from '../../entities/meals/swipe.entity.js';
import type { PastMeal } from '../../src/meals/rules/rule-caps.rules.js';
import { type DinerFacts, minutesOf } from '../../src/meals/rules/rule-conditions.rules.js';
import { type RuleFile, readRuleFile } from '../../src/meals/rules/rule-file.rules.js';
import {
  type ExplainedSplit,
  type RuleSetTerms,
  type SubsidyTerms,
  splitPrice,
} from '../../src/meals/subsidy.rules.js';
import { isWithinDays } from '../../src/shared/interval.js';

export interface CaseElder {
  born: string;
  categories: ElderCategory[];
  /** The division code of the home station. */
  home: string | null;
  abilityLevel?: number;
  abilityExpiresOn?: string;
}

/** A line of a city's table of cases. */
export interface RuleCase {
  name: string;
  elder: CaseElder;
  /** The canteen's division code. */
  canteen: string;
  day: string;
  time?: string;
  meal: Meal;
  mode?: DiningMode;
  menu?: MenuKind;
  billFen: number;
  past?: { day: string; meal: Meal; gave: Record<string, number> }[];
  expect: {
    subsidyFen: number;
    discountFen: number;
    selfPaidFen: number;
    funding?: Record<string, number>;
    rules?: string[];
  };
}

export interface OperatorCase {
  name: string;
  canteen: string;
  day: string;
  meals: { elder: number; day: string; meal: Meal; mode?: DiningMode; rules: string[] }[];
  expect: Record<string, number>;
}

export interface DeliveryCase {
  name: string;
  canteen: string;
  day: string;
  elder: CaseElder;
  feeFen: number | null;
}

export interface CaseTable {
  cases: RuleCase[];
  operators?: OperatorCase[];
  deliveries?: DeliveryCase[];
}

export function cityRules(city: string): RuleFile {
  return ruleFileOf(readFileSync(`seeds/reference/${city}/rules.json`, 'utf8'));
}

export function ruleFileOf(text: string): RuleFile {
  const file = readRuleFile(text);
  if ('refused' in file) throw new Error(`${file.refused} ${file.field}: ${file.message.en}`);
  return file;
}

export function cityCases(city: string): CaseTable {
  return JSON.parse(readFileSync(`seeds/reference/${city}/cases.json`, 'utf8'));
}

/** The sets of a file that are in force at a canteen on a day, as the database would find them. */
export function termsOf({ funders, ruleSets }: RuleFile, division: string, day: string): SubsidyTerms {
  const sets = ruleSets
    .filter((set) => division.startsWith(set.division))
    .flatMap(({ code, division: scopeDivision, versions }) =>
      versions
        .map((version, index) => ({
          ...version,
          code,
          scopeDivision,
          version: index + 1,
          ruleSetId: index + 1,
        }))
        .filter(({ fromDay, toDay }) => isWithinDays(day, fromDay, toDay)),
    );
  return { sets, division, funders: funders.map((funder, index) => ({ ...funder, accountId: index + 1 })) };
}

export function dinerOf({ born, categories, home, abilityLevel, abilityExpiresOn }: CaseElder): DinerFacts {
  return {
    birthDate: born,
    categories,
    residence: home,
    abilityLevel: abilityLevel ?? null,
    abilityExpiresOn: abilityExpiresOn ?? null,
  };
}

export function decide(file: RuleFile, given: RuleCase): ExplainedSplit {
  const terms = termsOf(file, given.canteen, given.day);
  return splitPrice(
    terms,
    {
      diner: dinerOf(given.elder),
      day: given.day,
      meal: given.meal,
      minute: minutesOf(given.time ?? '12:00'),
      mode: given.mode ?? 'DINE_IN',
      menu: given.menu ?? 'SET_MEAL',
      grossFen: given.billFen,
    },
    pastOf(terms.sets, given),
  );
}

/** Cases name rules by their codes alone; their groups are those of the set that is in force. */
function pastOf(sets: readonly RuleSetTerms[], { past = [] }: RuleCase): PastMeal[] {
  const owners = sets.flatMap((set) =>
    set.document.groups.flatMap((group) =>
      group.rules.map((rule) => ({ setCode: set.code, groupCode: group.code, ruleCode: rule.code })),
    ),
  );
  return past.map(({ day, meal, gave }) => ({
    day,
    meal,
    uses: Object.entries(gave).map(([ruleCode, fen]) => {
      const owner = owners.find((each) => each.ruleCode === ruleCode);
      if (!owner) throw new Error(`no set in force has a rule ${ruleCode}`);
      return { ...owner, fen };
    }),
  }));
}

/** A split as a case says it. */
export function asExpected(
  { subsidyFen, discountFen, selfPaidFen, shares, uses }: ExplainedSplit,
  wanted: RuleCase['expect'],
) {
  return {
    subsidyFen,
    discountFen,
    selfPaidFen,
    ...(wanted.funding
      ? {
          funding: Object.fromEntries(
            shares.flatMap(({ funder, fen }) => (funder ? [[funder.code, fen]] : [])),
          ),
        }
      : {}),
    ...(wanted.rules ? { rules: uses.map(({ ruleCode }) => ruleCode) } : {}),
  };
}
