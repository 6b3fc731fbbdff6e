import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { choiceOf, drawOf } from '../deterministic.js';

type AbilityLevel = 0 | 1 | 2 | 3 | 4 | null;

/**
 * How many of a thousand have which ability level, by the age they are below; null is never assessed. Over
 * all ages about two thirds are at level 0. The shares are believable, not measured.
 */
const levels: readonly {
  ageBelow: number;
  level: (index: number) => AbilityLevel;
}[] = [
  { ageBelow: 70, level: levelOf(180, [740, 55, 15, 6, 4]) },
  { ageBelow: 80, level: levelOf(140, [660, 120, 45, 20, 15]) },
  { ageBelow: 90, level: levelOf(100, [420, 250, 120, 65, 45]) },
  { ageBelow: Number.POSITIVE_INFINITY, level: levelOf(60, [220, 300, 200, 120, 100]) },
];

function levelOf(unassessed: number, assessed: readonly number[]): (index: number) => AbilityLevel {
  const weighted = assessed.map((weight, level) => [level as AbilityLevel, weight] as const);
  return choiceOf<AbilityLevel>('ability level', [[null, unassessed], ...weighted]);
}

/** GB/T 42195-2022, 0 (able) to 4; null when never assessed. */
export function abilityLevelOf(index: number, age: number): AbilityLevel {
  const band = levels.find(({ ageBelow }) => age < ageBelow);
  return band ? band.level(index) : null;
}

/** By income somebody is one of these or none. */
const hardship = choiceOf<ElderCategory | null>('hardship', [
  ['DESTITUTE', 18],
  ['MINIMUM_LIVING', 62],
  ['LOW_INCOME', 25],
  [null, 895],
]);
const drawHousehold = drawOf('household');
const drawHandicap = drawOf('handicap');
const drawBereavement = drawOf('bereavement');
const drawPreference = drawOf('preference');

/** The categories of the national target list that somebody belongs to, in believable proportions. */
export function categoriesOf(index: number, age: number, abilityLevel: AbilityLevel): ElderCategory[] {
  const income = hardship(index);
  const isDependent = (abilityLevel ?? 0) >= 2;
  const alone = age >= 80 ? 0.19 : 0.11;
  const household = drawHousehold(index);
  const categories: (ElderCategory | false | null)[] = [
    income,
    isDependent && 'DISABLED',
    drawHandicap(index) < (isDependent ? 0.35 : 0.05) && 'HANDICAPPED',
    household < alone && 'LIVING_ALONE',
    household >= alone && household < alone + 0.32 && 'EMPTY_NEST',
    drawBereavement(index) < 0.004 && 'BEREAVED_FAMILY',
    drawPreference(index) < 0.015 && 'PREFERENTIAL',
  ];
  return categories.filter((category): category is ElderCategory => Boolean(category));
}
