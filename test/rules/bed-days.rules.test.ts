import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countOf,
  type DueLine,
  dueLines,
  lettersOf,
  type MonthFacts,
  type StayDays,
} from '../../src/beds/bed-days/bed-day.rules.js';
import {
  type BedSubsidyRule,
  rateFor,
  ruleOn,
  type SubsidyTerms,
  subsidyFault,
} from '../../src/beds/bed-days/bed-subsidy.rules.js';
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

const april = '2026-04';
const stay = (of: Partial<StayDays>): StayDays => ({
  ...{ stayId: 1, elderId: 1, bedType: 'NURSING', fromDay: '2026-01-01', toDay: null, leaves: [] },
  ...of,
});
const rule = (of: Partial<BedSubsidyRule>): BedSubsidyRule => ({
  ...{ fromDay: '2026-01-01', per: 'MONTH', wholeMonthDays: null, homeLeaveDaysMax: 0, hospitalDaysMax: 0 },
  rates: [{ bedType: null, levelMin: null, levelMax: null, fen: 30_000 }],
  ...of,
});
const facts = (of: Partial<MonthFacts>, terms = rule({})): MonthFacts => ({
  month: april,
  stays: [stay({})],
  levels: Array(31).fill(2),
  terms: [{ funderId: 7, byDay: Array(31).fill(terms) }],
  denied: new Map(),
  ...of,
});
const fenOf = (lines: readonly DueLine[]) => lines.map(({ parts }) => parts.get(7)?.fen ?? 0);
const letters = (of: Partial<StayDays>) =>
  lettersOf(stay(of), april)
    .map((letter) => letter ?? '-')
    .join('');

describe('the letters of a month', () => {
  it('have the first day of a stay and not its last', () => {
    expect(letters({ fromDay: '2026-04-03', toDay: '2026-04-05' })).toBe(`--PP${'-'.repeat(26)}`);
    expect(letters({ fromDay: '2026-04-03', toDay: '2026-04-03' })).toBe('-'.repeat(30));
    expect(letters({ toDay: '2026-04-01' })).toBe('-'.repeat(30));
    expect(letters({ toDay: '2026-05-01' })).toBe('P'.repeat(30));
    expect(letters({ fromDay: '2026-05-01' })).toBe('-'.repeat(30));
  });

  it('know leaves that began before the month and end after it', () => {
    const leaves = [
      { kind: 'HOME' as const, fromDay: '2026-03-20', toDay: '2026-04-02' },
      { kind: 'HOSPITAL' as const, fromDay: '2026-04-30', toDay: null },
    ];
    expect(letters({ leaves })).toBe(`L${'P'.repeat(28)}H`);
  });
});

describe('what a month is worth', () => {
  it('is its rate for all of it, and its part for less', () => {
    expect(fenOf(dueLines(facts({})))).toEqual([30_000]);
    expect(fenOf(dueLines(facts({ stays: [stay({ toDay: '2026-04-08' })] })))).toEqual([7_000]);
  });

  it('is whole from so many days on', () => {
    const whole = rule({ wholeMonthDays: 15 });
    const until = (day: string) => fenOf(dueLines(facts({ stays: [stay({ toDay: day })] }, whole)));
    expect([until('2026-04-15'), until('2026-04-16')]).toEqual([[14_000], [30_000]]);
  });

  it('of a resident who moved is what it is without the move, to the fen', () => {
    const moved = [
      stay({ stayId: 1, toDay: '2026-04-06' }),
      stay({ stayId: 2, fromDay: '2026-04-06', toDay: '2026-04-13' }),
      stay({ stayId: 3, fromDay: '2026-04-13' }),
    ];
    for (const wholeMonthDays of [null, 15]) {
      const uneven = rule({
        wholeMonthDays,
        rates: [{ bedType: null, levelMin: null, levelMax: null, fen: 10_001 }],
      });
      const lines = dueLines(facts({ stays: moved }, uneven));
      expect(fenOf(lines).reduce((sum, fen) => sum + fen, 0)).toBe(10_001);
      expect(lines.map(({ countedDays }) => countedDays)).toEqual([5, 7, 18]);
    }
  });

  it('counts days of leave up to so many, the first of the month first', () => {
    const leaves = [{ kind: 'HOME' as const, fromDay: '2026-04-11', toDay: '2026-04-21' }];
    const [line] = dueLines(facts({ stays: [stay({ leaves })] }, rule({ homeLeaveDaysMax: 4 })));
    expect(line).toMatchObject({
      countedDays: 24,
      days: `${'P'.repeat(10)}${'L'.repeat(10)}${'P'.repeat(10)}`,
    });
    expect(line?.parts.get(7)).toEqual({ days: 24, fen: 24_000 });
  });

  it('leaves out what a dispute took, and nothing beside it', () => {
    const denied = new Map([[1, `${'X'.repeat(3)}${'-'.repeat(27)}`]]);
    const [line] = dueLines(facts({ denied }));
    expect(line).toMatchObject({ countedDays: 27, days: 'P'.repeat(30) });
    expect(line?.parts.get(7)).toEqual({ days: 27, fen: 27_000 });
    expect(dueLines(facts({ denied: new Map([[1, 'X'.repeat(30)]]) }))[0]?.parts.size).toBe(0);
  });

  it('is a line for each level, and unpaid where no rate suits', () => {
    const levels = [...Array(10).fill(3), ...Array(10).fill(null), ...Array(10).fill(0)];
    const rates = [{ bedType: null, levelMin: 2, levelMax: 4, fen: 30_000 }];
    const lines = dueLines(facts({ levels }, rule({ rates })));
    expect(lines.map(({ level, countedDays }) => [level, countedDays])).toEqual([
      [3, 10],
      [null, 0],
      [0, 0],
    ]);
    expect(fenOf(lines)).toEqual([10_000, 0, 0]);
  });
});

