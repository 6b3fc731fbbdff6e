import { expect, it } from 'vitest';
import { instantOn } from '../../src/shared/china-time.js';
import { type Roster, weekdayOf, workingSpans } from '../../src/visits/roster.rules.js';

// 2 March 2026 is a Monday.
const monday = '2026-03-02';
const at = (clock: string) => new Date(`${monday}T${clock}:00+08:00`);
const hours = { weekday: 1, fromDay: '2026-01-01', toDay: null };
const roster: Roster = {
  activeFrom: '2026-01-01',
  activeUntil: null,
  hours: [
    { ...hours, fromMinute: 480, toMinute: 720 },
    { ...hours, fromMinute: 780, toMinute: 1020 },
  ],
  absences: [],
};
const [morning, afternoon] = [
  { startsAt: at('08:00'), endsAt: at('12:00') },
  { startsAt: at('13:00'), endsAt: at('17:00') },
];

it('weeks begin on Monday', () => {
  expect(['2026-03-02', '2026-03-07', '2026-03-08', '2024-02-29'].map(weekdayOf)).toEqual([1, 6, 7, 4]);
});

it('the hours of the weekday count while they are dated to, and the person is there', () => {
  expect(workingSpans(monday, roster)).toEqual([morning, afternoon]);
  expect(workingSpans('2026-03-03', roster)).toEqual([]);
  expect(workingSpans(monday, { ...roster, activeFrom: '2026-03-03' })).toEqual([]);
  expect(workingSpans(monday, { ...roster, activeUntil: monday })).toEqual([]);
  const ended = roster.hours.map((row, index) => (index === 0 ? { ...row, toDay: monday } : row));
  expect(workingSpans(monday, { ...roster, hours: ended })).toEqual([afternoon]);
});

it('hours that touch or lie within each other are one span', () => {
  const rows = [
    { ...hours, fromMinute: 720, toMinute: 780 },
    { ...hours, fromMinute: 500, toMinute: 600 },
    ...roster.hours,
  ];
  expect(workingSpans(monday, { ...roster, hours: rows })).toEqual([
    { startsAt: at('08:00'), endsAt: at('17:00') },
  ]);
});

it('a time away is cut out, to the minute, and leaves what only touches it', () => {
  const away = (startsAt: Date, endsAt: Date) =>
    workingSpans(monday, { ...roster, absences: [{ startsAt, endsAt }] });
  expect(away(at('09:00'), at('10:30'))).toEqual([
    { startsAt: at('08:00'), endsAt: at('09:00') },
    { startsAt: at('10:30'), endsAt: at('12:00') },
    afternoon,
  ]);
  expect(away(at('12:00'), at('13:00'))).toEqual([morning, afternoon]);
  expect(away(at('11:00'), at('14:00'))).toEqual([
    { startsAt: at('08:00'), endsAt: at('11:00') },
    { startsAt: at('14:00'), endsAt: at('17:00') },
  ]);
  expect(away(instantOn('2026-02-20', 0), instantOn('2026-03-20', 0))).toEqual([]);
  expect(away(instantOn('2026-03-01', 0), instantOn(monday, 0))).toEqual([morning, afternoon]);
});

it('a shift until midnight ends with the day', () => {
  const late = { ...roster, hours: [{ ...hours, fromMinute: 1320, toMinute: 1440 }] };
  expect(workingSpans(monday, late)).toEqual([{ startsAt: at('22:00'), endsAt: instantOn('2026-03-03', 0) }]);
});
