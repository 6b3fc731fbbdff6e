import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meals } from '../../entities/meals/meal-window.entity.js';
import { diningModes } from '../../entities/meals/swipe.entity.js';
import { RememberedSplits } from '../../src/meals/rules/remembered-splits.js';
import type { PastMeal } from '../../src/meals/rules/rule-caps.rules.js';
import { type SubsidyTerms, splitPrice } from '../../src/meals/subsidy.rules.js';
import { addDays } from '../../src/shared/china-time.js';
import { anyMeal, anyPast, anySets } from '../support/any-rules.js';
import { divisions, funders } from '../support/any-shares.js';
import { cityCases, cityRules, dinerOf, termsOf } from '../support/rule-cases.js';

const cities = [
  'beijing',
  'changsha',
  'guangzhou-zengcheng',
  'nanjing-jianye',
  'nanning',
  'shanghai-putuo',
  'tianjin',
];

/** A few days over the end of a month and of a week, on which elders of the city's own cases eat. */
const taps = fc.array(
  fc.record({
    elder: fc.nat(100),
    canteen: fc.nat(100),
    later: fc.nat(9),
    meal: fc.constantFrom(...meals),
    mode: fc.constantFrom(...diningModes),
    minute: fc.constantFrom(0, 420, 660, 720, 1080),
    grossFen: fc.constantFrom(100, 500, 501, 800, 1200, 1500),
    inInstitution: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
);

describe.each(cities)('%s', (city) => {
  const file = cityRules(city);
  const { cases } = cityCases(city);
  const first = addDays(cases.at(-1)?.day ?? '2025-06-26', 1);

  it('a split that is remembered is the one that would be computed', () => {
    const terms = new Map<string, SubsidyTerms>();
    const termsAt = (division: string, day: string) => {
      const found = terms.get(`${division} ${day}`) ?? termsOf(file, division, day);
      terms.set(`${division} ${day}`, found);
      return found;
    };
    const splits = new RememberedSplits();
    let asked = 0;
    fc.assert(
      fc.property(taps, (given) => {
        const pasts = new Map<number, PastMeal[]>();
        for (const { elder, canteen, later, inInstitution, ...meal } of given) {
          const number = elder % cases.length;
          const { elder: person } = cases[number] as (typeof cases)[number];
          const place = (cases[canteen % cases.length] as (typeof cases)[number]).canteen;
          const day = addDays(first, later);
          const facts = {
            ...meal,
            day,
            menu: 'SET_MEAL' as const,
            diner: { ...dinerOf(person), inInstitution },
          };
          const past = pasts.get(number) ?? [];
          pasts.set(number, past);
          const { looked: _, ...computed } = splitPrice(termsAt(place, day), facts, past);
          expect(splits.split(termsAt(place, day), facts, past)).toEqual(computed);
          asked += 1;
          past.push({ day, meal: meal.meal, uses: computed.uses });
        }
      }),
      { numRuns: 60, seed: 4 },
    );
    expect(splits.computed).toBeLessThan(asked);
  });
});

it('of one meal and many pasts, those are split alike of which every cap leaves as much of the price', () => {
  const meals = fc.record({ meal: anyMeal, pasts: fc.array(anyPast, { minLength: 2, maxLength: 12 }) });
  fc.assert(
    fc.property(
      anySets,
      fc.constantFrom(...divisions),
      fc.array(meals, { maxLength: 3 }),
      (sets, division, asked) => {
        const terms = { sets, funders, division };
        const splits = new RememberedSplits();
        for (const { meal, pasts } of asked) {
          for (const past of pasts) {
            const { looked: _, ...computed } = splitPrice(terms, meal, past);
            expect(splits.split(terms, meal, past)).toEqual(computed);
          }
        }
      },
    ),
    { numRuns: 400 },
  );
});
