import {
  type ElderCategory,
  elderCategories,
} from '../../entities/elders/elder-category-membership.entity.js';
import type { Text } from '../shared/text.js';

/** What a city calls the categories of its own, by their codes. */
export type CityCategoryNames = ReadonlyMap<string, Text>;

/** The code of a category that a city adds: 1 to 24 of A-Z, 0-9 and the hyphen. */
export const cityCategoryPattern = /^[A-Z0-9-]{1,24}$/;

export const noCityCategories: CityCategoryNames = new Map();

export function isNationalCategory(code: string): code is ElderCategory {
  return elderCategories.some((category) => category === code);
}

/** What a category is called in a sentence; one that the city does not know is read out by its code. */
export function categoryName(code: string, ofCity: CityCategoryNames): Text {
  if (isNationalCategory(code)) return nationalNames[code];
  return ofCity.get(code) ?? { zh: code, en: code };
}

const nationalNames: Record<ElderCategory, Text> = {
  DESTITUTE: { zh: '特困', en: 'the destitute' },
  MINIMUM_LIVING: { zh: '低保', en: 'those on the minimum living allowance' },
  LOW_INCOME: { zh: '低保边缘', en: 'those on low income' },
  DISABLED: { zh: '失能', en: 'the disabled' },
  HANDICAPPED: { zh: '残疾', en: 'the handicapped' },
  LIVING_ALONE: { zh: '独居', en: 'those living alone' },
  EMPTY_NEST: { zh: '空巢', en: 'empty nests' },
  LEFT_BEHIND: { zh: '留守', en: 'those left behind' },
  BEREAVED_FAMILY: { zh: '计生特殊家庭', en: 'bereaved families' },
  PREFERENTIAL: { zh: '优抚对象', en: 'those with preferential treatment' },
};
