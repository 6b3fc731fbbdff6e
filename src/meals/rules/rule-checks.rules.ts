import {
  emptyBound,
  emptyInterval,
  fault,
  first,
  readDocument,
} from '../../rule-versions/rule-document.rules.js';
import type { Refusal } from '../../shared/refusal.js';
import { mealFenMax } from '../meal-price.rules.js';
import { usesOfSetMax } from '../subsidy.rules.js';
import { sharesFault } from './rule-bearers.rules.js';
import { minutesOf } from './rule-conditions.rules.js';
import type { DocumentRefusalCode, Fault } from './rule-fault.rules.js';
import { areAtMostAtOnce, groupFault, groupsFault } from './rule-groups.rules.js';
import { type Cap, type Rule, type RuleDocument, ruleDocument, type Who } from './rule-language.rules.js';

/**
 * Reads a document of subsidy rules. What is refused names the field and writes nothing: text that is no such
 * document, rules that overlap or contradict each other, a rule that would pay more than the bill.
 *
 * @param field where the document stands in the caller's input
 */
export function readRuleDocument(
  text: string,
  field: readonly string[],
): RuleDocument | Refusal<DocumentRefusalCode> {
  return readDocument<RuleDocument, DocumentRefusalCode>(text, field, {
    format: ruleDocument,
    faultOf: documentFault,
    codeOf: ({ code, path }) =>
      /fen(max)?$/i.test(String(path.at(-1))) && ['too_big', 'too_small'].includes(code)
        ? 'AMOUNT_OUT_OF_RANGE'
        : undefined,
  });
}

/** The first fault of a well-formed document, in the order of its fields. */
function documentFault(document: RuleDocument): Fault | undefined {
  const { caps, groups, operators = [], deliveries = [] } = document;
  return (
    reusedCode(document) ??
    (areAtMostAtOnce(groups, usesOfSetMax) ? undefined : tooMany()) ??
    capsFault(caps, ['caps']) ??
    first(groups, (group, index) => {
      const path = ['groups', index];
      return (
        capsFault(group.caps, [...path, 'caps']) ??
        first(group.rules, (rule, at) => ruleFault(rule, document, [...path, 'rules', at])) ??
        groupFault(group, path)
      );
    }) ??
    groupsFault(groups) ??
    first(operators, ({ fen, borneBy }, index) =>
      sharesFault(borneBy, fen, ['operators', index, 'borneBy']),
    ) ??
    first(operators, ({ borneBy }, index) => {
      const at = borneBy.findIndex(({ canteen }) => canteen);
      const text = { zh: '运营补贴不能由食堂自己承担', en: 'a canteen cannot pay its own operator' };
      return at < 0 ? undefined : fault('SHARES_INVALID', ['operators', index, 'borneBy', at], text);
    }) ??
    first(operators, ({ rules = [] }, index) => {
      const known = groups.flatMap((group) => group.rules.map(({ code }) => code));
      const at = rules.findIndex((code) => !known.includes(code));
      const text = { zh: '本文件中无此规则', en: 'no rule of the document has this code' };
      return at < 0 ? undefined : fault('DOCUMENT_INVALID', ['operators', index, 'rules', at], text);
    }) ??
    first(deliveries, ({ who }, index) => whoFault(who, ['deliveries', index, 'who']))
  );
}

function tooMany(): Fault {
  const text = {
    zh: `同一餐最多 ${usesOfSetMax} 条规则可同时生效，而从条件看不出各规则互斥到此数以内`,
    en: `at most ${usesOfSetMax} rules may give towards one meal, and it cannot be seen from their conditions that no more do`,
  };
  return fault('DOCUMENT_INVALID', ['groups'], text);
}

