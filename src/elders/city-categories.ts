import type { EntityManager } from 'typeorm';
import { hasControls } from '../shared/control-characters.js';
import { isRefusal, type Refusal, refuse } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import type { Text } from '../shared/text.js';
import { type CityCategoryNames, cityCategoryPattern, isNationalCategory } from './category-names.rules.js';

const nameLengthMax = { zh: 40, en: 80 };

/** A group of elders that the city's own policies name, such as model workers. */
export interface CityCategoryTerms {
  code: string;
  name: Text;
}

export type CityCategoryRefusalCode = 'CATEGORY_CODE_INVALID' | 'NAME_INVALID' | 'CATEGORY_CODE_TAKEN';

/** Adds a category of the city's own, which rules and elders' files may then name. */
export async function addCityCategory(
  manager: EntityManager,
  { code, name }: CityCategoryTerms,
): Promise<CityCategoryTerms | Refusal<CityCategoryRefusalCode>> {
  if (!cityCategoryPattern.test(code)) {
    const text = {
      zh: '类别编码须为 1 至 24 个大写字母、数字或连字符',
      en: 'The code of a category has 1 to 24 of A-Z, 0-9 and the hyphen',
    };
    return refuse('CATEGORY_CODE_INVALID', text, ['code']);
  }
  const [zh, en] = [name.zh.trim(), name.en.trim()];
  if (!isName(zh, nameLengthMax.zh) || !isName(en, nameLengthMax.en)) {
    const text = {
      zh: `名称须为中文 1 至 ${nameLengthMax.zh} 个字，英文 1 至 ${nameLengthMax.en} 个字符`,
      en: `A name has 1 to ${nameLengthMax.zh} characters in Chinese and 1 to ${nameLengthMax.en} in English`,
    };
    return refuse('NAME_INVALID', text, ['name']);
  }
  if (isNationalCategory(code) || (await cityCategories(manager)).some((each) => each.code === code)) {
    const text = { zh: '已有此编码的类别', en: 'A category has this code already' };
    return refuse('CATEGORY_CODE_TAKEN', text, ['code']);
  }
  await insertRows(manager, 'city_category', ['code', 'nameZh', 'nameEn'], [[code, zh, en]]);
  return { code, name: { zh, en } };
}

/** Adds those that are missing, and tells their codes. */
export async function addCityCategories(
  manager: EntityManager,
  wanted: readonly CityCategoryTerms[],
): Promise<string[] | Refusal<CityCategoryRefusalCode>> {
  const known = new Set((await cityCategories(manager)).map(({ code }) => code));
  const added: string[] = [];
  for (const category of wanted) {
    if (known.has(category.code)) continue;
    const result = await addCityCategory(manager, category);
    if (isRefusal(result)) return result;
    known.add(category.code);
    added.push(category.code);
  }
  return added;
}

/** All categories of the city's own, by code: some dozens at most. */
export async function cityCategories(manager: EntityManager): Promise<CityCategoryTerms[]> {
  const rows: CityCategoryRow[] = await manager.query(
    'SELECT code, nameZh, nameEn FROM city_category ORDER BY code',
  );
  return rows.map(termsOf);
}

export async function cityCategoryNames(manager: EntityManager): Promise<CityCategoryNames> {
  return new Map((await cityCategories(manager)).map(({ code, name }) => [code, name]));
}

export interface CityCategoryRow {
  code: string;
  nameZh: string;
  nameEn: string;
}

export function termsOf({ code, nameZh, nameEn }: CityCategoryRow): CityCategoryTerms {
  return { code, name: { zh: nameZh, en: nameEn } };
}

function isName(text: string, lengthMax: number): boolean {
  const { length } = [...text];
  return length >= 1 && length <= lengthMax && !hasControls(text);
}