describe('rules', () => {
  it('of the nearest place count, of that the latest that has begun', () => {
    const near = (distance: number, fromDay: string) => ({ distance, rule: rule({ fromDay }) });
    const rules = [
      near(1000, '2026-01-01'),
      near(2, '2026-02-01'),
      near(2, '2026-03-01'),
      near(0, '2026-06-01'),
    ];
    const on = (day: string) => ruleOn(rules, day)?.fromDay;
    expect(['2025-12-31', '2026-01-31', '2026-02-01', '2026-05-31', '2026-06-01'].map(on)).toEqual([
      undefined,
      '2026-01-01',
      '2026-02-01',
      '2026-03-01',
      '2026-06-01',
    ]);
  });

  it('have their rates tried from the top', () => {
    const rates = [
      { bedType: 'NURSING' as const, levelMin: 3, levelMax: 4, fen: 3 },
      { bedType: null, levelMin: 0, levelMax: 4, fen: 2 },
      { bedType: null, levelMin: null, levelMax: null, fen: 1 },
    ];
    const fen = (level: number | null, type: 'NURSING' | 'GENERAL' = 'NURSING') =>
      rateFor({ rates }, type, level)?.fen;
    expect([fen(4), fen(4, 'GENERAL'), fen(2), fen(null)]).toEqual([3, 2, 2, 1]);
  });

  const terms: SubsidyTerms = rule({});
  const rate = { bedType: null, levelMin: 0, levelMax: 4, fen: 1 };
  it.each<[string, Partial<SubsidyTerms>, string]>([
    ['no such period', { per: 'YEAR' as never }, 'rule.per'],
    ['a whole month of days', { per: 'DAY', wholeMonthDays: 15 }, 'rule.wholeMonthDays'],
    ['no days for a whole month', { wholeMonthDays: 0 }, 'rule.wholeMonthDays'],
    ['too many days at home', { homeLeaveDaysMax: 32 }, 'rule.homeLeaveDaysMax'],
    ['fewer than no days in hospital', { hospitalDaysMax: -1 }, 'rule.hospitalDaysMax'],
    ['too many rates', { rates: Array(41).fill(rate) }, 'rule.rates'],
    ['one level alone', { rates: [rate, { ...rate, levelMax: null }] }, 'rule.rates.1.levelMax'],
    [
      'a level that there is not',
      { rates: [{ ...rate, levelMin: 5, levelMax: 5 }] },
      'rule.rates.0.levelMin',
    ],
    [
      'levels the wrong way round',
      { rates: [{ ...rate, levelMin: 3, levelMax: 2 }] },
      'rule.rates.0.levelMax',
    ],
    ['an amount below zero', { rates: [{ ...rate, fen: -1 }] }, 'rule.rates.0.fen'],
    ['half a fen', { rates: [{ ...rate, fen: 0.5 }] }, 'rule.rates.0.fen'],
  ])('with %s cannot be', (_what, wrong, field) => {
    expect(subsidyFault({ ...terms, ...wrong })?.field.join('.')).toBe(field);
  });

  it('may pay nothing', () => {
    expect(subsidyFault({ ...terms, rates: [] })).toBeUndefined();
  });
});

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
