import { describe, expect, it } from 'vitest';
import { type DueLine, dueLines, lettersOf, type StayDays } from '../../src/beds/bed-days/bed-day.rules.js';
import {
  rateFor,
  ruleOn,
  type SubsidyTerms,
  subsidyFault,
} from '../../src/beds/bed-days/bed-subsidy.rules.js';
import { april, facts, rule, stay } from '../support/bed-months.js';

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
