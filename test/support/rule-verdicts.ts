import { expect } from 'vitest';
import { readRuleDocument } from '../../src/meals/rules/rule-checks.rules.js';

const name = { zh: '字', en: 'words' };

/** The plainest rule, group and document, of which tests change what they are about. */
export const plainRule = {
  code: 'R',
  name,
  gives: { kind: 'AMOUNT', fen: 300, ifBillIsLess: 'PAY_THE_BILL' },
  borneBy: [{ funder: 'CITY', rest: true }],
};
export const plainGroup = { code: 'G', name, pick: 'ONE', rules: [plainRule] };
export const plainDocument = { format: 1, name, alongside: 'BEST', groups: [plainGroup] };

/** A document of one group with as many rules as changes. */
export const withRules = (pick: string, ...changes: object[]) => ({
  ...plainDocument,
  groups: [
    {
      ...plainGroup,
      pick,
      rules: changes.map((change, index) => ({ ...plainRule, code: `R${index}`, ...change })),
    },
  ],
});

/** The code of the refusal and where in the document it points, or `well`; refused is in both languages. */
export function verdictOn(given: unknown): string {
  const read = readRuleDocument(typeof given === 'string' ? given : JSON.stringify(given), ['document']);
  if (!('refused' in read)) return 'well';
  expect(read.message.zh).not.toBe('');
  expect(read.message.en).not.toBe('');
  return `${read.refused} ${read.field?.slice(1).join('.')}`;
}
