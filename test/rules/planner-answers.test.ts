import { describe, expect, it } from 'vitest';
import type { LeftOutCode, Plan } from '../../src/visits/planning/plan.js';
import { planVisits } from '../../src/visits/planning/plan-visits.js';
import type {
  PlanningCaregiver,
  PlanningPart,
  PlanningProblem,
  PlanningShift,
  PlanningVisit,
} from '../../src/visits/planning/problem.js';
import { faultsOf } from '../../src/visits/planning/problem-faults.js';
import { faultsOfPlan } from '../support/plan-checker.js';

/** Places on a line, ten minutes from each to the next; the station is place 0. */
const placeCount = 10;
const minutes = Array.from(
  { length: placeCount ** 2 },
  (_, i) => Math.abs((i % placeCount) - Math.floor(i / placeCount)) * 10,
);

const shift = (change: Partial<PlanningShift> = {}): PlanningShift => ({
  day: 0,
  startMinute: 480,
  endMinute: 1020,
  startPlace: 0,
  endPlace: 0,
  breaks: [],
  ...change,
});

const caregiver = (id: string, change: Partial<PlanningCaregiver> = {}): PlanningCaregiver => ({
  id,
  travel: 0,
  shifts: [shift()],
  longestDayMinutes: null,
  normalDayMinutes: null,
  ...change,
});

const part = (ids: string, change: Partial<PlanningPart> = {}): PlanningPart => ({
  service: 'BATH',
  durationMinutes: 60,
  candidates: ids
    .split(' ')
    .filter(Boolean)
    .map((caregiverId) => ({ caregiverId })),
  ...change,
});

const visit = (id: string, change: Partial<PlanningVisit> = {}): PlanningVisit => ({
  id,
  groupId: null,
  place: 1,
  earliestMinute: 540,
  latestMinute: 600,
  latestHardMinute: null,
  parts: [part('a b')],
  synchronization: null,
  promised: null,
  begun: null,
  ...change,
});

const together = { kind: 'SIMULTANEOUS' } as const;

function plan(
  visits: PlanningVisit[],
  caregivers = [caregiver('a'), caregiver('b')],
  iterations = 20_000,
): Plan {
  const problem: PlanningProblem = { placeCount, travel: [{ mode: 'WALK', minutes }], caregivers, visits };
  expect(faultsOf(problem)).toEqual([]);
  const found = planVisits(problem, { seed: 1, iterations });
  expect(faultsOfPlan(problem, found)).toEqual([]);
  return found;
}

const startOf = (found: Plan, id: string) =>
  found.visits.find(({ visitId }) => visitId === id)?.parts.map(({ startMinute }) => startMinute);
const whoOf = (found: Plan, id: string) =>
  found.visits.find(({ visitId }) => visitId === id)?.parts.map(({ caregiverId }) => caregiverId);

describe('a visit that cannot be planned comes back with the reason', () => {
  const far = { place: 9 };
  const cases: [LeftOutCode, number | null, Partial<PlanningVisit>, PlanningCaregiver[]?][] = [
    ['NO_SKILL', 0, { parts: [part('')] }],
    ['CERTIFICATE_EXPIRED', 0, { parts: [part('', { nobodyBecause: 'CERTIFICATE_EXPIRED' })] }],
    [
      'GENDER_RULE',
      1,
      { parts: [part('a'), part('', { nobodyBecause: 'GENDER_RULE' })], synchronization: together },
    ],
    ['NAMED_CAREGIVER_ABSENT', 0, { parts: [part('', { nobodyBecause: 'NAMED_CAREGIVER_ABSENT' })] }],
    ['NOBODY_AT_WORK', 0, { earliestMinute: 1100, latestMinute: 1200 }],
    [
      'NOBODY_AT_WORK',
      0,
      { latestHardMinute: 600 },
      [caregiver('a', { shifts: [] }), caregiver('b', { shifts: [] })],
    ],
    [
      'WINDOW_TOO_TIGHT',
      0,
      {
        latestHardMinute: 660,
        closed: [
          { fromMinute: 570, toMinute: 670 },
          { fromMinute: 500, toMinute: 550 },
        ],
      },
    ],
    ['TOO_FAR', 0, { ...far, earliestMinute: 480, latestMinute: 500, latestHardMinute: 560 }],
    [
      'TOO_FAR',
      0,
      far,
      [caregiver('a', { longestDayMinutes: 200 }), caregiver('b', { longestDayMinutes: 200 })],
    ],
    ['PARTNER_MISSING', null, { parts: [part('a'), part('a')], synchronization: together }],
  ];

  it.each(cases)('%s (part %s)', (code, about, change, caregivers) => {
    const found = plan(
      [visit('v', change), visit('w', { place: 2, earliestMinute: 600, latestMinute: 1000 })],
      caregivers,
    );
    const leftOut = found.leftOut.find(({ visitId }) => visitId === 'v');
    expect(leftOut).toMatchObject({ code, part: about });
    expect(leftOut?.text.zh).toMatch(/\p{Script=Han}/u);
    expect(leftOut?.text.en).toMatch(/^[A-Z].*\.$/);
  });

  it('NO_ROOM, when it gives way to one that counts more', () => {
    const hours = { latestMinute: 545, latestHardMinute: 545, parts: [part('a')] };
    const found = plan([visit('plain', hours), visit('duty', { ...hours, importance: 3 })]);
    expect(found.visits.map(({ visitId }) => visitId)).toEqual(['duty']);
    expect(found.leftOut).toMatchObject([{ visitId: 'plain', code: 'NO_ROOM', part: null }]);
  });
});

