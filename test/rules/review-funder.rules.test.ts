import { expect, it } from 'vitest';
import { paysAt, paysForResidents } from '../../src/meals/review-funder.rules.js';
import type { RuleDocument, Share } from '../../src/meals/rules/rule-language.rules.js';
import { amount, oneRule } from '../support/rule-documents.js';

const places = { canteen: '411302001001', residence: '411303002001' };
const funder = (code: string, divisionCode: string | null = null) => ({ code, divisionCode });

it.each([
  ['the county of the canteen', funder('A', '411302'), true],
  ['the city above it', funder('A', '4113'), true],
  ['the town of the elder’s home', funder('A', '411303002'), true],
  ['another county', funder('A', '411304'), false],
  ['another town of the county', funder('A', '411302002'), false],
  ['a donor whom the rules name', funder('BUREAU'), true],
  ['a donor whom no rule names', funder('LOTTERY'), false],
  ['a stranger whom the rules name', funder('BUREAU', '3201'), true],
])('%s', (_, given, pays) => {
  expect(paysAt(given, places, [oneRule({ gives: amount(300) })])).toBe(pays);
});

it('without a home or rules, the place of the canteen alone decides', () => {
  expect(paysAt(funder('A', '411303'), { ...places, residence: null }, [])).toBe(false);
  expect(paysAt(funder('A', '411302'), { ...places, residence: null }, [])).toBe(true);
});

const forResidents = (borneBy: Share[]): RuleDocument => ({
  ...oneRule({ gives: amount(300), borneBy }),
  institutions: 'PAID',
});

it.each<[string, RuleDocument, boolean]>([
  ['that pays for them and names it', forResidents([{ funder: 'A', rest: true }]), true],
  ['that pays for them and names its level at home', forResidents([{ level: 'DISTRICT', rest: true }]), true],
  [
    'that names its level at the canteen, which is elsewhere',
    forResidents([{ level: 'DISTRICT', of: 'CANTEEN', rest: true }]),
    false,
  ],
  ['that names another', forResidents([{ funder: 'B', rest: true }]), false],
  ['that pays for nobody in an institution', oneRule({ gives: amount(300) }), false],
])('bears a resident’s meal by a set %s', (_, document, pays) => {
  const district = { ...funder('A', '411303'), level: 'DISTRICT' as const };
  expect(paysForResidents(district, places, [document])).toBe(pays);
});
