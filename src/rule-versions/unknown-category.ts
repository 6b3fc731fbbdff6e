import type { EntityManager } from 'typeorm';
import { isNationalCategory } from '../elders/category-names.rules.js';
import { cityCategoryNames } from '../elders/city-categories.js';
import { type Refusal, refuse } from '../shared/refusal.js';

/** Refuses a document that asks for a category which neither the nation nor the city knows, and names the first. */
export async function unknownCategory(
  manager: EntityManager,
  document: unknown,
): Promise<Refusal<'CATEGORY_UNKNOWN'> | undefined> {
  const ofCity = categoriesAsked(document, ['document']).filter(({ code }) => !isNationalCategory(code));
  if (ofCity.length === 0) return undefined;
  const known = await cityCategoryNames(manager);
  const unknown = ofCity.find(({ code }) => !known.has(code));
  const text = { zh: '没有此编码的人员类别', en: 'there is no category of this code' };
  return unknown && refuse('CATEGORY_UNKNOWN', text, unknown.field);
}

/** Whatever the rules are about, people are asked for their categories by that name. */
function categoriesAsked(node: unknown, field: readonly string[]): { code: string; field: string[] }[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => {
    const at = [...field, name];
    if (name !== 'categories' || !Array.isArray(value)) return categoriesAsked(value, at);
    return value.map((code, index) => ({ code: String(code), field: [...at, String(index)] }));
  });
}