describe('what families were told', () => {
  it('is kept when it costs a little travel, and given up when it costs an hour of lateness', () => {
    const told = { startMinute: 560, caregiverIds: ['a'] };
    const kept = plan([visit('v', { promised: told })]);
    expect([startOf(kept, 'v'), whoOf(kept, 'v')]).toEqual([[560], ['a']]);
    const busy = visit('busy', { place: 9, parts: [part('a', { durationMinutes: 240 })], latestMinute: 545 });
    const changed = plan([visit('v', { promised: told }), busy]);
    expect([startOf(changed, 'v'), whoOf(changed, 'v')]).toEqual([[560], ['b']]);
    expect(changed.costs.changedCaregivers).toBe(1);
  });

  it('can be advanced when that keeps another from being late', () => {
    const only = [caregiver('a')];
    const one = visit('one', {
      latestMinute: 700,
      parts: [part('a')],
      promised: { startMinute: 640, caregiverIds: [null] },
    });
    const next = visit('next', { place: 2, earliestMinute: 640, latestMinute: 640, parts: [part('a')] });
    const found = plan([one, next], only);
    expect(found.costs.latenessMinutes).toBe(0);
    expect(found.costs.movedMinutes).toBeGreaterThan(0);
  });
});

it('what has begun stays as it is, even if nobody would plan it so', () => {
  const begun = visit('begun', {
    earliestMinute: 900,
    latestMinute: 910,
    parts: [part('b')],
    begun: { caregiverIds: ['a'], startMinutes: [500] },
  });
  const found = plan([begun, visit('v', { parts: [part('a')] })]);
  expect([startOf(found, 'begun'), whoOf(found, 'begun')]).toEqual([[500], ['a']]);
  expect(startOf(found, 'v')).toEqual([560]);
});

it('one elder’s visits never overlap, though two caregivers come', () => {
  const hours = { groupId: 'elder', earliestMinute: 540, latestMinute: 700 };
  const found = plan([visit('x', hours), visit('y', hours), visit('z', { ...hours, parts: [part('a')] })]);
  const starts = ['x', 'y', 'z'].flatMap((id) => startOf(found, id) ?? []).sort((one, other) => one - other);
  expect(starts).toHaveLength(3);
  expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(60);
  expect((starts[2] ?? 0) - (starts[1] ?? 0)).toBeGreaterThanOrEqual(60);
});

it('the usual caregiver comes, unless the way is too long', () => {
  const strange = [{ caregiverId: 'a', strangeness: 1 }, { caregiverId: 'b' }];
  expect(whoOf(plan([visit('v', { parts: [part('', { candidates: strange })] })]), 'v')).toEqual(['b']);
});

it('work is shared, and overtime avoided', () => {
  const hours = { earliestMinute: 500, latestMinute: 900 };
  const four = ['v', 'w', 'x', 'y'].map((id) => visit(id, hours));
  const limits = { normalDayMinutes: 140 };
  const found = plan(four, [caregiver('a', limits), caregiver('b', limits)]);
  expect(found.costs.overtimeMinutes).toBe(0);
  expect(found.routes.map(({ stops }) => stops.length)).toEqual([2, 2]);
});

