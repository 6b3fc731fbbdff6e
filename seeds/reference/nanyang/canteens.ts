import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import { bitsOf, choiceOf } from '../../deterministic.js';
import { demoCanteenCode, nanyangNetwork } from './network.js';

/** What a canteen serves when, and up to which price. */
export interface PlannedCanteen {
  code: string;
  priceFenMax: number;
  windows: readonly { meal: Meal; fromMinute: number; toMinute: number }[];
  /** At which price and up to how long before the window it takes orders for meals to be brought; null for none. */
  delivery: { priceFen: number; cutoffMinutes: number } | null;
}

const priceFenMax = choiceOf('dearest meal', [
  [2500, 3],
  [3000, 6],
  [3500, 1],
]);
/** Minutes by which lunch begins and ends before or after the usual hours. */
const lunchBeginsLater = choiceOf('lunch begins', [
  [0, 6],
  [15, 2],
  [30, 2],
]);
const lunchEndsEarlier = choiceOf('lunch ends', [
  [0, 6],
  [15, 1],
  [30, 3],
]);
const mealsBesideLunch = bitsOf('meals beside lunch');

/**
 * Hours and prices of the canteens, made up: all serve lunch, a third breakfast and half dinner. The
 * demonstration canteen serves lunch around the clock, so that a swipe can be tried at any hour, and every fourth
 * beside it has meals brought.
 */
export function nanyangCanteens(): PlannedCanteen[] {
  const canteens = nanyangNetwork().filter(({ kind }) => kind === 'ELDER_CANTEEN');
  return canteens.map(({ code }, index) =>
    code === demoCanteenCode
      ? { code, priceFenMax: 3000, windows: [allDay], delivery: { priceFen: 1200, cutoffMinutes: 0 } }
      : {
          code,
          priceFenMax: priceFenMax(index),
          windows: windowsOf(index),
          delivery: index % 4 === 0 ? { priceFen: 1200, cutoffMinutes: 90 } : null,
        },
  );
}

const allDay = { meal: 'LUNCH' as const, fromMinute: 0, toMinute: 24 * 60 };

function windowsOf(index: number): PlannedCanteen['windows'] {
  const bits = mealsBesideLunch(index);
  const lunch = {
    meal: 'LUNCH' as const,
    fromMinute: clock(10, 30) + lunchBeginsLater(index),
    toMinute: clock(13, 30) - lunchEndsEarlier(index),
  };
  const breakfast = { meal: 'BREAKFAST' as const, fromMinute: clock(6, 30), toMinute: clock(8, 30) };
  const dinner = { meal: 'DINNER' as const, fromMinute: clock(16, 30), toMinute: clock(18, 30) };
  return [...(bits % 3 === 0 ? [breakfast] : []), lunch, ...(bits % 2 === 0 ? [dinner] : [])];
}

function clock(hours: number, minutes: number): number {
  return hours * 60 + minutes;
}
