import { describe, expect, it } from 'vitest';
import { deliveryFor, operatorSubsidies } from '../../src/meals/operator-subsidy.rules.js';
import { asExpected, cityCases, cityRules, decide, dinerOf, termsOf } from '../support/rule-cases.js';

describe.each([
  'beijing',
  'tianjin',
  'nanjing-jianye',
  'shanghai-putuo',
  'guangzhou-zengcheng',
  'changsha',
  'nanning',
])('%s', (city) => {
  const file = cityRules(city);
  const { cases, operators = [], deliveries = [] } = cityCases(city);

  it.each(cases.map((given) => [given.name, given] as const))('%s', (_, given) => {
    expect(asExpected(decide(file, given), given.expect)).toEqual(given.expect);
  });

  if (operators.length > 0) {
    it.each(operators.map((given) => [given.name, given] as const))('operator: %s', (_, given) => {
      const { sets, ...places } = termsOf(file, given.canteen, given.day);
      const meals = given.meals.map(({ elder, mode = 'DINE_IN' as const, ...meal }) => ({
        ...meal,
        mode,
        elderId: elder,
      }));
      const found = sets.flatMap(({ document }) => operatorSubsidies(document, meals, places));
      expect(Object.fromEntries(found.map(({ rule, fen }) => [rule.code, fen]))).toEqual(given.expect);
      for (const { fen, shares } of found) {
        expect(shares.reduce((sum, share) => sum + share.fen, 0)).toBe(fen);
      }
    });
  }

  if (deliveries.length > 0) {
    it.each(deliveries.map((given) => [given.name, given] as const))('delivery: %s', (_, given) => {
      const { sets } = termsOf(file, given.canteen, given.day);
      const facts = { diner: dinerOf(given.elder), day: given.day };
      const found = sets.map((set) => deliveryFor(set.document, facts, set.scopeDivision));
      expect(found.map((rule) => rule?.feeFen ?? null)).toEqual([given.feeFen]);
    });
  }
});
