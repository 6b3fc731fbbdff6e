import { expect, it } from 'vitest';
import {
  faultyWindow,
  mealServedAt,
  nearestMeal,
  type ServingWindow,
} from '../../src/meals/meal-window.rules.js';

const breakfast: ServingWindow = { meal: 'BREAKFAST', fromMinute: 390, toMinute: 510 };
const lunch: ServingWindow = { meal: 'LUNCH', fromMinute: 630, toMinute: 810 };
const roundTheClock: ServingWindow = { meal: 'LUNCH', fromMinute: 0, toMinute: 1440 };

it('a meal is served over [from, to)', () => {
  const served = [389, 390, 509, 510, 630, 809, 810].map((minute) =>
    mealServedAt([breakfast, lunch], minute),
  );
  expect(served).toEqual([undefined, 'BREAKFAST', 'BREAKFAST', undefined, 'LUNCH', 'LUNCH', undefined]);
});

it('a window round the clock holds midnight and the minute before it', () => {
  expect(mealServedAt([roundTheClock], 0)).toBe('LUNCH');
  expect(mealServedAt([roundTheClock], 1439)).toBe('LUNCH');
});

it('the nearest meal is the one whose window is fewest minutes away', () => {
  expect(nearestMeal([breakfast, lunch], 560)).toBe('BREAKFAST');
  expect(nearestMeal([breakfast, lunch], 580)).toBe('LUNCH');
  expect(nearestMeal([breakfast, lunch], 700)).toBe('LUNCH');
  expect(nearestMeal([], 700)).toBeUndefined();
});

it('faulty windows are told by their index', () => {
  const dinner = (fromMinute: number, toMinute: number) => ({
    meal: 'DINNER' as const,
    fromMinute,
    toMinute,
  });
  expect(faultyWindow([breakfast, lunch])).toBeUndefined();
  expect(faultyWindow([lunch, dinner(810, 900)])).toBeUndefined();
  expect(faultyWindow([lunch, dinner(809, 900)])).toBe(1);
  expect(faultyWindow([lunch, lunch])).toBe(1);
  expect(faultyWindow([dinner(900, 900)])).toBe(0);
  expect(faultyWindow([dinner(-1, 900)])).toBe(0);
  expect(faultyWindow([dinner(900, 1441)])).toBe(0);
  expect(faultyWindow([dinner(900.5, 1000)])).toBe(0);
});
