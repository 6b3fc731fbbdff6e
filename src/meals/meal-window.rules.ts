import type { Meal } from '../../entities/meals/meal-window.entity.js';

/** A meal is served every day over [fromMinute, toMinute), minutes since midnight China Standard Time. */
export interface ServingWindow {
  meal: Meal;
  fromMinute: number;
  toMinute: number;
}

export const minutesPerDay = 1440;

/** The meal served at that minute; windows of one canteen do not overlap. */
export function mealServedAt(windows: readonly ServingWindow[], minute: number): Meal | undefined {
  return windows.find(({ fromMinute, toMinute }) => fromMinute <= minute && minute < toMinute)?.meal;
}

/** The meal whose window lies closest: what a meal eaten outside all windows most likely was. */
export function nearestMeal(windows: readonly ServingWindow[], minute: number): Meal | undefined {
  const distance = ({ fromMinute, toMinute }: ServingWindow) =>
    Math.max(fromMinute - minute, minute - (toMinute - 1), 0);
  return [...windows].sort((one, other) => distance(one) - distance(other))[0]?.meal;
}

/** The minute of that meal's window that lies nearest; the minute itself where the meal is not served. */
export function minuteWithin(windows: readonly ServingWindow[], meal: Meal, minute: number): number {
  const window = windows.find((each) => each.meal === meal);
  return window ? Math.min(Math.max(minute, window.fromMinute), window.toMinute - 1) : minute;
}

/** What is wrong with a canteen's windows: the index of the first at fault, or undefined when all is well. */
export function faultyWindow(windows: readonly ServingWindow[]): number | undefined {
  const index = windows.findIndex(
    (window, position) =>
      !Number.isInteger(window.fromMinute) ||
      !Number.isInteger(window.toMinute) ||
      window.fromMinute < 0 ||
      window.toMinute > minutesPerDay ||
      window.fromMinute >= window.toMinute ||
      windows.slice(0, position).some((earlier) => collide(earlier, window)),
  );
  return index === -1 ? undefined : index;
}

function collide(one: ServingWindow, other: ServingWindow): boolean {
  return one.meal === other.meal || (one.fromMinute < other.toMinute && other.fromMinute < one.toMinute);
}
