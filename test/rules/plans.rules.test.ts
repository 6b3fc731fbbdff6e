import { describe, expect, it } from 'vitest';
import { faultsOf as problemFaults } from '../../src/visits/planning/problem-faults.js';
import { defaultWeights } from '../../src/visits/planning/weights.js';
import type { FactCaregiver, FactVisit, PlanFacts } from '../../src/visits/plans/plan-facts.js';
import { fallbackSettings, weightsOf } from '../../src/visits/plans/planning-settings.rules.js';
import { bookedProblem, problemOf } from '../../src/visits/plans/problem-of.rules.js';
import { rolesOf } from '../../src/visits/plans/visit-roles.rules.js';
import { strangenessOf, whoMayBring } from '../../src/visits/plans/who-may.rules.js';
import { at, caregiver, day, facts, visit, ways, weights, yesterday } from '../support/plan-facts.js';

describe('settings', () => {
  it('fall back to the weights of the planner', () => {
    expect(weights).toEqual(defaultWeights);
  });

  it('let changes count twenty times as much where few are wanted', () => {
    const few = weightsOf(fallbackSettings, true);
    expect(few).toEqual({ ...defaultWeights, movedMinute: 20, changedCaregiver: 300 });
    expect(weightsOf({ ...fallbackSettings, MOVED_MINUTE: 0 }, true).movedMinute).toBe(20);
  });
});

describe('whoever may bring a visit', () => {
  const bathing = visit(1, 600, [], { service: { ...visit(1, 600, []).service, skill: 'BATHING' } });
  const elder = { id: 1, position: null, doorSetAt: null, gender: 'MALE' as const };

  it('has the skill with a certificate that counts on the day, not from its last day on', () => {
    const ends = (expiresOn: string | null) => caregiver(1, { skills: [{ skill: 'BATHING', expiresOn }] });
    const may = (who: FactCaregiver) => whoMayBring(bathing, elder, [who], null);
    expect(may(ends(null)).caregivers).toHaveLength(1);
    expect(may(ends('2026-03-12')).caregivers).toHaveLength(1);
    expect(may(ends('2026-03-11'))).toMatchObject({ caregivers: [], nobodyBecause: 'CERTIFICATE_EXPIRED' });
    expect(may(caregiver(1))).toMatchObject({ caregivers: [], nobodyBecause: 'NO_SKILL' });
  });

  it('is of the elder’s gender where the service asks for it, which nobody is when it is not known', () => {
    const same = visit(1, 600, [], { service: { ...visit(1, 600, []).service, genderRule: 'SAME' } });
    const man = caregiver(2, { gender: 'MALE' });
    expect(whoMayBring(same, elder, [caregiver(1), man], null).caregivers).toEqual([man]);
    expect(whoMayBring(same, undefined, [caregiver(1), man], null).nobodyBecause).toBe('GENDER_RULE');
  });

  it('is whom the family asked for, if that caregiver works then', () => {
    const named = visit(1, 600, [], { wishedCaregiverId: 2 });
    const off = caregiver(2, { roster: { ...caregiver(2).roster, hours: [] } });
    expect(
      whoMayBring(named, elder, [caregiver(1), caregiver(2)], [2]).caregivers.map(({ id }) => id),
    ).toEqual([2]);
    expect(whoMayBring(named, elder, [caregiver(1), off], [2])).toMatchObject({
      caregivers: [],
      nobodyBecause: 'NAMED_CAREGIVER_ABSENT',
    });
  });

  it('is the less strange the more often it was there', () => {
    const times = new Map([
      [1, 4],
      [2, 1],
    ]);
    expect([1, 2, 3].map((id) => strangenessOf(times, id))).toEqual([0, 0.75, 1]);
    expect(strangenessOf(undefined, 1)).toBe(1);
  });
});

describe('what a plan may change', () => {
  const roles = (visits: FactVisit[], now: Date, caregivers?: FactCaregiver[]) => {
    const { open, fixed } = rolesOf(facts({ visits, ...(caregivers ? { caregivers } : {}) }), now);
    return { open: open.map((each) => each.visit.id), fixed: fixed.map(({ id }) => id) };
  };

  it('has not begun, and does not begin within minutes', () => {
    const visits = [
      visit(1, 600, [1], { status: 'COMPLETED' }),
      visit(2, 660, [1], { status: 'IN_PROGRESS' }),
      visit(3, 700, [1], { status: 'NO_SHOW' }),
      visit(4, 729, [1]),
      visit(5, 730, [1]),
      visit(6, 705, []),
    ];
    expect(roles(visits, at(700))).toEqual({ open: [5, 6], fixed: [1, 2, 3, 4] });
  });

  it('begins within minutes only when somebody is away', () => {
    const ill = caregiver(1);
    ill.roster.hours = [];
    expect(roles([visit(1, 705, [1]), visit(2, 705, [2])], at(700), [ill, caregiver(2)])).toEqual({
      open: [1],
      fixed: [2],
    });
  });

  it('is of the stations, and brought by nobody but their caregivers', () => {
    const visits = [visit(1, 600, [], { stationId: 9 }), visit(2, 600, [9]), visit(3, 600, [])];
    expect(roles(visits, yesterday)).toEqual({ open: [3], fixed: [1, 2] });
  });
});

