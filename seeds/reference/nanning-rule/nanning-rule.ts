import type { Meal } from '../../../entities/meals/meal-window.entity.js';

export const civilAffairs = { code: 'CIVIL-AFFAIRS', name: '市民政局' } as const;

/** One version of a subsidy rule, before it has an id; its funder is `civilAffairs`. */
export interface PlannedRule {
  code: string;
  version: number;
  meal: Meal;
  ageMin: number;
  amountFen: number;
  fromDay: string;
  toDay: string | null;
}

const lunch = { code: 'NANNING-LUNCH-60', meal: 'LUNCH', ageMin: 60 } as const;

/**
 * Nanning's rule, which the demo city uses because Nanyang's report names none: 2 yuan towards a lunch for
 * everybody of 60 and over, once a day, from the day the city's first canteen opened; later 3 yuan.
 *
 * Newspapers give the opening as 5 November 2019 and the 3 yuan as «since August 2022». That it was the
 * first of that month is our assumption. In Nanning the 3 yuan may be taken at dinner instead of lunch;
 * the demo city gives them at lunch only.
 */
export const nanningRule: readonly PlannedRule[] = [
  { ...lunch, version: 1, amountFen: 200, fromDay: '2019-11-05', toDay: '2022-08-01' },
  { ...lunch, version: 2, amountFen: 300, fromDay: '2022-08-01', toDay: null },
];
