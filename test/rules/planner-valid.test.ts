import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan, PlanningProgress } from '../../src/visits/planning/plan.js';
import { planVisits } from '../../src/visits/planning/plan-visits.js';
import { faultsOf } from '../../src/visits/planning/problem-faults.js';
import { defaultWeights } from '../../src/visits/planning/weights.js';
import { faultsOfPlan } from '../support/plan-checker.js';
import { costsOfPlan, weighedCosts } from '../support/plan-costs.js';
import { full, madeUpProblem } from '../support/plan-problems.js';

const anySeed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyWeights = fc.record({
  travel: fc.constantFrom(0, 1, 3),
  lateness: fc.constantFrom(0, 1, 2),
  worstLateness: fc.constantFrom(0, 1),
  movedMinute: fc.constantFrom(0, 0.5),
  unevenness: fc.constantFrom(0, 0.2, 5),
  overtime: fc.constantFrom(0, 1.5),
});

describe('whatever is asked and whenever it is stopped', () => {
  it('the plan keeps every hard bound, and its costs are those of its routes', () => {
    fc.assert(
      fc.property(anySeed, anyWeights, fc.integer({ min: 0, max: 12 }), (seed, weights, looks) => {
        const problem = { ...madeUpProblem(seed, full), weights };
        expect(faultsOf(problem)).toEqual([]);
        let left = looks;
        const plan = planVisits(problem, { seed, until: () => left-- <= 0 });
        expect(faultsOfPlan(problem, plan)).toEqual([]);
        const costs = costsOfPlan(problem, plan);
        for (const name of Object.keys(costs) as (keyof typeof costs)[]) {
          expect(plan.costs[name], name).toBeCloseTo(costs[name], 6);
        }
        expect(plan.cost).toBeCloseTo(weighedCosts(costs, { ...defaultWeights, ...weights }), 5);
      }),
      { numRuns: 150 },
    );
  });

  it('every plan that it tells of on the way is valid too, and better than the one before', () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const problem = madeUpProblem(seed, full);
        const plans: Plan[] = [];
        const last = planVisits(problem, {
          seed,
          iterations: 60_000,
          onImprovement: (plan, progress) => {
            plans.push(structuredClone(plan));
            expect(progress.cost).toBeCloseTo(plan.cost, 5);
            expect(progress.plannedVisits).toBe(plan.visits.length);
            expect(progress.leftOutVisits).toBe(plan.leftOut.length);
          },
        });
        expect(plans.flatMap((plan) => faultsOfPlan(problem, plan))).toEqual([]);
        for (const [i, plan] of plans.slice(1).entries()) expect(plan.cost).toBeLessThan(plans[i]?.cost ?? 0);
        expect(plans.at(-1)).toEqual(last);
      }),
      { numRuns: 12 },
    );
  });
});

