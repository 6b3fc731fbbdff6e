import type { PostingKind } from '../../entities/meals/ledger-posting.entity.js';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { Language, Text } from '../shared/text.js';
import type { Movement } from './account-statement.js';

const meals: Record<Meal, Text> = {
  BREAKFAST: { zh: '早餐', en: 'breakfast' },
  LUNCH: { zh: '午餐', en: 'lunch' },
  DINNER: { zh: '晚餐', en: 'dinner' },
};

/** What moves an elder's own money: a dispute is between the canteen and funders. */
export type MovementKind = Exclude<PostingKind, 'DISPUTE' | 'OPERATOR'>;

/** What a posting did to an elder's account, in words that can be read to the elder. */
const kinds: Record<MovementKind, Text> = {
  SWIPE: { zh: '用餐', en: 'Meal' },
  VOID: { zh: '撤销用餐', en: 'Meal taken back' },
  REVIEW: { zh: '用餐（审核后由本人承担）', en: 'Meal, charged after a review' },
  TOP_UP: { zh: '充值', en: 'Paid in' },
  REFUND: { zh: '退款', en: 'Paid out' },
  CLOSING: { zh: '销户退款', en: 'Account closed, rest paid out' },
};

/** One line of a statement: what it was and, for a meal, which one of which day. */
export function movementText({ kind, meal }: Pick<Movement, 'kind' | 'meal'>, language: Language): string {
  const what = kinds[kind][language];
  if (!meal) return what;
  const which = meals[meal.meal][language];
  return language === 'zh' ? `${what}：${meal.mealDate} ${which}` : `${what}: ${which} of ${meal.mealDate}`;
}
