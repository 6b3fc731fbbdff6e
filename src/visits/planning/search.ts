import { Budget } from './budget.js';
import { emptySchedule, insertAll } from './construct.js';
import { Cooling } from './cooling.js';
import { compileModel, type Model } from './model.js';
import { neighboursOf } from './neighbours.js';
import type { LeftOutVisit, Plan, PlanningOptions, PlanningProgress } from './plan.js';
import type { PlanningProblem } from './problem.js';
import { Random } from './random.js';
import { reasonFor } from './reasons.js';
import { Rebuilding } from './rebuild.js';
import type { Schedule } from './schedule.js';
import { Snapshot } from './snapshot.js';
import { step } from './step.js';
import { planOf } from './to-plan.js';

/** Moves between two looks at the budget. */
const movesPerLook = 256;
/** Moves between two tellings, at the least. */
const movesPerTelling = 16_384;
/** One in so many moves takes several visits out and puts them back; more while a visit is left out. */
const rebuildEvery = 512;
const rebuildEveryWhileLeftOut = 256;
/** Less than this is no improvement, only the rounding of sums. */
const least = 1e-7;

/** One search: a plan to begin with, and simulated annealing from there, with the best plan kept aside. */
export class Search {
  readonly #model: Model;
  readonly #options: PlanningOptions;
  readonly #budget: Budget;
  readonly #schedule: Schedule;
  readonly #best: Snapshot;
  readonly #now: Snapshot;
  readonly #random: Random;
  readonly #reasons = new Map<number, LeftOutVisit>();
  #iterations = 0;
  #toldAt = 0;
  #toldCost = Number.POSITIVE_INFINITY;

  constructor(problem: PlanningProblem, options: PlanningOptions) {
    this.#model = compileModel(problem);
    this.#options = options;
    this.#budget = new Budget(options);
    this.#random = new Random(options.seed);
    this.#schedule = emptySchedule(this.#model);
    insertAll(this.#schedule);
    this.#best = new Snapshot(this.#schedule);
    this.#now = new Snapshot(this.#schedule);
    this.#best.save(this.#schedule);
  }

  run(): Plan {
    const movable = this.#movable();
    this.#tell();
    // With nothing to move there is nothing to search.
    if (movable.length > 0 && !this.#budget.isOver(0)) this.#anneal(movable);
    this.#best.restore(this.#schedule);
    const plan = this.#plan();
    if (this.#best.cost < this.#toldCost - least) this.#options.onImprovement?.(plan, this.#progress());
    return plan;
  }

  /** The nodes of all visits that somebody could carry out and that have not begun. */
  #movable(): Int32Array {
    const { nodes, nodeCount, servedBy } = this.#model;
    const all = Array.from({ length: nodeCount }, (_, n) => n);
    return Int32Array.from(all.filter((n) => nodes.frozen[n] === 0 && servedBy[n]!.length > 0));
  }

  #anneal(movable: Int32Array): void {
    const schedule = this.#schedule;
    const random = this.#random;
    const near = neighboursOf(this.#model);
    const rebuilding = new Rebuilding(schedule, near, random);
    const cooling = new Cooling(this.#model.meanWay * this.#model.weights.travel, movable.length);
    do {
      const { temperature, fromBest } = cooling.at(this.#budget.position(this.#iterations));
      if (fromBest) this.#best.restore(schedule);
      for (let i = 0; i < movesPerLook; i++) {
        const slack = -temperature * Math.log(1 - random.share());
        const changed = this.#isTimeToRebuild()
          ? rebuilding.step(slack)
          : step(schedule, near, random, movable, slack);
        this.#iterations++;
        if (changed && schedule.cost < this.#best.cost - least) this.#best.save(schedule);
      }
      if (this.#iterations - this.#toldAt >= movesPerTelling) this.#tell();
    } while (!this.#budget.isOver(this.#iterations));
  }

  #isTimeToRebuild(): boolean {
    const every = this.#schedule.leftOutCount > 0 ? rebuildEveryWhileLeftOut : rebuildEvery;
    return this.#iterations % every === every - 1;
  }

  #tell(): void {
    const { onImprovement, onProgress } = this.#options;
    this.#toldAt = this.#iterations;
    const progress = this.#progress();
    onProgress?.(progress);
    if (!onImprovement || this.#best.cost >= this.#toldCost - least) return;
    this.#toldCost = this.#best.cost;
    this.#now.save(this.#schedule);
    this.#best.restore(this.#schedule);
    onImprovement(this.#plan(), progress);
    this.#now.restore(this.#schedule);
  }

  #progress(): PlanningProgress {
    const { visitCount } = this.#model;
    return {
      iterations: this.#iterations,
      share: this.#budget.share(this.#iterations),
      cost: this.#best.cost,
      plannedVisits: visitCount - this.#best.leftOutCount,
      leftOutVisits: this.#best.leftOutCount,
    };
  }

  #plan(): Plan {
    const { visits } = this.#model.problem;
    const leftOut = [...visits.keys()].filter((v) => this.#schedule.shiftOf[2 * v]! < 0);
    return planOf(
      this.#schedule,
      leftOut.map((v) => this.#reasonOf(v)),
    );
  }

  /** Reasons rest on the problem alone: each is worked out once. */
  #reasonOf(v: number): LeftOutVisit {
    const { problem } = this.#model;
    const known = this.#reasons.get(v) ?? reasonFor(problem, problem.visits[v]!);
    this.#reasons.set(v, known);
    return known;
  }
}
