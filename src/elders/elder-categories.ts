import type { EntityManager } from 'typeorm';
import {
  type ElderCategory,
  elderCategories,
} from '../../entities/elders/elder-category-membership.entity.js';
import { insertRows, placeholders } from '../shared/statements.js';
import { isNationalCategory } from './category-names.rules.js';
import { type CityCategoryRow, type CityCategoryTerms, cityCategories, termsOf } from './city-categories.js';
import { type ElderRefusal, refuseElder } from './elder-refusals.js';

/** The categories of each of these elders, in the order of elderCategories; the city's own are not among them. */
export async function categoriesOfElders(
  manager: EntityManager,
  elderIds: readonly number[],
): Promise<Map<number, ElderCategory[]>> {
  const categories = new Map<number, ElderCategory[]>(elderIds.map((elderId) => [elderId, []]));
  if (elderIds.length === 0) return categories;
  const rows: { elderId: number; category: string }[] = await manager.query(
    `SELECT elderId, category FROM elder_category WHERE elderId IN (${placeholders(elderIds)})`,
    [...elderIds],
  );
  for (const { elderId, category } of rows) {
    if (isNationalCategory(category)) categories.get(elderId)?.push(category);
  }
  const places = new Map(elderCategories.map((category, index) => [category, index]));
  for (const own of categories.values()) own.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  return categories;
}

/** The categories of the city's own that each of these elders belongs to, by code. */
export async function cityCategoriesOfElders(
  manager: EntityManager,
  elderIds: readonly number[],
): Promise<Map<number, CityCategoryTerms[]>> {
  const categories = new Map<number, CityCategoryTerms[]>(elderIds.map((elderId) => [elderId, []]));
  if (elderIds.length === 0) return categories;
  const rows: (CityCategoryRow & { elderId: number })[] = await manager.query(
    `SELECT k.elderId, city.code, city.nameZh, city.nameEn
       FROM elder_category k JOIN city_category city ON city.code = k.category
      WHERE k.elderId IN (${placeholders(elderIds)}) ORDER BY city.code`,
    [...elderIds],
  );
  for (const row of rows) categories.get(row.elderId)?.push(termsOf(row));
  return categories;
}

/** The refusal of the first code that the city does not know; undefined when it knows them all. */
export async function unknownCityCategory(
  manager: EntityManager,
  codes: readonly string[],
): Promise<ElderRefusal | undefined> {
  if (codes.length === 0) return undefined;
  const known = new Set((await cityCategories(manager)).map(({ code }) => code));
  const index = codes.findIndex((code) => !known.has(code));
  return index < 0 ? undefined : refuseElder('CATEGORY_UNKNOWN', ['input', 'cityCategories', `${index}`]);
}

export async function insertCategories(
  manager: EntityManager,
  elderId: number,
  categories: readonly string[],
): Promise<void> {
  const rows = categories.map((category) => [elderId, category]);
  await insertRows(manager, 'elder_category', ['elderId', 'category'], rows);
}

/** What an elder belongs to from now on; what is undefined stays as it is. */
export interface CategoryChange {
  categories?: readonly ElderCategory[] | undefined;
  /** Codes of the city's own, all of them known. */
  cityCategories?: readonly string[] | undefined;
}

/** In the place of those that the elder belonged to before. */
export async function replaceCategories(
  manager: EntityManager,
  elderId: number,
  { categories, cityCategories: ofCity }: CategoryChange,
): Promise<void> {
  const national = placeholders(elderCategories);
  for (const [own, which] of [
    [categories, 'IN'],
    [ofCity, 'NOT IN'],
  ] as const) {
    if (!own) continue;
    const sql = `DELETE FROM elder_category WHERE elderId = ? AND category ${which} (${national})`;
    await manager.query(sql, [elderId, ...elderCategories]);
    await insertCategories(manager, elderId, [...new Set(own)]);
  }
}
