import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SwipeRequest } from '../meals/record-swipes.js';
import type { SwipeLimits } from '../meals/swipe.rules.js';
import type { TakesSwipes } from '../meals/swipe-intake.js';
import type { SwipeAnswer } from '../meals/swipe-receipt.js';
import type { Clock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import { type LoggableError, RemoteError } from './loggable-error.js';
import type { Metrics } from './metrics.js';
import type { BatchLimits } from './services.js';

/** What the thread is started with. */
export interface IntakeThreadSettings {
  databaseUrl: string;
  /** How long a batch waits for a silent database, in seconds. */
  answerSecondsMax: number;
  limits: SwipeLimits;
  batches: BatchLimits;
}

/** Swipes that arrived in one turn of the event loop, or a part of them, on their way to the thread. */
export interface SwipesMessage {
  calls: { id: number; requests: readonly SwipeRequest[] }[];
  now: Date;
}

/** What was settled together, on its way back; errors travel as what a log may hold of them. */
export interface AnswersMessage {
  calls: ({ id: number; answers: SwipeAnswer[] } | { id: number; failure: LoggableError })[];
  /** How many swipes each transaction held. */
  batchSizes: number[];
}

export interface IntakeThreadServices {
  database: Database;
  clock: Clock;
  metrics: Pick<Metrics, 'batchRecorded' | 'swipesAnswered'>;
}

interface Caller {
  resolve(answers: SwipeAnswer[]): void;
  reject(error: Error): void;
}

/** Tests run this file from its source, beside which nothing is built. */
const threadMain = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/src/server/intake-thread-main.js' : './intake-thread-main.js',
  import.meta.url,
);

/**
 * So many calls are handed over without waiting for the end of the turn. A turn of the event loop may read all
 * requests that are under way, and the database would stand still until the last of them is read: then the thread
 * would rest while requests are read, and this one while the thread works.
 */
const callsTogetherMax = 32;

/** How much the thread may fill between two small collections: a batch is garbage as soon as it is answered. */
const youngGenerationMb = 192;

/**
 * The intake of swipes in a thread of its own, so that one core reads requests and writes answers while
 * another decides swipes and talks to the database. On SQLite, where the writers of a process take turns,
 * the thread borrows this one's.
 */
export class IntakeThread implements TakesSwipes {
  private readonly callers = new Map<number, Caller>();
  private unsent: SwipesMessage['calls'] = [];
  private nextId = 0;
  /** Calls that are not answered, those among them that wait for their turn to write. */
  private underWay = 0;
  private idle: (() => void)[] = [];

  private constructor(
    private readonly worker: Worker,
    private readonly services: IntakeThreadServices,
  ) {
    // Nobody listens for 'error': what is uncaught in the thread ends the process as it would in this one.
    worker.on('message', (message: AnswersMessage) => this.receive(message));
  }

  /** Resolves when the thread is ready to record. */
  static async start(settings: IntakeThreadSettings, services: IntakeThreadServices): Promise<IntakeThread> {
    const worker = new Worker(threadMain, {
      workerData: settings,
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    });
    await once(worker, 'message');
    return new IntakeThread(worker, services);
  }

  async record(request: SwipeRequest): Promise<SwipeAnswer> {
    const [answer] = await this.recordAll([request]);
    return answer as SwipeAnswer;
  }

  async recordAll(requests: readonly SwipeRequest[]): Promise<SwipeAnswer[]> {
    this.underWay += 1;
    try {
      return await this.services.database.lendTurn(() => this.handOver(requests));
    } finally {
      this.underWay -= 1;
      if (this.underWay === 0) for (const wake of this.idle.splice(0)) wake();
    }
  }

  settled(): Promise<void> {
    return this.underWay === 0 ? Promise.resolve() : new Promise((resolve) => this.idle.push(resolve));
  }

  /** Closes the thread's connections and ends it. */
  async close(): Promise<void> {
    await this.settled();
    const exit = once(this.worker, 'exit');
    this.worker.postMessage('close');
    await exit;
  }

  private handOver(requests: readonly SwipeRequest[]): Promise<SwipeAnswer[]> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      this.callers.set(id, { resolve, reject });
      if (this.unsent.length === 0) setImmediate(() => this.send());
      this.unsent.push({ id, requests });
      if (this.unsent.length >= callsTogetherMax) this.send();
    });
  }

  private send(): void {
    if (this.unsent.length === 0) return;
    const message: SwipesMessage = { calls: this.unsent, now: this.services.clock.now() };
    this.unsent = [];
    this.worker.postMessage(message);
  }

  private receive({ calls, batchSizes }: AnswersMessage): void {
    const { metrics } = this.services;
    for (const size of batchSizes) metrics.batchRecorded(size);
    for (const call of calls) {
      if ('answers' in call) metrics.swipesAnswered(call.answers);
      const caller = this.callers.get(call.id);
      this.callers.delete(call.id);
      if ('failure' in call) caller?.reject(new RemoteError(call.failure));
      else caller?.resolve(call.answers);
    }
  }
}
