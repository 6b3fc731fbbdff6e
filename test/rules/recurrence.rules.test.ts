import { describe, expect, it } from 'vitest';
import { occurrencesOf } from '../../src/visits/recurrence.rules.js';

/** A Tuesday morning in China, which is Monday evening in UTC: a rule on UTC would have other weekdays. */
const start = new Date('2026-03-10T07:00:00+08:00');
const daysOf = (rule: string, from = start) =>
  occurrencesOf(rule, from)?.map((each) =>
    new Date(each.getTime() + 8 * 3_600_000).toISOString().slice(0, 10),
  );

describe('a rule of recurrence', () => {
  it('counts weekdays and midnights of China, not of UTC', () => {
    expect(daysOf('FREQ=WEEKLY;BYDAY=TU,FR;COUNT=4')).toEqual([
      '2026-03-10',
      '2026-03-13',
      '2026-03-17',
      '2026-03-20',
    ]);
    const midnight = new Date('2026-03-10T00:00:00+08:00');
    expect(daysOf('FREQ=DAILY;COUNT=2', midnight)).toEqual(['2026-03-10', '2026-03-11']);
    const last = new Date('2026-03-10T23:59:59.123+08:00');
    expect(occurrencesOf('FREQ=DAILY;COUNT=2', last)?.[1]).toEqual(new Date('2026-03-11T23:59:59.123+08:00'));
  });

  it('knows days, weeks and months, with intervals, places and ends', () => {
    expect(daysOf('RRULE:FREQ=DAILY;INTERVAL=10;COUNT=3')).toEqual([
      '2026-03-10',
      '2026-03-20',
      '2026-03-30',
    ]);
    expect(daysOf('FREQ=MONTHLY;BYDAY=2TU;COUNT=3')).toEqual(['2026-03-10', '2026-04-14', '2026-05-12']);
    expect(daysOf('FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3', new Date('2026-03-31T09:00:00+08:00'))).toEqual([
      '2026-03-31',
      '2026-05-31',
      '2026-07-31',
    ]);
    expect(daysOf('freq=weekly;until=20260324')).toEqual(['2026-03-10', '2026-03-17', '2026-03-24']);
    // The instant itself belongs to it, a second less does not: 7:00 in China is 23:00 of the day before in UTC.
    expect(daysOf('FREQ=WEEKLY;UNTIL=20260316T230000Z')).toEqual(['2026-03-10', '2026-03-17']);
    expect(daysOf('FREQ=WEEKLY;UNTIL=20260316T225959Z')).toEqual(['2026-03-10']);
    expect(daysOf('FREQ=WEEKLY;UNTIL=20260317T070000')).toEqual(['2026-03-10', '2026-03-17']);
  });

  it.each([
    ['nothing', ''],
    ['no rule', 'every week'],
    ['endless', 'FREQ=DAILY'],
    ['both ends', 'FREQ=DAILY;COUNT=2;UNTIL=20260401'],
    ['zero', 'FREQ=DAILY;COUNT=0'],
    ['below zero', 'FREQ=DAILY;COUNT=-1'],
    ['too many', 'FREQ=DAILY;COUNT=61'],
    ['far too many', 'FREQ=DAILY;COUNT=9999999999'],
    ['too long', 'FREQ=DAILY;UNTIL=99991231'],
    ['too many until then', 'FREQ=DAILY;UNTIL=20260601'],
    ['over before it begins', 'FREQ=DAILY;UNTIL=20260309'],
    ['no such day', 'FREQ=DAILY;UNTIL=20261399'],
    ['no such day of that month', 'FREQ=DAILY;UNTIL=20260431'],
    ['a thousand a day', 'FREQ=MINUTELY;COUNT=1000'],
    ['by the second', 'FREQ=SECONDLY;COUNT=60'],
    ['by the hour', 'FREQ=HOURLY;COUNT=24'],
    ['by the year', 'FREQ=YEARLY;COUNT=2'],
    ['hours of a day', 'FREQ=DAILY;BYHOUR=1,2,3,4;COUNT=4'],
    ['minutes of an hour', 'FREQ=DAILY;BYMINUTE=1,2,3;COUNT=4'],
    ['a place in a set', 'FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1;COUNT=2'],
    ['a part twice', 'FREQ=DAILY;COUNT=2;COUNT=3'],
    ['an unknown part', 'FREQ=DAILY;COUNT=2;X=1'],
    ['a name of the prototype', 'FREQ=DAILY;COUNT=2;CONSTRUCTOR=1'],
    ['places in a week', 'FREQ=WEEKLY;BYDAY=2TU;COUNT=2'],
    ['no interval', 'FREQ=DAILY;INTERVAL=0;COUNT=2'],
    ['never', 'FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;BYDAY=5MO;COUNT=2'],
    ['another first day', 'FREQ=WEEKLY;BYDAY=WE;COUNT=2'],
    ['further than a year', 'FREQ=MONTHLY;INTERVAL=12;COUNT=3'],
    ['a second line', 'FREQ=DAILY;COUNT=2\nRRULE:FREQ=DAILY;COUNT=3'],
    ['a start of its own', 'DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY;COUNT=2'],
    ['too long a text', `FREQ=DAILY;COUNT=2;BYMONTHDAY=${'1,'.repeat(300)}1`],
  ])('is refused when it is %s, and at once', (_why, rule) => {
    const begun = performance.now();
    expect(occurrencesOf(rule, start)).toBe(undefined);
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  it('may have sixty occurrences, and no more', () => {
    expect(daysOf('FREQ=DAILY;COUNT=60')).toHaveLength(60);
    expect(daysOf('FREQ=DAILY;UNTIL=20260508')).toHaveLength(60);
    expect(daysOf('FREQ=DAILY;UNTIL=20260509')).toBe(undefined);
  });
});
