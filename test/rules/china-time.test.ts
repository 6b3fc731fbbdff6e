import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  addDays,
  completedYears,
  dayOf,
  instantOn,
  isDay,
  minuteOfDay,
} from '../../src/shared/china-time.js';

it('midnight in China is 16:00 UTC of the day before', () => {
  expect(dayOf(new Date('2026-03-09T15:59:59.999Z'))).toBe('2026-03-09');
  expect(dayOf(new Date('2026-03-09T16:00:00.000Z'))).toBe('2026-03-10');
  expect(minuteOfDay(new Date('2026-03-09T15:59:59.999Z'))).toBe(1439);
  expect(minuteOfDay(new Date('2026-03-09T16:00:00.000Z'))).toBe(0);
});

it('knows the days of the calendar, leap days among them', () => {
  expect(['2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'].map(isDay)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  const none = [
    '2026-02-29',
    '1900-02-29',
    '2026-02-30',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '',
  ];
  expect(none.filter(isDay)).toEqual([]);
  expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
});

it('completes years on the birthday, of a leap day on 1 March in common years', () => {
  expect(completedYears('1950-03-10', '2026-03-09')).toBe(75);
  expect(completedYears('1950-03-10', '2026-03-10')).toBe(76);
  expect(completedYears('1964-02-29', '2026-02-28')).toBe(61);
  expect(completedYears('1964-02-29', '2026-03-01')).toBe(62);
  expect(completedYears('1964-02-29', '2028-02-29')).toBe(64);
});

it('an instant lies on its day at its minute, before 1970 too', () => {
  const instants = fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(instants, (instant) => {
      const start = instantOn(dayOf(instant), minuteOfDay(instant));
      expect(instant.getTime() - start.getTime()).toBeGreaterThanOrEqual(0);
      expect(instant.getTime() - start.getTime()).toBeLessThan(60_000);
    }),
  );
});
