import type { Meal as MealName } from '../../entities/meals/meal-window.entity.js';
import type { DiningMode as DiningModeName, MenuKind } from '../../entities/meals/swipe.entity.js';
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

export const MenuKindEnum = enumeration<MenuKind>('MenuKind', 'What is eaten.', {
  SET_MEAL: 'The set meal of the day.',
  A_LA_CARTE: 'Dishes of the elder’s own choice.',
  SPECIAL_DIET: 'Soft or liquid food, or another diet that was prescribed.',
});
