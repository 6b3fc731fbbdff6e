import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { VisitRefusalCodeEnum } from '../../schema/visits/visit-refusal.type.js';
import { publicHolidays } from '../../seeds/reference/public-holidays/public-holidays.js';
import { visitRefusalCodes } from '../../src/visits/visit-refusals.js';
import { visitSteps, visitStepsFor, visitStepTable } from '../../src/visits/visit-steps.rules.js';
import { firstStart, horizonEnd, isTooLate, usualTerms } from '../../src/visits/visit-terms.rules.js';

const page = readFileSync('docs/visit-booking.md', 'utf8');

it('the documentation has the table of steps that the code reads, and the usual terms', () => {
  expect(page).toContain(visitStepTable());
  for (const [name, value] of Object.entries(usualTerms)) {
    expect(page).toContain(`| \`${name}\` | ${value} |`);
  }
});

it('a step is allowed to the sides that the table names, and to no other', () => {
  for (const { event, from, by } of visitSteps) {
    for (const side of ['FAMILY', 'STATION', 'CAREGIVER', 'SERVER'] as const) {
      const allowed = visitStepsFor(event, from, [side]).length > 0;
      const named = visitSteps.some(
        (step) => step.event === event && step.from === from && step.by.includes(side),
      );
      expect(allowed, `${event} ${from} ${side} ${by.join()}`).toBe(named);
    }
  }
  for (const over of ['COMPLETED', 'CANCELLED'] as const) {
    for (const event of ['RESCHEDULE', 'CANCEL', 'ASSIGN'] as const) {
      expect(visitStepsFor(event, over, ['FAMILY', 'STATION', 'SERVER'])).toEqual([]);
    }
  }
});

it('the graph names the refusals of bookings in their order of precedence', () => {
  const shown = Object.keys(VisitRefusalCodeEnum);
  expect(shown.filter((code) => (visitRefusalCodes as readonly string[]).includes(code))).toEqual([
    ...visitRefusalCodes,
  ]);
});

it('terms are counted to the minute, and the horizon to its last midnight in China', () => {
  const now = new Date('2026-03-10T23:30:00+08:00');
  expect(firstStart(now, usualTerms, false)).toEqual(new Date('2026-03-11T00:30:00+08:00'));
  expect(firstStart(now, usualTerms, true)).toEqual(now);
  expect(horizonEnd(now, { ...usualTerms, horizonDays: 1 })).toEqual(new Date('2026-03-12T00:00:00+08:00'));
  const startsAt = new Date('2026-03-11T23:30:00+08:00');
  expect(isTooLate(startsAt, now, usualTerms)).toBe(false);
  expect(isTooLate(startsAt, new Date(now.getTime() + 1), usualTerms)).toBe(true);
});

it('the holidays of 2026 are 33 days off and six weekend days that are worked', () => {
  const days = publicHolidays();
  const of = (kind: string) => days.filter((day) => day.kind === kind).map(({ day }) => day);
  expect(of('HOLIDAY')).toHaveLength(33);
  expect(new Set(days.map(({ day }) => day)).size).toBe(days.length);
  for (const day of of('WORKDAY')) expect([0, 6]).toContain(new Date(day).getUTCDay());
  expect(of('WORKDAY')).toHaveLength(6);
});
