import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deliveryStates } from '../../entities/meals/delivery-order.entity.js';
import { DeliveryRefusalCodeEnum } from '../../schema/meals/delivery.type.js';
import {
  codeFrom,
  cutoffOf,
  deliveryEvents,
  deliverySteps,
  deliveryStepTable,
  proofOf,
  reasonTextOf,
  stepFor,
} from '../../src/meals/deliveries/delivery.rules.js';
import { deliveryEntitlement } from '../../src/meals/deliveries/delivery-entitlement.rules.js';
import { deliveryRefusalCodes } from '../../src/meals/deliveries/delivery-refusals.js';
import type { DinerFacts } from '../../src/meals/rules/rule-conditions.rules.js';
import { ruleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { whoMayHaveMealsBrought } from '../support/deliveries.js';
import { windows } from '../support/town.js';

const page = readFileSync('docs/meal-delivery.md', 'utf8');

describe('the life of a delivery', () => {
  it('stands in its page as the code has it, with every refusal', () => {
    expect(page).toContain(deliveryStepTable());
    expect(deliveryRefusalCodes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
    expect(Object.keys(DeliveryRefusalCodeEnum)).toEqual(deliveryRefusalCodes);
  });

  it.each(deliveryEvents)('%s leads somewhere from the states of the table alone', (event) => {
    const named = deliverySteps.filter((step) => step.event === event).map(({ from }) => from);
    for (const state of deliveryStates) {
      const found = stepFor(event, state, ['ELDER', 'CANTEEN', 'COURIER']);
      expect(found !== undefined, state).toBe(named.includes(state));
      expect(stepFor(event, state, [])).toBeUndefined();
    }
  });

  it('is over once the meal was handed over, came back or was called off', () => {
    const ends = ['HANDED_OVER', 'CAME_BACK', 'CANCELLED'];
    expect(deliverySteps.filter(({ from }) => ends.includes(from))).toEqual([]);
  });

  it('lets the elder’s side call off and nothing else, and who is of the canteen too without a cutoff', () => {
    const ofElder = deliverySteps.filter(({ by }) => by.includes('ELDER'));
    expect(new Set(ofElder.map(({ event }) => event))).toEqual(new Set(['CANCEL']));
    expect(stepFor('CANCEL', 'ORDERED', ['ELDER'])?.by).toEqual(['ELDER']);
    expect(stepFor('CANCEL', 'ORDERED', ['ELDER', 'CANTEEN'])?.by).toEqual(['CANTEEN']);
    expect(stepFor('CANCEL', 'OUT', ['ELDER', 'CANTEEN'])).toBeUndefined();
  });
});

it('orders close before the window begins, on the day before too', () => {
  const lunch = { day: '2026-03-10', meal: 'LUNCH' } as const;
  expect(cutoffOf(windows, lunch, 60)?.toISOString()).toBe('2026-03-10T01:30:00.000Z');
  expect(cutoffOf(windows, lunch, 0)?.toISOString()).toBe('2026-03-10T02:30:00.000Z');
  expect(cutoffOf(windows, lunch, 1440)?.toISOString()).toBe('2026-03-09T02:30:00.000Z');
  expect(cutoffOf([], lunch, 60)).toBeUndefined();
});

describe('proof', () => {
  it.each([
    [
      { code: '0427', photoReference: null },
      { proof: 'CODE', text: '0427' },
    ],
    [
      { code: ' 04 27 ', photoReference: null },
      { proof: 'CODE', text: '0427' },
    ],
    [
      { code: null, photoReference: 'day/2026-03-10/a1.jpg' },
      { proof: 'PHOTO', text: 'day/2026-03-10/a1.jpg' },
    ],
  ])('%o', (given, proof) => expect(proofOf(given)).toEqual(proof));

  it.each([
    { code: null, photoReference: null },
    { code: '0427', photoReference: 'photo-0001' },
    { code: '427', photoReference: null },
    { code: '04277', photoReference: null },
    { code: '０４２７', photoReference: null },
    { code: '', photoReference: null },
    { code: null, photoReference: 'a1' },
    { code: null, photoReference: '../../etc/passwd' },
    { code: null, photoReference: 'day//photo-1' },
    { code: null, photoReference: '/day/photo-1' },
    { code: null, photoReference: 'day/photo-1/' },
    { code: null, photoReference: 'https://example.org/a.jpg' },
    { code: null, photoReference: 'data:image/png;base64,AAAA' },
    { code: null, photoReference: 'a'.repeat(121) },
    { code: null, photoReference: `${'a.'.repeat(50)}!` },
  ])('%o is none', (given) => expect(proofOf(given)).toBeUndefined());

  it('is a code of four digits, each as likely as another', () => {
    expect(codeFrom('000000000000ffff')).toBe('0000');
    expect(codeFrom('00000000270f')).toBe('9999');
    expect(codeFrom('000000002710')).toBe('0000');
    expect(codeFrom('ffffffffffff')).toMatch(/^\d{4}$/);
  });
});

it('a reason is said in words where none of the list is it', () => {
  expect(reasonTextOf('WEATHER', null)).toBeNull();
  expect(reasonTextOf('WEATHER', ' ')).toBeNull();
  expect(reasonTextOf('OTHER', ' 电梯坏了 ')).toBe('电梯坏了');
  expect(reasonTextOf('OTHER', ' ')).toBeUndefined();
  expect(reasonTextOf('WEATHER', '雨'.repeat(200))).toHaveLength(200);
  expect(reasonTextOf('WEATHER', '雨'.repeat(201))).toBeUndefined();
  expect(reasonTextOf('WEATHER', 'a\u0000b')).toBeUndefined();
});

describe('who may have meals brought', () => {
  const document = (deliveries: unknown[]) =>
    ruleDocument.parse({ format: 1, name: { zh: '送', en: 'd' }, alongside: 'ADD', groups: [], deliveries });
  const set = (deliveries: unknown[]) => ({
    ruleSetId: 1,
    code: 'D',
    version: 1,
    scopeDivision: '4113',
    document: document(deliveries),
  });
  const aged = (feeFen: number, who: unknown = whoMayHaveMealsBrought) => ({
    code: `C${feeFen}`,
    name: { zh: '高龄失能送餐', en: 'aged and frail' },
    who,
    feeFen,
  });
  const elder: DinerFacts = {
    birthDate: '1950-01-01',
    categories: [],
    abilityLevel: null,
    abilityExpiresOn: null,
    residence: '411302001001',
  };
  const day = '2026-03-10';
  const isEntitled = (facts: Partial<DinerFacts>) =>
    deliveryEntitlement([set([aged(0)])], { diner: { ...elder, ...facts }, day }).entitled;

  it.each<[string, Partial<DinerFacts>, boolean]>([
    ['80 on the day', { birthDate: '1946-03-10' }, true],
    ['80 on the day after', { birthDate: '1946-03-11' }, false],
    ['level 3 that counts up to the day before', { abilityLevel: 3, abilityExpiresOn: '2026-03-10' }, false],
    ['level 3 that counts on the day', { abilityLevel: 3, abilityExpiresOn: '2026-03-11' }, true],
    ['level 2', { abilityLevel: 2, abilityExpiresOn: '2027-01-01' }, false],
    ['disabled', { categories: ['LIVING_ALONE', 'DISABLED'] }, true],
    ['living alone', { categories: ['LIVING_ALONE'] }, false],
  ])('%s', (_what, facts, entitled) => expect(isEntitled(facts)).toBe(entitled));

  it('is told why not, rule by rule, in words for the elder', () => {
    const found = deliveryEntitlement([set([aged(0, { ageFrom: 80 })])], { diner: elder, day });
    expect(found).toEqual({
      entitled: false,
      why: {
        zh: '高龄失能送餐：当日 76 周岁，须为 80 周岁及以上',
        en: 'aged and frail: 76 years old on that day, and it is for 80 and over',
      },
    });
    const none = deliveryEntitlement([], { diner: elder, day });
    expect(none).toMatchObject({ entitled: false, why: { zh: '该食堂当日没有送餐的规定' } });
  });

  it('pays the least of what several sets ask, and the first that applies of one', () => {
    const diner = { ...elder, birthDate: '1940-01-01' };
    const sets = [set([aged(200)]), set([aged(100), aged(0)])];
    expect(deliveryEntitlement(sets, { diner, day })).toEqual({ entitled: true, feeFen: 100 });
  });
});
