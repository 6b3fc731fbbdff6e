import { Worker } from 'node:worker_threads';
import type { PlanFailure } from '../../entities/visits/plan-run.entity.js';
import type { Plan } from '../visits/planning/plan.js';
import type {
  PlanEnd,
  PlanListener,
  PlanTask,
  PlanThreads,
  RunningSearch,
} from '../visits/plans/plan-threads.js';

/** What a thread tells. */
export type PlannerMessage =
  | { kind: 'booked'; plan: Plan }
  | { kind: 'better'; plan: Plan; iterations: number }
  | { kind: 'progress'; iterations: number }
  | { kind: 'done'; plan: Plan; iterations: number; isStopped: boolean };

/** The place of the flag that tells a thread to stop: it is busy, and hears no message before it is done. */
export const stopFlag = 0;

export interface PlannerThreadsOptions {
  /** Searches that run at the same time. */
  threadsMax: number;
  /** Searches that may wait for a thread. */
  waitingMax?: number;
  /** The memory of a thread, in MiB. */
  memoryMbMax?: number;
  /** How long a thread may go on after its time is over, in milliseconds, before it is ended. */
  graceMs?: number;
  /** What runs in a thread; for tests of threads that misbehave. */
  main?: URL;
}

/** Tests run this file from its source, beside which nothing is built. */
const threadMain = new URL(
  import.meta.url.endsWith('.ts')
    ? '../../dist/src/server/planner-thread-main.js'
    : './planner-thread-main.js',
  import.meta.url,
);

/**
 * A bounded number of threads that search for plans, one search each: what crashes, eats its memory or never ends takes
 * no other search with it, and nothing of the thread that answers requests.
 */
export class PlannerThreads implements PlanThreads {
  private readonly running = new Set<ThreadSearch>();
  private readonly waiting: ThreadSearch[] = [];
  private isClosed = false;

  constructor(private readonly options: PlannerThreadsOptions) {}

  get isFull(): boolean {
    return this.isClosed || this.waiting.length >= (this.options.waitingMax ?? 8);
  }

  search(task: PlanTask, listener: PlanListener): RunningSearch {
    const search = new ThreadSearch(task, listener, this.options);
    this.waiting.push(search);
    search.ended.then(() => {
      this.running.delete(search);
      this.next();
    });
    if (this.isClosed) search.stop();
    this.next();
    return search;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const all = [...this.waiting, ...this.running];
    for (const search of all) search.stop();
    await Promise.all(all.map(({ ended }) => ended));
  }

  private next(): void {
    while (this.running.size < this.options.threadsMax) {
      const search = this.waiting.shift();
      if (!search) return;
      if (search.isOver) continue;
      this.running.add(search);
      search.begin();
    }
  }
}

/** How long a thread that was told to stop may take, in milliseconds. */
const stopMsMax = 5000;

class ThreadSearch implements RunningSearch {
  readonly ended: Promise<PlanEnd>;
  isOver = false;
  private readonly flags = new Int32Array(new SharedArrayBuffer(4));
  private end!: (end: PlanEnd) => void;
  private worker: Worker | undefined;
  private watch: NodeJS.Timeout | undefined;

  constructor(
    private readonly task: PlanTask,
    private readonly listener: PlanListener,
    private readonly options: PlannerThreadsOptions,
  ) {
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  begin(): void {
    const { memoryMbMax = 1024, graceMs = 15_000, main = threadMain } = this.options;
    const worker = new Worker(main, {
      workerData: { task: this.task, flags: this.flags },
      resourceLimits: { maxOldGenerationSizeMb: memoryMbMax },
    });
    this.worker = worker;
    worker.on('message', (message: PlannerMessage) => {
      try {
        this.hear(message);
      } catch {
        // An answer that nobody can read ends this search, and not the server.
        this.fail('CRASHED');
      }
    });
    worker.on('error', (error: NodeJS.ErrnoException) =>
      this.fail(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'OUT_OF_MEMORY' : 'CRASHED'),
    );
    worker.on('exit', () => this.fail('CRASHED'));
    this.giveUpAfter(this.task.secondsMax * 1000 + graceMs);
  }

  /** One that waits for a thread is over at once. */
  stop(): void {
    if (this.isOver) return;
    if (!this.worker) this.settle({ state: 'STOPPED' });
    else if (Atomics.exchange(this.flags, stopFlag, 1) === 0) this.giveUpAfter(stopMsMax);
  }

  private hear(message: PlannerMessage): void {
    if (this.isOver) return;
    const { listener } = this;
    if (message.kind === 'booked') {
      listener.onBooked(message.plan);
      return;
    }
    listener.onProgress(message.iterations);
    if (message.kind !== 'progress') listener.onImprovement(message.plan);
    if (message.kind === 'done') this.settle({ state: message.isStopped ? 'STOPPED' : 'DONE' });
  }

  private giveUpAfter(milliseconds: number): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => this.fail('OUT_OF_TIME'), milliseconds);
  }

  private fail(failure: PlanFailure): void {
    this.settle({ state: 'FAILED', failure });
  }

  private settle(end: PlanEnd): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.watch);
    // It may be deep in a loop; what it would still say is not wanted.
    void this.worker?.terminate();
    this.end(end);
  }
}
