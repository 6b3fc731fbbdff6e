import { describe, expect, it } from 'vitest';
import { planVisits } from '../../src/visits/planning/plan-visits.js';
import type { PlanningProblem } from '../../src/visits/planning/problem.js';
import { defaultWeights } from '../../src/visits/planning/weights.js';
import { faultsOfPlan } from '../support/plan-checker.js';
import { bestCost } from '../support/plan-oracle.js';
import { madeUpProblem, type ProblemSize, tiny } from '../support/plan-problems.js';

/** The oracle tries all routes part by part and cannot prune by unevenness, which can fall as well as rise. */
const weights = { ...defaultWeights, unevenness: 0 };

function differs(seed: number, size: ProblemSize): string[] {
  const problem: PlanningProblem = { ...madeUpProblem(seed, size), weights };
  const plan = planVisits(problem, { seed, iterations: 30_000 });
  const best = bestCost(problem, weights);
  const faults = faultsOfPlan(problem, plan);
  const same = Math.abs(plan.cost - best) < 1e-6;
  return same ? faults : [...faults, `seed ${seed}: ${plan.cost}, the best is ${best}`];
}

const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed);

describe('of tiny problems the search finds the very best plan', () => {
  it.each<[string, number, Partial<ProblemSize>]>([
    ['four visits, all that a problem can ask for', 120, {}],
    ['two-person visits alone', 60, { two: 1, visits: 3, caregivers: 3, breaks: 0, grouped: 0 }],
    [
      'two-person visits without any end, which can only be late',
      40,
      { two: 0.6, ends: 0, hard: 0, breaks: 0 },
    ],
    ['shifts that end, with a break each', 60, { two: 0, ends: 1, breaks: 1 }],
    ['one elder’s visits, which never overlap', 40, { two: 0.2, grouped: 1, breaks: 0 }],
    ['five visits', 40, { visits: 5, two: 0.2, breaks: 0.2 }],
    ['six visits of one caregiver each', 20, { visits: 6, two: 0, breaks: 0, split: 0 }],
  ])('%s', (_name, count, size) => {
    expect(seeds(count).flatMap((seed) => differs(seed, { ...tiny, ...size }))).toEqual([]);
  });
});

it('two sequential visits are interleaved where each caregiver begins one and ends the other', () => {
  const part = (caregiverId: string) => ({
    service: 's',
    durationMinutes: 10,
    candidates: [{ caregiverId }],
  });
  const visit = (id: string, place: number, first: string, second: string) => ({
    id,
    groupId: null,
    place,
    earliestMinute: 0,
    latestMinute: 40,
    latestHardMinute: 40,
    parts: [part(first), part(second)],
    synchronization: { kind: 'SEQUENTIAL', minMinutes: 30, maxMinutes: 40 } as const,
    promised: null,
    begun: null,
  });
  const shift = { day: 0, startMinute: 0, endMinute: null, startPlace: null, endPlace: null, breaks: [] };
  const caregivers = ['c', 'd'].map((id) => ({
    id,
    travel: 0,
    shifts: [shift],
    longestDayMinutes: null,
    normalDayMinutes: null,
  }));
  // Whichever visit came first as a whole, the other one would begin after minute 40.
  const problem: PlanningProblem = {
    placeCount: 2,
    travel: [{ mode: 'WALK', minutes: [0, 20, 20, 0] }],
    caregivers,
    visits: [visit('v', 0, 'c', 'd'), visit('w', 1, 'd', 'c')],
  };
  const plan = planVisits(problem, { seed: 1, iterations: 20_000 });
  expect(plan.leftOut).toEqual([]);
  expect(plan.visits.map(({ parts }) => parts.map(({ startMinute }) => startMinute))).toEqual([
    [0, 30],
    [0, 30],
  ]);
});