it('a week is a plan of shifts on seven days', () => {
  const shifts = Array.from({ length: 7 }, (_, day) =>
    shift({ day, startMinute: day * 1440 + 480, endMinute: day * 1440 + 1020 }),
  );
  const visits = Array.from({ length: 14 }, (_, i) =>
    visit(`v${i}`, {
      earliestMinute: (i >> 1) * 1440 + 540,
      latestMinute: (i >> 1) * 1440 + 700,
      parts: [part('a')],
    }),
  );
  const found = plan(visits, [caregiver('a', { shifts, longestDayMinutes: 140 })]);
  expect(found.leftOut).toEqual([]);
  expect(found.routes.map(({ shift: index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(found.costs.latenessMinutes).toBe(0);
});

describe('a faulty problem is refused with the field', () => {
  const good: PlanningProblem = {
    placeCount,
    travel: [{ mode: 'WALK', minutes }],
    caregivers: [caregiver('a'), caregiver('b')],
    visits: [visit('v'), visit('w', { parts: [part('a'), part('b')], synchronization: together })],
  };
  const with_ = (change: (problem: PlanningProblem) => void): PlanningProblem => {
    const copy = structuredClone(good);
    change(copy);
    return copy;
  };
  const [v, w, a] = ['visits[0]', 'visits[1]', 'caregivers[0]'];

  it.each<[string, (problem: PlanningProblem) => void]>([
    ['travel[0].minutes', (p) => Object.assign(p.travel[0] ?? {}, { minutes: [1] })],
    ['travel[0].minutes[7]', (p) => Object.assign(p.travel[0]?.minutes ?? [], { 7: -1 })],
    ['travel[0].minutes[3]', (p) => Object.assign(p.travel[0]?.minutes ?? [], { 3: Number.NaN })],
    [`${a}.travel`, (p) => Object.assign(p.caregivers[0] ?? {}, { travel: 1 })],
    [`${a}.shifts[0].endMinute`, (p) => Object.assign(p.caregivers[0]?.shifts[0] ?? {}, { endMinute: 1 })],
    [`${a}.shifts[0].startPlace`, (p) => Object.assign(p.caregivers[0]?.shifts[0] ?? {}, { startPlace: 10 })],
    [`${a}.shifts[1]`, (p) => Object.assign(p.caregivers[0] ?? {}, { shifts: [shift(), shift()] })],
    [
      `${a}.shifts[0].breaks[0]`,
      (p) =>
        Object.assign(p.caregivers[0]?.shifts[0] ?? {}, {
          breaks: [{ minutes: 30, fromMinute: 700, toMinute: 720 }],
        }),
    ],
    ['caregivers[1].id', (p) => Object.assign(p.caregivers[1] ?? {}, { id: 'a' })],
    ['visits[1].id', (p) => Object.assign(p.visits[1] ?? {}, { id: 'v' })],
    [`${v}.place`, (p) => Object.assign(p.visits[0] ?? {}, { place: -1 })],
    [`${v}.latestMinute`, (p) => Object.assign(p.visits[0] ?? {}, { latestMinute: 1 })],
    [`${v}.latestHardMinute`, (p) => Object.assign(p.visits[0] ?? {}, { latestHardMinute: 599 })],
    [`${v}.closed[0]`, (p) => Object.assign(p.visits[0] ?? {}, { closed: [{ fromMinute: 9, toMinute: 8 }] })],
    [`${v}.parts`, (p) => Object.assign(p.visits[0] ?? {}, { parts: [] })],
    [
      `${v}.parts[0].durationMinutes`,
      (p) => Object.assign(p.visits[0]?.parts[0] ?? {}, { durationMinutes: -1 }),
    ],
    [
      `${v}.parts[0].candidates[0].caregiverId`,
      (p) => Object.assign(p.visits[0]?.parts[0] ?? {}, { candidates: [{ caregiverId: 'x' }] }),
    ],
    [`${v}.synchronization`, (p) => Object.assign(p.visits[0] ?? {}, { synchronization: together })],
    [`${w}.synchronization`, (p) => Object.assign(p.visits[1] ?? {}, { synchronization: null })],
    [
      `${w}.synchronization.maxMinutes`,
      (p) =>
        Object.assign(p.visits[1] ?? {}, {
          synchronization: { kind: 'SEQUENTIAL', minMinutes: 5, maxMinutes: 4 },
        }),
    ],
    [
      `${w}.begun.caregiverIds`,
      (p) => Object.assign(p.visits[1] ?? {}, { begun: { caregiverIds: ['a', 'a'], startMinutes: [1, 1] } }),
    ],
    [
      `${v}.promised.caregiverIds`,
      (p) => Object.assign(p.visits[0] ?? {}, { promised: { startMinute: 560, caregiverIds: [] } }),
    ],
    ['weights.travel', (p) => Object.assign(p, { weights: { travel: -1 } })],
  ])('%s', (field, change) => {
    const problem = with_(change);
    const [fault] = faultsOf(problem);
    expect(fault?.field).toBe(field);
    expect(fault?.text.zh).toMatch(/\p{Script=Han}/u);
    expect(() => planVisits(problem, { seed: 1, iterations: 1 })).toThrow(field);
  });
});
