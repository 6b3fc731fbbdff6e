import { expect, it } from 'vitest';
import { type SpannedLeave, type SpannedStay, spansOfStay } from '../../src/beds/away-spans.js';
import { awayFate } from '../../src/elders/away.rules.js';
import type { AwaySpan } from '../../src/elders/institution-stays.js';
import { awaySince } from '../../src/visits/away.rules.js';

const today = '2026-03-10';
const stay = (given: Partial<SpannedStay> = {}): SpannedStay => ({
  elderId: 1,
  type: 'NURSING',
  fromDay: '2026-03-01',
  toDay: null,
  leaves: [],
  ...given,
});
const leave = (given: Partial<SpannedLeave>): SpannedLeave => ({
  kind: 'HOME',
  fromDay: '2026-03-05',
  toDay: null,
  expectedBackOn: null,
  ...given,
});
/** From, to, said until, with a question mark for what is expected alone. */
const shown = (spans: readonly AwaySpan[]) =>
  spans.map(({ fromDay, toDay, saidUntil, isExpected }) =>
    [fromDay, toDay, saidUntil]
      .map((day) => day?.slice(5) ?? '-')
      .join(' ')
      .concat(isExpected ? ' ?' : ''),
  );

it('a stay in a full-time bed is away but for leaves at home, any other only in hospital', () => {
  expect(shown(spansOfStay(stay()))).toEqual(['03-01 - -']);
  expect(shown(spansOfStay(stay({ toDay: '2026-03-20' })))).toEqual(['03-01 03-20 03-20']);
  for (const type of ['DAY_CARE', 'HOME'] as const) expect(spansOfStay(stay({ type }))).toEqual([]);
  const leaves = [leave({ toDay: '2026-03-07' }), leave({ kind: 'HOSPITAL', fromDay: '2026-03-08' })];
  expect(shown(spansOfStay(stay({ leaves })))).toEqual(['03-01 03-05 03-05', '03-07 - -']);
  expect(shown(spansOfStay(stay({ type: 'DAY_CARE', leaves })))).toEqual(['03-08 - 03-08']);
  const back = [leave({ kind: 'HOSPITAL', expectedBackOn: '2026-03-15' })];
  expect(shown(spansOfStay(stay({ type: 'HOME', leaves: back })))).toEqual(['03-05 - 03-15']);
});

it('who is on leave at home may be away again from the day of the expected return on', () => {
  const leaves = [leave({ expectedBackOn: '2026-03-12' })];
  expect(shown(spansOfStay(stay({ leaves })))).toEqual(['03-01 03-05 03-05', '03-12 - 03-12 ?']);
  expect(shown(spansOfStay(stay({ leaves: [leave({})] })))).toEqual(['03-01 03-05 03-05']);
  // On the first day already: there is nothing before it.
  const atOnce = [leave({ fromDay: '2026-03-01', toDay: '2026-03-03' })];
  expect(shown(spansOfStay(stay({ leaves: atOnce, toDay: '2026-03-03' })))).toEqual([]);
});

const span = (given: Partial<AwaySpan> = {}): AwaySpan => ({
  elderId: 1,
  fromDay: '2026-03-08',
  toDay: null,
  saidUntil: null,
  isExpected: false,
  ...given,
});

it.each([
  ['2026-03-07', span(), undefined],
  ['2026-03-08', span(), 'CALLED_OFF'],
  ['2027-03-08', span(), 'CALLED_OFF'],
  // It is over on the day on which it ends.
  ['2026-03-19', span({ toDay: '2026-03-20', saidUntil: '2026-03-20' }), 'CALLED_OFF'],
  ['2026-03-20', span({ toDay: '2026-03-20', saidUntil: '2026-03-20' }), undefined],
  // A patient: until the expected return, and then until tomorrow as long as nobody is back.
  ['2026-03-14', span({ saidUntil: '2026-03-15' }), 'CALLED_OFF'],
  ['2026-03-15', span({ saidUntil: '2026-03-15' }), 'AT_RISK'],
  ['2026-03-11', span({ saidUntil: '2026-03-09' }), 'CALLED_OFF'],
  ['2026-03-12', span({ saidUntil: '2026-03-09' }), 'AT_RISK'],
  // A stay that is to begin.
  ['2026-03-11', span({ fromDay: '2026-03-11' }), 'AT_RISK'],
  ['2026-03-10', span({ fromDay: '2026-03-10' }), 'CALLED_OFF'],
  // The end of a leave at home is never sure.
  ['2026-03-10', span({ saidUntil: '2026-03-08', isExpected: true }), 'AT_RISK'],
] as const)('a visit on %s in %o is %s', (day, one, fate) => {
  expect(awayFate(day, [one], today)).toBe(fate);
  expect(awayFate(day, [span({ fromDay: '2026-01-01', toDay: '2026-01-02' }), one], today)).toBe(fate);
});

it('a visit that was brought on the first day is doubted only where the stay was entered later', () => {
  expect(awaySince('2026-03-10', [span({ fromDay: today })], today)).toBeUndefined();
  expect(awaySince('2026-03-08', [span()], today)).toBe('2026-03-08');
  expect(awaySince('2026-03-10', [span()], today)).toBe('2026-03-08');
  expect(awaySince('2026-03-11', [span()], today)).toBeUndefined();
  expect(awaySince('2026-03-07', [span()], today)).toBeUndefined();
  expect(awaySince('2026-03-09', [span({ isExpected: true })], today)).toBeUndefined();
});
