import type { EntityManager } from 'typeorm';
import type { Clock } from '../../shared/clock.js';
import type { Database } from '../../shared/database.js';
import { announce } from '../../shared/live/announce.js';
import type { Plan } from '../planning/plan.js';
import { type FoundPlan, foundPlanOf } from './found-plan.rules.js';
import { newsOfPlan } from './plan-news.js';
import type { PlanThreads, RunningSearch } from './plan-threads.js';
import { type AskedPlan, type AskedProblem, bookedProblem } from './problem-of.rules.js';
import { type CostOfPlan, endRun, keepProgress } from './store-plan.js';

/** How often the tables are told how far a search came, in milliseconds. */
const keepMs = 1000;

/** After how long a search of which nothing is heard is taken for dead, in milliseconds. */
export const silentMsMax = 60_000;

export interface PlanRunnerOptions {
  database: Database;
  threads: PlanThreads;
  /** The machine's own: searches are heard of by it, whatever the clock of the business shows. */
  clock: Clock;
  onEnd?: (state: string) => void;
}

export interface RunToStart {
  planId: number;
  asked: AskedPlan;
  problem: AskedProblem;
  seed: number;
  secondsMax: number;
  iterationsMax: number | null;
}

interface Run {
  planId: number;
  search: RunningSearch;
  iterations: number;
  booked: CostOfPlan | undefined;
  /** The best plan so far while it is not written down. */
  unkept: FoundPlan | undefined;
  keeping: Promise<void>;
}

/** Searches for plans: hands them to threads, and writes down the best so far now and then, so that any server tells it. */
export class PlanRunner {
  private readonly runs = new Map<number, Run>();
  private readonly over = new Map<number, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;

  /** Told of what could not be written down; the server sets it to its log. */
  onFailure: (error: unknown) => void = () => undefined;

  constructor(private readonly options: PlanRunnerOptions) {}

  get isFull(): boolean {
    return this.options.threads.isFull;
  }

  /** Begins a search that is written down. */
  start({ planId, asked, problem, ...budget }: RunToStart): void {
    const booked = bookedProblem(problem, asked.facts);
    const found = (plan: Plan) => foundPlanOf(plan, asked, problem);
    const search = this.options.threads.search(
      { problem: problem.problem, booked, ...budget },
      {
        onBooked: ({ cost, costs }) => {
          run.booked = { cost, costs };
        },
        onImprovement: (plan) => {
          run.unkept = found(plan);
        },
        onProgress: (iterations) => {
          run.iterations = iterations;
        },
      },
    );
    const run: Run = {
      planId,
      search,
      iterations: 0,
      booked: undefined,
      unkept: undefined,
      keeping: Promise.resolve(),
    };
    this.runs.set(planId, run);
    this.timer ??= setInterval(() => this.keepAll(), keepMs).unref();
    this.over.set(planId, this.finish(run));
  }

  /** Ends a search of this server, and waits until that is written down; one of another server hears of it by itself. */
  async stop(planId: number): Promise<void> {
    this.runs.get(planId)?.search.stop();
    await this.over.get(planId);
  }

  /** Resolves when a search of this server is over and written down. */
  async ended(planId: number): Promise<void> {
    await this.over.get(planId);
  }

  /** Stops every search and writes down what it found. */
  async close(): Promise<void> {
    await this.options.threads.close();
    await Promise.all(this.over.values());
    clearInterval(this.timer);
  }

  private keepAll(): void {
    for (const run of this.runs.values()) {
      run.keeping = run.keeping.then(() => this.keep(run)).catch((error: unknown) => this.onFailure(error));
    }
  }

  private async keep(run: Run): Promise<void> {
    const { unkept } = run;
    const goesOn = await this.options.database.write((manager) => this.write(manager, run, unkept));
    if (run.booked && run.unkept === unkept) run.unkept = undefined;
    if (!goesOn) run.search.stop();
  }

  /** False when the search shall end: somebody said so, here or at another server. */
  private async write(manager: EntityManager, run: Run, found: FoundPlan | undefined): Promise<boolean> {
    const { planId, iterations, booked } = run;
    const heardAt = this.options.clock.now();
    if (!(await keepProgress(manager, { planId, iterations, found, booked, heardAt }))) return false;
    announce(manager, newsOfPlan(planId), { planId });
    const rows: { stopAskedAt: number | string | null }[] = await manager.query(
      'SELECT stopAskedAt FROM plan_run WHERE id = ?',
      [planId],
    );
    return rows[0]?.stopAskedAt == null;
  }

  private async finish(run: Run): Promise<void> {
    const end = await run.search.ended;
    this.runs.delete(run.planId);
    await run.keeping;
    const { database, clock, onEnd } = this.options;
    onEnd?.(end.state);
    try {
      await database.write(async (manager) => {
        await this.write(manager, run, run.unkept);
        const failure = end.state === 'FAILED' ? end.failure : null;
        await endRun(manager, run.planId, end.state, { at: clock.now(), failure });
        announce(manager, newsOfPlan(run.planId), { planId: run.planId });
      });
    } catch (error) {
      // The search is silent from now on, and taken for dead after a while.
      this.onFailure(error);
    }
    this.over.delete(run.planId);
    if (this.runs.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }
}
