import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RuleRefusalCodeEnum } from '../../schema/meals/rule-set.type.js';
import { readRuleDocument } from '../../src/meals/rules/rule-checks.rules.js';
import { ruleDocument } from '../../src/meals/rules/rule-language.rules.js';

const page = readFileSync('docs/meal-subsidy-rules.md', 'utf8');

/** Every name of a field and every word of a list in a JSON schema, however deep. */
function namesIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, enum: words = [], const: word } = schema as Record<string, unknown>;
  const own = [...Object.keys(properties as object), ...(words as unknown[]), word];
  return [
    ...own.filter((name): name is string => typeof name === 'string'),
    ...Object.values(schema).flatMap(namesIn),
  ];
}

it('every field and every word of the language stands in its description', () => {
  const names = new Set(namesIn(ruleDocument.toJSONSchema({ unrepresentable: 'any' })));
  expect(names.size).toBeGreaterThan(60);
  // Meals and categories stand in the glossary.
  const elsewhere = readFileSync('docs/glossary.md', 'utf8');
  expect([...names].filter((name) => !`${page}${elsewhere}`.includes(name))).toEqual([]);
});

it('every refusal is named', () => {
  expect(Object.keys(RuleRefusalCodeEnum).filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});

it('the example is a rule', () => {
  const rule = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
  const name = rule.name;
  const groups = [{ code: 'G', name, pick: 'ONE', rules: [rule] }];
  const document = JSON.stringify({ format: 1, name, alongside: 'BEST', groups });
  expect(readRuleDocument(document, [])).toMatchObject({ groups });
});
