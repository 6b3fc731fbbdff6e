import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { statementStates } from '../../entities/settlement/month-statement.entity.js';
import { isOver } from '../../src/settlement/month.rules.js';
import {
  disputeSteps,
  faultOf,
  levelsAlong,
  mayTake,
  noteOf,
  statementEvents,
  transitionOf,
  transitions,
  transitionTable,
} from '../../src/settlement/statement.rules.js';
import { isMonth, lastDayOf, nextMonth } from '../../src/shared/month.js';

const offices = ['MANAGER', 'FINANCE', 'STAFF', 'OPERATOR'].flatMap((role) =>
  (['FACILITY', 'STREET', 'COUNTY', 'CITY'] as const).map((level) => ({ role, level })),
);

describe.each(statementEvents)('%s', (event) => {
  const { from, by, to, note } = transitionOf(event);
  const written = note === null ? null : 'P-1';

  it.each(statementStates)('leads somewhere only from its own state, not from %s', (state) => {
    for (const office of by) {
      const fault = faultOf(
        { state, version: 3, lastById: 7, submittedById: 6 },
        { event, person: { accountId: 8, offices: [office] }, note: written, version: 3 },
      );
      expect(fault).toBe(state === 'FROZEN' ? 'FROZEN' : state === from ? undefined : 'WRONG_STATE');
    }
  });

  it('is for those whom the table names, and nobody else', () => {
    for (const office of offices) {
      const isNamed = by.some(({ role, level }) => role === office.role && level === office.level);
      const step = { event, person: { accountId: 8, offices: [office] }, note: written };
      expect(faultOf({ state: from, version: 1, lastById: 7, submittedById: 6 }, step)).toBe(
        isNamed ? undefined : 'NOT_ENTITLED',
      );
    }
  });

  it('is refused in the order of the list', () => {
    const nobody = { accountId: 7, offices: [] };
    const person = { accountId: 7, offices: [...by] };
    const other = { accountId: 8, offices: [...by] };
    const standing = { state: from, version: 2, lastById: 7, submittedById: 6 };
    expect(faultOf(standing, { event, person: nobody, version: 1 })).toBe('NOT_ENTITLED');
    expect(faultOf(standing, { event, person, version: 1 })).toBe('VERSION_CHANGED');
    expect(faultOf(standing, { event, person, version: 2 })).toBe('SAME_PERSON');
    expect(faultOf(standing, { event, person: other, note: '  ' })).toBe(
      note === null ? undefined : 'NOTE_INVALID',
    );
    expect(faultOf({ ...standing, lastById: undefined }, { event, person, note: written })).toBeUndefined();
  });

  it('changes the state', () => expect(to).not.toBe(from));
});

it('every state but FROZEN leads on, every state is reached, and each event has one line', () => {
  const reached = new Set(['DRAFT', ...transitions.map(({ to }) => to)]);
  expect([...reached].sort()).toEqual([...statementStates].sort());
  const left = new Set(transitions.map(({ from }) => from));
  expect(statementStates.filter((state) => !left.has(state))).toEqual(['FROZEN']);
  expect(transitions.map(({ event }) => event)).toEqual([...statementEvents]);
});

it.each(statementEvents)('whoever submitted a statement leaves its approval to others: %s', (event) => {
  const { from, by, note } = transitionOf(event);
  const standing = { state: from, version: 4, lastById: 8, submittedById: 7 };
  const step = { event, person: { accountId: 7, offices: [...by] }, note: note === null ? null : 'P-1' };
  const isApproval = ['REVIEW', 'SIGN', 'PAY', 'FREEZE'].includes(event);
  expect(faultOf(standing, step)).toBe(isApproval ? 'SAME_PERSON' : undefined);
  expect(faultOf({ ...standing, submittedById: null }, step)).toBeUndefined();
});

it('the operator of the machine is never the same person twice', () => {
  const person = { accountId: null, offices: [{ role: 'OPERATOR', level: 'CITY' as const }] };
  expect(
    faultOf({ state: 'DRAFT', version: 2, lastById: null, submittedById: null }, { event: 'SUBMIT', person }),
  ).toBeUndefined();
});

it('a dispute is raised and decided by the street and answered by the facility', () => {
  for (const { step, by } of disputeSteps) {
    for (const office of offices) {
      const isNamed = by.some(({ role, level }) => role === office.role && level === office.level);
      expect(mayTake(step, { accountId: 1, offices: [office] })).toBe(isNamed);
    }
  }
});

describe('levels', () => {
  const place = (id: number, kind: Parameters<typeof levelsAlong>[0][number]['kind']) => ({ id, kind });

  it('run from the canteen upwards; what stands between it and the street is the canteen', () => {
    const path = [
      place(1, 'ELDER_CANTEEN'),
      place(2, 'DAY_CARE_CENTER'),
      place(3, 'STREET_CENTER'),
      place(4, 'COUNTY_CENTER'),
      place(5, 'CITY_CENTER'),
    ];
    expect([...levelsAlong(path)]).toEqual([
      [1, ['FACILITY']],
      [2, ['FACILITY']],
      [3, ['STREET']],
      [4, ['COUNTY']],
      [5, ['CITY']],
    ]);
  });

  it('without a street the county does its part', () => {
    const path = [place(1, 'ELDER_CANTEEN'), place(4, 'COUNTY_CENTER'), place(5, 'CITY_CENTER')];
    expect(levelsAlong(path).get(4)).toEqual(['STREET', 'COUNTY']);
    expect(levelsAlong([]).size).toBe(0);
  });
});

it.each([
  ['2026-02', '2026-02-28', '2026-03'],
  ['2028-02', '2028-02-29', '2028-03'],
  ['2026-12', '2026-12-31', '2027-01'],
  ['2026-01', '2026-01-31', '2026-02'],
])('%s ends on %s and is followed by %s', (month, last, next) => {
  expect([lastDayOf(month), nextMonth(month)]).toEqual([last, next]);
});

it('a month is over ten minutes after its last midnight in China', () => {
  expect(isOver('2026-03', new Date('2026-04-01T00:09:59.999+08:00'))).toBe(false);
  expect(isOver('2026-03', new Date('2026-04-01T00:10:00+08:00'))).toBe(true);
  expect(
    ['2026-10', '2026-1', '2026-00', '2026-13', '0026-10', '2026-10-01', '２026-10'].map(isMonth),
  ).toEqual([true, ...Array(6).fill(false)]);
});

it('a note has 1 to 200 characters without the spaces around it, and no control characters', () => {
  expect([
    noteOf(' a '),
    noteOf(' '),
    noteOf(null),
    noteOf('字'.repeat(200))?.length,
    noteOf('字'.repeat(201)),
    noteOf('a\u0007b'),
    noteOf('a\nb'),
    noteOf('a\ud800'),
  ]).toEqual(['a', undefined, undefined, 200, ...Array(4).fill(undefined)]);
});

it('docs/month-statement.md holds the table as the code has it', () => {
  expect(readFileSync('docs/month-statement.md', 'utf8')).toContain(transitionTable());
});
