import type { Meal as MealName } from '../../entities/meals/meal-window.entity.js';
import type { DiningMode as DiningModeName } from '../../entities/meals/swipe.entity.js';
import { enumeration } from '../shared/enumeration.js';

export const MealEnum = enumeration<MealName>('Meal', 'A meal of the day; each is subsidised once a day.', {
  BREAKFAST: 'The meal of the morning.',
  LUNCH: 'The meal of noon.',
  DINNER: 'The meal of the evening.',
});

export const DiningModeEnum = enumeration<DiningModeName>('DiningMode', 'Where a meal is eaten.', {
  DINE_IN: 'In the canteen.',
  TAKE_AWAY: 'Taken along by the elder.',
  DELIVERY: "Brought to the elder's home.",
});
