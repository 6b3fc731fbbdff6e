import type { Plan, PlanningOptions } from './plan.js';
import type { PlanningProblem } from './problem.js';
import { faultsOf } from './problem-faults.js';
import { Search } from './search.js';

/**
 * Plans the visits: the best plan found when the budget is used or `until` says so. It asks no clock, no database and
 * no chance but its seed, so it can run in a worker thread; the problem must have no faults (problem-faults.ts). The
 * plan keeps every hard bound, however early the search is stopped.
 */
export function planVisits(problem: PlanningProblem, options: PlanningOptions): Plan {
  const [fault] = faultsOf(problem);
  if (fault) throw new Error(`The planning problem is faulty: ${fault.field} ${fault.text.en}`);
  return new Search(problem, options).run();
}
