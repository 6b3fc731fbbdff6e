import { expect, it } from 'vitest';
import { openSpan, spanOf } from '../../src/visits/window.rules.js';

it('a day opens what overlaps the time from the midnight before yesterday to that after tomorrow, in China', () => {
  expect(openSpan('2026-03-10')).toEqual({
    startsAt: new Date('2026-03-09T00:00:00+08:00'),
    endsAt: new Date('2026-03-12T00:00:00+08:00'),
  });
  expect(openSpan('2026-01-01').startsAt).toEqual(new Date('2025-12-31T00:00:00+08:00'));
  expect(openSpan('2028-02-28').endsAt).toEqual(new Date('2028-03-01T00:00:00+08:00'));
});

it('a day lasts from midnight to midnight in China', () => {
  expect(spanOf('2026-03-10')).toEqual({
    startsAt: new Date('2026-03-10T00:00:00+08:00'),
    endsAt: new Date('2026-03-11T00:00:00+08:00'),
  });
});