/** Caps and operators know rules by their codes, so each is had once in a document. */
function reusedCode({ groups, operators = [], deliveries = [] }: RuleDocument): Fault | undefined {
  const lists: [string, (string | number)[]][][] = [
    groups.map(({ code }, index) => [code, ['groups', index, 'code']]),
    groups.flatMap(({ rules }, index) =>
      rules.map(({ code }, at): [string, (string | number)[]] => [
        code,
        ['groups', index, 'rules', at, 'code'],
      ]),
    ),
    operators.map(({ code }, index) => [code, ['operators', index, 'code']]),
    deliveries.map(({ code }, index) => [code, ['deliveries', index, 'code']]),
  ];
  for (const list of lists) {
    const again = list.find(([code], index) => list.findIndex(([other]) => other === code) < index);
    if (again) return fault('CODE_REUSED', again[1], { zh: '编码重复', en: 'the code is used twice' });
  }
  return undefined;
}

function ruleFault(rule: Rule, document: RuleDocument, path: (string | number)[]): Fault | undefined {
  return (
    whoFault(rule.who, [...path, 'who']) ??
    whenFault(rule, document, path) ??
    billFault(rule, path) ??
    sharesFault(rule.borneBy, rule.gives.kind === 'AMOUNT' ? rule.gives.fen : mealFenMax, [
      ...path,
      'borneBy',
    ]) ??
    capsFault(rule.caps, [...path, 'caps'])
  );
}

function whoFault(who: Who | undefined, path: (string | number)[]): Fault | undefined {
  if (!who) return undefined;
  const bound = emptyBound(who);
  if (bound) return fault('INTERVAL_INVALID', [...path, bound], emptyInterval);
  for (const name of ['allOf', 'anyOf', 'noneOf'] as const) {
    const found = first(who[name] ?? [], (part, index) => whoFault(part, [...path, name, index]));
    if (found) return found;
  }
  return undefined;
}

function whenFault({ when }: Rule, document: RuleDocument, path: (string | number)[]): Fault | undefined {
  if (!when) return undefined;
  const { fromTime = '00:00', toTime = '24:00', fromDay, toDay, holidays } = when;
  if (minutesOf(fromTime) >= minutesOf(toTime))
    return fault('INTERVAL_INVALID', [...path, 'when', 'toTime'], emptyInterval);
  if (fromDay !== undefined && toDay !== undefined && fromDay >= toDay)
    return fault('INTERVAL_INVALID', [...path, 'when', 'toDay'], emptyInterval);
  if (!holidays || document.holidays) return undefined;
  const text = { zh: '文件中没有节假日表', en: 'the document has no list of holidays' };
  return fault('RULES_CONTRADICT', [...path, 'when', 'holidays'], text);
}

function billFault({ bill = {}, gives }: Rule, path: (string | number)[]): Fault | undefined {
  const { atLeastFen = 0, moreThanFen = 0, atMostFen = mealFenMax } = bill;
  const leastFen = Math.max(atLeastFen, moreThanFen + 1);
  if (leastFen > atMostFen) return fault('INTERVAL_INVALID', [...path, 'bill'], emptyInterval);
  if (gives.kind !== 'AMOUNT' || gives.ifBillIsLess || leastFen >= gives.fen) return undefined;
  const text = {
    zh: '补贴可能多于餐费：须写明最低餐费 bill，或 ifBillIsLess',
    en: 'it could pay more than the bill: say a least bill, or ifBillIsLess',
  };
  return fault('PAYS_MORE_THAN_BILL', [...path, 'gives', 'fen'], text);
}

function capsFault(caps: readonly Cap[] | undefined, path: (string | number)[]): Fault | undefined {
  return first(caps ?? [], ({ per, times, fen }, index) => {
    const isSaid = times !== undefined || fen !== undefined;
    if (isSaid && (per !== 'MEAL' || times === undefined)) return undefined;
    const text = {
      zh: '上限须写次数或金额；每餐只能限金额',
      en: 'a cap says times or fen; for one meal fen alone',
    };
    return fault('DOCUMENT_INVALID', [...path, index], text);
  });
}
