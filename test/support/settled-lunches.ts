import fc from 'fast-check';
import type { ReviewBearer } from '../../entities/meals/swipe-review.entity.js';
import { addDays } from '../../src/shared/china-time.js';
import type { Step } from './interleavings.js';
import { today } from './town.js';

/** A meal that one elder has, and all that becomes of it. */
export interface PlannedMeal {
  daysAgo: number;
  /** Before breakfast is served: nothing but a case for review. */
  early: boolean;
  grossFen: number;
  newCard: boolean;
  /** Where it is tapped, and whether offline; the early one is tapped at the first of these alone. */
  taps: readonly { canteen: 0 | 1; offline: boolean }[];
  /** Who bears the early one, if that is decided. */
  bornBy: ReviewBearer | null;
  voided: boolean;
}

export interface PlannedElder {
  meals: readonly PlannedMeal[];
  topUpFen: number;
  /** Whether the card is reported lost before it is replaced. */
  lost: boolean;
}

const meal: fc.Arbitrary<PlannedMeal> = fc.record({
  daysAgo: fc.nat({ max: 2 }),
  early: fc.constantFrom(false, false, true),
  grossFen: fc.integer({ min: 300, max: 1500 }),
  newCard: fc.boolean(),
  taps: fc.array(fc.record({ canteen: fc.constantFrom(0 as const, 1 as const), offline: fc.boolean() }), {
    minLength: 1,
    maxLength: 3,
  }),
  bornBy: fc.constantFrom<ReviewBearer | null>('CANTEEN', 'FUNDER', 'ELDER', null),
  voided: fc.constantFrom(false, false, true),
});

export const plannedElder: fc.Arbitrary<PlannedElder> = fc.record({
  meals: fc.uniqueArray(meal, {
    minLength: 1,
    maxLength: 5,
    selector: ({ daysAgo, early }) => `${daysAgo} ${early}`,
  }),
  topUpFen: fc.integer({ min: 1, max: 5000 }),
  lost: fc.boolean(),
});

export interface Plan {
  steps: Step[];
  /** The steps that a step must come after, whatever the order. */
  after(index: number): readonly number[];
}

/**
 * The steps of these elders. A tap is voided or decided after it, a card is topped up before it is lost, and a new
 * one is used after it was handed out. Taps of the old card, which were before the loss, may arrive after it.
 */
export function planOf(elders: readonly PlannedElder[]): Plan {
  const steps: Step[] = [];
  const after: number[][] = [];
  const add = (step: Step, earlier: readonly number[] = []) => {
    after.push([...earlier]);
    return steps.push(step) - 1;
  };
  for (const [elder, { meals, topUpFen, lost }] of elders.entries()) {
    const tapsOf = (meal: PlannedMeal, earlier: readonly number[]) =>
      (meal.early ? meal.taps.slice(0, 1) : meal.taps).map((tap) =>
        add({ does: 'tap', elder, ...meal, ...tap }, earlier),
      );
    const settle = (meal: PlannedMeal, [of = 0]: readonly number[]) => {
      if (meal.early && meal.bornBy) add({ does: 'decide', elder, of, bornBy: meal.bornBy }, [of]);
      if (isVoided(meal)) add({ does: 'void', elder, of }, [of]);
    };
    const tapAll = (some: readonly PlannedMeal[], earlier: readonly number[]) =>
      some.flatMap((meal) => {
        const taps = tapsOf(meal, earlier);
        settle(meal, taps);
        return taps;
      });
    tapAll(
      meals.filter(({ newCard }) => !newCard),
      [],
    );
    const toppedUp = [add({ does: 'topUp', elder, fen: topUpFen })];
    const losing = lost ? [add({ does: 'lose', elder }, toppedUp)] : toppedUp;
    const replaced = add({ does: 'replace', elder }, losing);
    tapAll(
      meals.filter(({ newCard }) => newCard),
      [replaced],
    );
  }
  return { steps, after: (index) => after[index] ?? [] };
}

/** A voided meal can be had again, so that its order would matter if there were another tap for it. */
function isVoided({ voided, early, taps }: PlannedMeal): boolean {
  return voided && (early || taps.length === 1);
}

export interface Settled {
  balanceFen: number;
  /** What funders bear, by meal. */
  subsidies: { meal: string; fen: number }[];
  /** Meals with an accepted swipe. */
  eaten: string[];
}

/** What an elder with money enough ends with, by the rules alone: no order of steps is asked. */
export function settledOf({ meals, topUpFen }: PlannedElder, openingFen: number): Settled {
  const settled: Settled = { balanceFen: openingFen + topUpFen, subsidies: [], eaten: [] };
  for (const meal of meals) {
    const { grossFen, early, bornBy } = meal;
    const name = nameOf(meal);
    if (!early) settled.eaten.push(name);
    if (isVoided(meal)) continue;
    // Nanning's rule: 2 yuan towards a lunch, and 3 from today on.
    const subsidyFen = early ? (bornBy === 'FUNDER' ? grossFen : 0) : meal.daysAgo > 0 ? 200 : 300;
    if (subsidyFen > 0) settled.subsidies.push({ meal: name, fen: subsidyFen });
    if (!early) settled.balanceFen -= grossFen - subsidyFen;
    else if (bornBy === 'ELDER') settled.balanceFen -= grossFen;
  }
  settled.subsidies.sort((one, other) => (one.meal < other.meal ? -1 : 1));
  settled.eaten.sort();
  return settled;
}

export function nameOf({ daysAgo, early }: Pick<PlannedMeal, 'daysAgo' | 'early'>): string {
  return `${addDays(today, -daysAgo)} ${early ? 'BREAKFAST' : 'LUNCH'}`;
}
