import { expect, it } from 'vitest';
import { draftBegin } from '../../src/meals/draft-begin.rules.js';

const submitted = (...months: string[]) => months.map((month) => ({ month, isSubmitted: true }));
const givenBack = (...months: string[]) => months.map((month) => ({ month, isSubmitted: false }));

it.each([
  ['of a canteen without statements begins with its own month', '2026-10', [], '2026-10'],
  [
    'begins with the last month that was submitted before it',
    '2026-10',
    submitted('2026-07', '2026-08', '2026-09'),
    '2026-09',
  ],
  ['begins there however long ago that was', '2026-10', submitted('2025-11', '2025-12'), '2025-12'],
  [
    'begins before the earliest month that was given back',
    '2026-10',
    [...submitted('2026-04', '2026-05', '2026-07', '2026-09'), ...givenBack('2026-08', '2026-06')],
    '2026-05',
  ],
  [
    'that was given back itself begins with the month before it',
    '2026-09',
    [...submitted('2026-07', '2026-08'), ...givenBack('2026-09')],
    '2026-08',
  ],
  ['begins with the first month when that one was given back', '2026-10', givenBack('2026-08'), '2026-08'],
  ['does not ask later months', '2026-10', submitted('2026-11', '2026-12'), '2026-10'],
])('a draft %s', (_, month, statements, begin) => {
  expect(draftBegin(month, statements)).toBe(begin);
});