describe('the checker sees', () => {
  const problem = madeUpProblem(7, { ...full, begun: 0, promised: 0 });
  const plan = planVisits(problem, { seed: 1, iterations: 5000 });
  const changed = (change: (plan: Plan) => void): string[] => {
    const copy = structuredClone(plan);
    change(copy);
    return faultsOfPlan(problem, copy);
  };

  it('nothing in a good plan', () => {
    expect(plan.visits.length).toBeGreaterThan(10);
    expect(faultsOfPlan(problem, plan)).toEqual([]);
  });

  it.each<[string, (plan: Plan) => void]>([
    ['a visit that is missing', (copy) => Object.assign(copy, { visits: copy.visits.slice(1) })],
    ['a route that is missing', (copy) => Object.assign(copy, { routes: copy.routes.slice(1) })],
    ['a caregiver in two places', (copy) => moveStops(copy, -15)],
    ['a visit that starts another time than its route says', (copy) => moveVisit(copy, 1)],
  ])('%s', (_name, change) => {
    expect(changed(change)).not.toEqual([]);
  });

  it('a caregiver who may not, and a visit that is too late', () => {
    const id = plan.visits[0]?.visitId;
    const asked = (change: object) => ({
      ...problem,
      visits: problem.visits.map((visit) => (visit.id === id ? { ...visit, ...change } : visit)),
    });
    const parts = problem.visits.find((visit) => visit.id === id)?.parts ?? [];
    const closedTo = { parts: parts.map((part) => ({ ...part, candidates: [] })) };
    expect(faultsOfPlan(asked(closedTo), plan).join()).toContain('may not');
    expect(faultsOfPlan(asked({ latestHardMinute: -1 }), plan).join()).toContain('too late');
  });

  function moveVisit(copy: Plan, minutes: number): void {
    const [part] = copy.visits[0]?.parts ?? [];
    if (part)
      Object.assign(part, { startMinute: part.startMinute + minutes, endMinute: part.endMinute + minutes });
  }

  /** Everything but the first stop of each route comes earlier, in the routes and in the visits. */
  function moveStops(copy: Plan, minutes: number): void {
    for (const { stops } of copy.routes) {
      for (const stop of stops.slice(1)) {
        if (stop.kind === 'BREAK') continue;
        const part = copy.visits.find(({ visitId }) => visitId === stop.visitId)?.parts[stop.part];
        const moved = { startMinute: stop.startMinute + minutes, endMinute: stop.endMinute + minutes };
        Object.assign(stop, moved);
        if (part) Object.assign(part, moved, { arrivalMinute: part.arrivalMinute + minutes });
      }
    }
  }
});

describe('a search', () => {
  const problem = madeUpProblem(3, { ...full, visits: 30 });

  it('gives the same plan for the same seed and iterations, whoever listens', () => {
    const one = planVisits(problem, { seed: 5, iterations: 40_000 });
    const told: number[] = [];
    const listening = { onImprovement: (plan: Plan) => told.push(plan.cost), onProgress: () => told.push(0) };
    const other = planVisits(structuredClone(problem), { seed: 5, iterations: 40_000, ...listening });
    expect(other).toEqual(one);
    expect(told.length).toBeGreaterThan(1);
  });

  it('of other seeds takes other ways', () => {
    const plans = [1, 2, 3, 4].map((seed) => planVisits(problem, { seed, iterations: 3000 }));
    expect(new Set(plans.map(({ cost }) => cost)).size).toBeGreaterThan(1);
  });

  it('never gets worse with more iterations of the same beginning, as far as it tells', () => {
    const short = planVisits(problem, { seed: 2, iterations: 0 });
    const long = planVisits(problem, { seed: 2, iterations: 100_000 });
    expect(long.cost).toBeLessThan(short.cost);
  });

  it('ends by its iterations, its share of time or its signal, and refuses to run without an end', () => {
    const tellsOf = (options: Parameters<typeof planVisits>[1]) => {
      let iterations = 0;
      const onProgress = (progress: PlanningProgress) => {
        iterations = progress.iterations;
      };
      planVisits(problem, { ...options, onProgress });
      return iterations;
    };
    const calls = (most: number) => {
      let count = 0;
      return () => count++ / most;
    };
    expect(tellsOf({ seed: 1, iterations: 50_000 })).toBeGreaterThan(30_000);
    expect(tellsOf({ seed: 1, share: calls(1000) })).toBeGreaterThan(50_000);
    expect(tellsOf({ seed: 1, until: () => true })).toBe(0);
    expect(() => planVisits(problem, { seed: 1 })).toThrow('never end');
  });

  it('without visits, or without caregivers, ends at once', () => {
    const options = { seed: 1, iterations: 10 };
    expect(planVisits({ ...problem, visits: [] }, options)).toMatchObject({
      visits: [],
      routes: [],
      leftOut: [],
    });
    const visits = problem.visits
      .filter(({ begun }) => !begun)
      .map((visit) => ({
        ...visit,
        promised: null,
        parts: visit.parts.map((part) => ({ ...part, candidates: [] })),
      }));
    const alone = planVisits({ ...problem, caregivers: [], visits }, options);
    expect(alone.leftOut.map(({ code }) => code)).toEqual(visits.map(() => 'NO_SKILL'));
  });
});
