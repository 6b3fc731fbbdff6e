import { describe, expect, it } from 'vitest';
import type { VisitStatus } from '../../entities/visits/visit.entity.js';
import { alertsDue } from '../../src/visits/alert.rules.js';
import { careTermsDefaults } from '../../src/visits/care-terms.rules.js';
import { presenceOf, standingAfter, type Tap, type VisitStanding } from '../../src/visits/presence.rules.js';

const minute = 60_000;
const terms = careTermsDefaults;
const at = (clock: string) => new Date(`2026-03-10T${clock}+08:00`);
const visit = { startsAt: at('09:00:00'), endsAt: at('10:00:00') };

describe('presence', () => {
  const tap = (requestId: string, caregiverId: number, kind: 'IN' | 'OUT', minutes: number): Tap => ({
    requestId,
    caregiverId,
    kind,
    countsAtMs: minutes * minute,
  });

  it('goes from the first tap in to the last tap out after it', () => {
    const taps = [
      tap('a', 1, 'OUT', 1),
      tap('b', 1, 'IN', 5),
      tap('c', 1, 'IN', 3),
      tap('d', 1, 'OUT', 8),
      tap('e', 1, 'OUT', 9),
      tap('f', 2, 'IN', 0),
    ];
    expect(presenceOf(taps, 1)).toMatchObject({ arrived: { requestId: 'c' }, left: { requestId: 'e' } });
    expect(presenceOf(taps, 2)).toMatchObject({ arrived: { requestId: 'f' }, left: undefined });
    expect(presenceOf(taps, 3)).toEqual({ arrived: undefined, left: undefined });
    expect(presenceOf([tap('a', 1, 'OUT', 1)], 1)).toEqual({ arrived: undefined, left: undefined });
  });

  it('begins a visit with the first who comes, and ends it with the last who leaves', () => {
    const before: VisitStanding = { status: 'ASSIGNED', checkedInAt: null, checkedOutAt: null };
    const standing = (taps: Tap[], from = before) =>
      standingAfter(from, [presenceOf(taps, 1), presenceOf(taps, 2)]);
    const one = tap('a', 1, 'IN', 1);
    const two = tap('b', 2, 'IN', 2);
    const oneOut = tap('c', 1, 'OUT', 9);
    const twoOut = tap('d', 2, 'OUT', 8);
    expect(standing([])).toBe(before);
    expect(standing([two])).toMatchObject({ status: 'IN_PROGRESS', checkedInAt: new Date(2 * minute) });
    expect(standing([two, one, twoOut])).toMatchObject({ status: 'IN_PROGRESS', checkedOutAt: null });
    const over = { status: 'COMPLETED', checkedInAt: new Date(minute), checkedOutAt: new Date(9 * minute) };
    expect(standing([two, one, twoOut, oneOut])).toEqual(over);
    const ended = {
      status: 'COMPLETED' as const,
      checkedInAt: new Date(2 * minute),
      checkedOutAt: new Date(7 * minute),
    };
    expect(standing([two, one], ended)).toEqual({ ...ended, checkedInAt: new Date(minute) });
    const cancelled = { ...before, status: 'CANCELLED' as VisitStatus };
    expect(standing([one, oneOut, two, twoOut], cancelled)).toBe(cancelled);
  });
});

describe('who is told of a visit that nobody began', () => {
  const due = (status: VisitStatus, clock: string) => {
    const { alerts, isMissed } = alertsDue({ ...visit, status }, terms, at(clock));
    return [alerts.map(({ kind, level }) => `${kind} ${level}`).join(), isMissed];
  };
  const both = 'NOT_BEGUN STATION,NOT_BEGUN STREET';

  it.each<[VisitStatus, string, string, boolean]>([
    ['ASSIGNED', '09:19:59', '', false],
    ['ASSIGNED', '09:20:00', 'NOT_BEGUN STATION', false],
    ['REQUESTED', '09:20:00', 'NOT_BEGUN STATION', false],
    ['ASSIGNED', '09:59:59', 'NOT_BEGUN STATION', false],
    ['ASSIGNED', '10:00:00', both, true],
    ['REQUESTED', '12:00:00', both, true],
    ['IN_PROGRESS', '10:19:59', '', false],
    ['IN_PROGRESS', '10:20:00', 'NOT_ENDED STATION', false],
    ['COMPLETED', '12:00:00', '', false],
    ['CANCELLED', '12:00:00', '', false],
    ['NO_SHOW', '12:00:00', '', false],
  ])('%s at %s: %s', (status, clock, alerts, isMissed) => {
    expect(due(status, clock)).toEqual([alerts, isMissed]);
  });

  it('is missed no sooner than its time has passed, nor before both were told', () => {
    const long = { startsAt: at('09:00:00'), endsAt: at('12:00:00'), status: 'ASSIGNED' as const };
    expect(alertsDue(long, terms, at('11:59:59')).isMissed).toBe(false);
    expect(alertsDue(long, terms, at('12:00:00')).isMissed).toBe(true);
    const patient = { ...terms, streetAfterMinutes: 120 };
    expect(alertsDue({ ...visit, status: 'ASSIGNED' }, patient, at('10:59:59')).isMissed).toBe(false);
    expect(alertsDue({ ...visit, status: 'ASSIGNED' }, patient, at('11:00:00')).isMissed).toBe(true);
  });
});