describe('the problem', () => {
  const asked = (visits: FactVisit[], now = yesterday, more: Partial<PlanFacts> = {}) =>
    problemOf({ facts: facts({ visits, ...more }), ways, weights, now });

  it('is in whole minutes since midnight, ways rounded up', () => {
    const { problem } = problemOf({
      facts: facts({ visits: [visit(1, 600, [1])] }),
      ways: () => 601,
      weights,
      now: yesterday,
    });
    expect(problem.travel[0]?.minutes).toEqual([0, 11, 11, 0]);
    expect(problem.caregivers[0]?.shifts).toMatchObject([{ day: 0, startMinute: 480, endMinute: 1020 }]);
    expect(problem.visits[0]).toMatchObject({
      earliestMinute: 600,
      latestMinute: 600,
      latestHardMinute: 600,
      promised: { startMinute: 600, caregiverIds: ['C1'] },
      importance: 3,
    });
  });

  it('counts the agreed minutes from the promise, and the change from what was told last', () => {
    const moved = visit(1, 640, [1], { promisedAt: at(600), flexMinutes: 60 });
    expect(asked([moved]).problem.visits[0]).toMatchObject({
      earliestMinute: 540,
      latestHardMinute: 660,
      promised: { startMinute: 640 },
    });
  });

  it('has no faults, whatever the hour at which a day is planned', () => {
    const visits = [
      visit(1, 500, [1]),
      visit(2, 600, []),
      visit(3, 700, [2], { flexMinutes: 30 }),
      visit(4, 990, []),
    ];
    for (let minute = -30; minute < 1440; minute += 7) {
      const { problem } = asked(visits, new Date(at(minute).getTime() + 31_000));
      expect(problemFaults(problem)).toEqual([]);
    }
  });

  it('plans nothing into the next minutes, and what is overdue as soon as can be', () => {
    const late = asked([visit(1, 700, [])], at(720)).problem.visits[0];
    expect(late).toMatchObject({ earliestMinute: 750, latestMinute: 750, latestHardMinute: 870 });
  });

  it('moves nothing over midnight, for hours and prices are those of a day', () => {
    const week = { days: [day, '2026-03-12'], span: { startsAt: at(0), endsAt: at(2880) } };
    const windows = (visits: FactVisit[], now: Date) =>
      problemOf({ facts: facts({ ...week, visits }), now, ways, weights }).problem.visits;
    const [evening, morning] = windows(
      [visit(1, 1380, [], { flexMinutes: 720 }), visit(2, 1500, [], { flexMinutes: 720 })],
      yesterday,
    );
    expect(evening).toMatchObject({ earliestMinute: 660, latestMinute: 1439, latestHardMinute: 1439 });
    expect(morning).toMatchObject({ earliestMinute: 1440, latestMinute: 2220 });
    // Overdue shortly before midnight: until then, and not at all where nothing of the day is left.
    const [late] = windows([visit(1, 1380, [])], at(1400));
    expect(late).toMatchObject({ earliestMinute: 1430, latestHardMinute: 1439, closed: [] });
    const [lost] = windows([visit(1, 1380, [])], at(1420));
    expect(lost).toMatchObject({ closed: [{ fromMinute: 1440, toMinute: 1510 }] });
  });

  it('leaves a second caregiver out of the time before the gap, and joins those who come together', () => {
    const pair = (secondAfterMin: number, secondAfterMax: number) =>
      asked([
        visit(1, 600, [], {
          service: { ...visit(1, 0, []).service, caregivers: 2, secondAfterMin, secondAfterMax },
        }),
      ]).problem.visits[0];
    expect(pair(0, 0)?.synchronization).toEqual({ kind: 'SIMULTANEOUS' });
    expect(pair(10, 30)?.synchronization).toEqual({ kind: 'SEQUENTIAL', minMinutes: 10, maxMinutes: 30 });
    expect(pair(10, 30)?.parts.map(({ durationMinutes }) => durationMinutes)).toEqual([60, 50]);
    // Nobody comes when the visit is over.
    expect(pair(90, 120)?.synchronization).toEqual({ kind: 'SEQUENTIAL', minMinutes: 59, maxMinutes: 59 });
  });

  it('keeps what has begun in its caregiver’s day, and the elder’s time closed', () => {
    const visits = [visit(1, 700, [1], { status: 'IN_PROGRESS' }), visit(2, 800, [2], { elderId: 1 })];
    const { problem } = asked(visits, at(720));
    const [open, fixed] = problem.visits;
    expect(open?.closed).toEqual([{ fromMinute: 700, toMinute: 760 }]);
    expect(fixed).toMatchObject({ begun: { caregiverIds: ['C1'], startMinutes: [700] } });
    // Who has nothing to do so far sets out now, and who has was out before.
    expect(problem.caregivers.map(({ shifts }) => shifts[0]?.startMinute)).toEqual([480, 720]);
  });

  it('closes days in an institution', () => {
    const stays = new Set([`1 ${day}`]);
    expect(asked([visit(1, 600, [])], yesterday, { stays }).problem.visits[0]?.closed).toEqual([
      { fromMinute: 0, toMinute: 1440 },
    ]);
  });

  it('as it is booked has everything assigned begun, and the rest without candidates', () => {
    const given = facts({ visits: [visit(1, 600, [1]), visit(2, 700, [])] });
    const problem = problemOf({ facts: given, ways, weights, now: yesterday });
    const [one, two] = bookedProblem(problem, given).visits;
    expect(one?.begun).toEqual({ caregiverIds: ['C1'], startMinutes: [600] });
    expect(two?.begun).toBe(null);
    expect(two?.parts[0]?.candidates).toEqual([]);
  });
});
