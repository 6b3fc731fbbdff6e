import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOf, type DueLine, dueLines } from '../../src/beds/bed-days/bed-day.rules.js';
import {
  correctedMonths,
  firstOpenMonth,
  isSettledMonth,
  keyOf,
  lineIdOf,
  linesPerStay,
  monthsBefore,
  openLines,
  type SettledDays,
} from '../../src/beds/bed-days/home-line.rules.js';
import { april, facts, rule, stay } from '../support/bed-months.js';

describe('the number of a line', () => {
  it('is another for another stay, month, level or statement, and in the range of its stay', () => {
    const ids = new Set<number>();
    for (const stayId of [1, 2, 12_000_000]) {
      for (const month of ['2026-01', '2026-02']) {
        for (const level of [null, 0, 4]) {
          for (const lag of [0, 1, correctedMonths]) {
            const id = lineIdOf({ stayId, month, level }, monthsBefore(month, -lag));
            expect(Math.floor(id / linesPerStay)).toBe(stayId);
            ids.add(id);
          }
        }
      }
    }
    expect(ids.size).toBe(3 * 2 * 3 * 3);
    expect(Math.max(...ids)).toBeLessThan(1e15);
  });

  it('has room for months of this century and no further back than corrections go', () => {
    expect(['2019-12', '2020-01', '2086-08', '2086-09'].map(isSettledMonth)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    const key = { stayId: 1, month: '2026-01', level: 1 };
    expect(() => lineIdOf(key, monthsBefore('2026-01', -correctedMonths - 1))).toThrow();
    expect(() => lineIdOf(key, '2025-12')).toThrow();
  });
});

describe('months', () => {
  it('are submitted in order, those without days left out', () => {
    const spans = [
      { fromDay: '2026-02-28', toDay: '2026-03-01' },
      { fromDay: '2026-05-01', toDay: null },
    ];
    const first = (closed: string[], from = '2026-01') =>
      firstOpenMonth({ from, before: '2026-07', closed: new Set(closed) }, spans);
    expect(first([])).toBe('2026-02');
    expect(first(['2026-02'])).toBe('2026-05');
    expect(first(['2026-02', '2026-05'])).toBe('2026-06');
    expect(first(['2026-02', '2026-05', '2026-06'])).toBeUndefined();
    expect(first([], '2026-03')).toBe('2026-05');
  });
});

describe('corrections', () => {
  /** A stay of any days in April, with or without a leave and a change of level, as it is known at some time. */
  const known = fc
    .record({
      from: fc.integer({ min: 1, max: 30 }),
      length: fc.integer({ min: 0, max: 30 }),
      leaveFrom: fc.integer({ min: 1, max: 30 }),
      leaveLength: fc.integer({ min: 0, max: 10 }),
      kind: fc.constantFrom('HOME' as const, 'HOSPITAL' as const),
      levelChangesOn: fc.integer({ min: 0, max: 30 }),
      deniedUntil: fc.integer({ min: 0, max: 30 }),
    })
    .map(({ from, length, leaveFrom, leaveLength, kind, levelChangesOn, deniedUntil }) => {
      const day = (number: number) => new Date(Date.UTC(2026, 3, number)).toISOString().slice(0, 10);
      const end = from + length;
      const [first, last] = [Math.max(from, leaveFrom), Math.min(end, leaveFrom + leaveLength)];
      const leaves = last > first ? [{ kind, fromDay: day(first), toDay: day(last) }] : [];
      const levels = Array.from({ length: 30 }, (_, index) => (index < levelChangesOn ? 1 : 3));
      const denied = new Map([
        [1, Array.from({ length: 30 }, (_, i) => (i < deniedUntil ? 'X' : '-')).join('')],
      ]);
      return { stays: [stay({ fromDay: day(from), toDay: day(end), leaves })], levels, denied };
    });
  const terms = rule({
    homeLeaveDaysMax: 3,
    hospitalDaysMax: 2,
    rates: [
      { bedType: null, levelMin: 2, levelMax: 4, fen: 31_003 },
      { bedType: null, levelMin: 0, levelMax: 1, fen: 10_007 },
    ],
  });

  it('add up to what is known last, whatever was known before and however often it changed', () => {
    fc.assert(
      fc.property(fc.array(known, { minLength: 1, maxLength: 6 }), (versions) => {
        const settled = new Map<string, SettledDays>();
        let due: DueLine[] = [];
        versions.forEach((version, index) => {
          due = dueLines(facts(version, terms));
          const statementMonth = monthsBefore(april, -index);
          const asked = { statementMonth, month: april, denied: new Set(version.denied.keys()) };
          const lines = openLines(asked, due, [...settled.values()]);
          expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
          for (const line of lines) settled.set(keyOf(line), plus(settled.get(keyOf(line)), line));
          expect(openLines(asked, due, [...settled.values()])).toEqual([]);
        });
        const left = [...settled.values()].filter(
          (line) => line.units + line.homeLeaveDays + line.hospitalDays > 0,
        );
        expect(left.map(shortOf).sort()).toEqual(due.map(shortOfDue).sort());
      }),
      { numRuns: 300 },
    );
  });

  function plus(before: SettledDays | undefined, line: SettledDays): SettledDays {
    const parts = new Map(before?.parts);
    for (const [funderId, { days, fen }] of line.parts) {
      const had = parts.get(funderId) ?? { days: 0, fen: 0 };
      parts.set(funderId, { days: had.days + days, fen: had.fen + fen });
    }
    return {
      ...line,
      parts,
      units: (before?.units ?? 0) + line.units,
      homeLeaveDays: (before?.homeLeaveDays ?? 0) + line.homeLeaveDays,
      hospitalDays: (before?.hospitalDays ?? 0) + line.hospitalDays,
      countedDays: (before?.countedDays ?? 0) + line.countedDays,
    };
  }
  const shortOf = ({ level, units, homeLeaveDays, hospitalDays, countedDays, parts }: SettledDays) =>
    [level, units, homeLeaveDays, hospitalDays, countedDays, parts.get(7)?.fen ?? 0].join(' ');
  const shortOfDue = ({ level, days, countedDays, parts }: DueLine) =>
    [
      level,
      countOf(days, 'P'),
      countOf(days, 'L'),
      countOf(days, 'H'),
      countedDays,
      parts.get(7)?.fen ?? 0,
    ].join(' ');
});
