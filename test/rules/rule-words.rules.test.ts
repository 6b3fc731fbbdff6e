import { describe, expect, it } from 'vitest';
import { explanationText } from '../../src/meals/rules/explanation-words.rules.js';
import { findingText } from '../../src/meals/rules/finding-words.rules.js';
import { cityCases, cityRules, decide, type RuleCase } from '../support/rule-cases.js';

/** What is said of one rule of a city for a case of its table, changed a little. */
function said(city: string, name: string, code: string, change: Partial<RuleCase> = {}): [string, string] {
  const given = cityCases(city).cases.find((each) => each.name === name);
  if (!given) throw new Error(`${city} has no case ${name}`);
  const looked = decide(cityRules(city), { ...given, ...change }).looked.find(
    ({ rule }) => rule.code === code,
  );
  if (!looked) throw new Error(`${code} was not looked at`);
  const { zh, en } = findingText(looked);
  return [zh, en];
}

describe('a rule is explained in words', () => {
  it.each<[string, string, string, string, string]>([
    ['tianjin', 'a set meal of 13', 'SET-MEAL', '适用，补 3.00 元', 'applies: 3.00 yuan'],
    [
      'tianjin',
      '59, the day before the birthday',
      'SET-MEAL',
      '当日 59 周岁，须为 60 周岁及以上',
      '59 years old on that day, and it is for 60 and over',
    ],
    [
      'tianjin',
      'sixth time of the week, on Sunday',
      'SET-MEAL',
      '已达上限：每周（周一至周日）最多 5 次，已享受 5 次',
      'the limit is reached: 5 times a week from Monday to Sunday, 5 were had',
    ],
    ['tianjin', 'breakfast', 'SET-MEAL', '餐次限午餐、晚餐', 'of the meals, it is for lunch, dinner'],
    ['tianjin', 'no set meal', 'SET-MEAL', '餐品限套餐', 'of the menus, it is for set meal'],
    [
      'beijing',
      'the bill is the subsidy: it must exceed it',
      'BASIC-CARE',
      '餐费须超过 5.00 元',
      'the bill must exceed 5.00 yuan',
    ],
    [
      'guangzhou-zengcheng',
      '70, in another town of the district: the share of the town is lost',
      'AGED-60',
      '适用，补 6.00 元；因在其他街镇或区县就餐，其中 1.00 元不予补贴',
      'applies: 6.00 yuan; 1.00 yuan of it are not paid, because of eating in another town or district',
    ],
    [
      'guangzhou-zengcheng',
      'hardship and 85: 11, and the town bears 5',
      'AGED-80',
      '符合条件，但已按“困难老人每餐补 11 元”执行',
      'the conditions are met, but “hardship groups: 11 yuan” counts instead',
    ],
    [
      'beijing',
      'without a home station',
      'BASIC-CARE',
      '没有登记居住地，须在区划 11',
      'has no home, and it is for division 11',
    ],
    [
      'nanjing-jianye',
      'aided, lunch',
      'DISABLED-DELIVERY',
      '以下条件均不符合：须为失能；没有有效评估，须能力等级 3 及以上',
      'none of these holds: it is for the disabled; no assessment counts, and it is for levels 3 and over',
    ],
  ])('%s: %s', (city, name, code, zh, en) => {
    expect(said(city, name, code)).toEqual([zh, en]);
  });
});

it('every case of every city can be read aloud', () => {
  for (const city of [
    'beijing',
    'tianjin',
    'nanjing-jianye',
    'shanghai-putuo',
    'guangzhou-zengcheng',
    'changsha',
  ]) {
    for (const given of cityCases(city).cases) {
      const split = decide(cityRules(city), given);
      const summary = explanationText({ split, notAccepted: null, minute: 720, isAssumed: true });
      const all = [summary, ...split.looked.map((looked) => findingText(looked))];
      for (const { zh, en } of all) expect(`${zh}${en}`).not.toMatch(/undefined|null|NaN|\[object/);
      const isGiven = split.subsidyFen + split.discountFen > 0;
      expect(summary.en.includes('It follows from')).toBe(isGiven);
    }
  }
});
