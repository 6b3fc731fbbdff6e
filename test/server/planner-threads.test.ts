import { afterEach, describe, expect, it } from 'vitest';
import { PlannerThreads, type PlannerThreadsOptions } from '../../src/server/planner-threads.js';
import type { PlanningProblem } from '../../src/visits/planning/problem.js';
import type { PlanTask } from '../../src/visits/plans/plan-threads.js';

/** A thread that does as the text says, beginning with what it was handed. */
const acting = (text: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(
      `import { parentPort, workerData } from 'node:worker_threads';
       const { task, flags } = workerData;
       const plan = { cost: 1, costs: {}, visits: [], routes: [], leftOut: [] };
       const say = (message) => parentPort.postMessage(message);
       ${text}`,
    )}`,
  );

const untilStopped = `while (Atomics.load(flags, 0) === 0) Atomics.wait(flags, 0, 0, 20);
  say({ kind: 'done', plan, iterations: 7, isStopped: true });`;

const opened: PlannerThreads[] = [];
afterEach(async () => {
  for (const threads of opened.splice(0)) await threads.close();
});

function threadsOf(options: Partial<PlannerThreadsOptions>): PlannerThreads {
  const threads = new PlannerThreads({ threadsMax: 1, ...options });
  opened.push(threads);
  return threads;
}

const empty: PlanningProblem = { placeCount: 1, travel: [], caregivers: [], visits: [] };
const task = (secondsMax = 60): PlanTask => ({
  problem: empty,
  booked: empty,
  seed: 1,
  secondsMax,
  iterationsMax: null,
});

function heard() {
  const said: string[] = [];
  const listener = {
    onBooked: () => said.push('booked'),
    onImprovement: () => said.push('better'),
    onProgress: (iterations: number) => said.push(`progress ${iterations}`),
  };
  return { said, listener };
}

describe('a thread that searches', () => {
  it('tells how it goes, and is done', async () => {
    const main = acting(`say({ kind: 'booked', plan }); say({ kind: 'better', plan, iterations: 3 });
      say({ kind: 'progress', iterations: 5 }); say({ kind: 'done', plan, iterations: 9, isStopped: false });`);
    const { said, listener } = heard();
    expect(await threadsOf({ main }).search(task(), listener).ended).toEqual({ state: 'DONE' });
    expect(said).toEqual(['booked', 'progress 3', 'better', 'progress 5', 'progress 9', 'better']);
  });

  it('is stopped though it hears no message', async () => {
    const { listener } = heard();
    const search = threadsOf({ main: acting(untilStopped) }).search(task(), listener);
    setTimeout(() => search.stop(), 50);
    expect(await search.ended).toEqual({ state: 'STOPPED' });
  });

  it('whose answer cannot be read has failed, and the server goes on', async () => {
    const main = acting(`say({ kind: 'better', plan, iterations: 3 }); ${untilStopped}`);
    const listener = {
      ...heard().listener,
      onImprovement() {
        throw new Error('the planner names somebody whom nobody told it of');
      },
    };
    const end = await threadsOf({ main }).search(task(), listener).ended;
    expect(end).toEqual({ state: 'FAILED', failure: 'CRASHED' });
  });

  it.each([
    ['throws', "throw new Error('no')", 'CRASHED'],
    ['rejects', "await Promise.reject(new Error('no'))", 'CRASHED'],
    ['leaves in silence', 'process.exit(0)', 'CRASHED'],
    ['is no program', '}', 'CRASHED'],
    [
      'eats its memory',
      'const all = []; for (;;) all.push(new Array(10000).fill(Math.random()));',
      'OUT_OF_MEMORY',
    ],
    ['never ends', 'for (;;);', 'OUT_OF_TIME'],
  ])('that %s has failed, and takes nobody with it', async (_what, text, failure) => {
    const threads = threadsOf({ main: acting(text), memoryMbMax: 32, graceMs: 300 });
    // A busy machine may take long to begin a thread: only the one that never ends has little time.
    const given = task(failure === 'OUT_OF_TIME' ? 1 : 60);
    const end = threads.search(given, heard().listener).ended;
    expect(await end).toEqual({ state: 'FAILED', failure });
    // The next one has its thread.
    expect(await threads.search(given, heard().listener).ended).toEqual({ state: 'FAILED', failure });
  });

  it('that does not hear of its stop is ended', async () => {
    const search = threadsOf({ main: acting('for (;;);') }).search(task(600), heard().listener);
    await new Promise((resolve) => setTimeout(resolve, 200));
    search.stop();
    expect(await search.ended).toEqual({ state: 'FAILED', failure: 'OUT_OF_TIME' });
  }, 20_000);
});

describe('a bounded number of threads', () => {
  it('lets others wait, so many and no more', async () => {
    const threads = threadsOf({ main: acting(untilStopped), waitingMax: 2 });
    const searches = [1, 2, 3].map(() => threads.search(task(), heard().listener));
    expect(threads.isFull).toBe(true);
    searches[0]?.stop();
    await searches[0]?.ended;
    expect(threads.isFull).toBe(false);
    // One that waits is over at once.
    searches[2]?.stop();
    expect(await searches[2]?.ended).toEqual({ state: 'STOPPED' });
    searches[1]?.stop();
    expect(await searches[1]?.ended).toEqual({ state: 'STOPPED' });
  });

  it('stops all of them when the server goes, and takes nothing new', async () => {
    const threads = threadsOf({ main: acting(untilStopped), threadsMax: 2 });
    const searches = [1, 2, 3, 4].map(() => threads.search(task(), heard().listener));
    await threads.close();
    expect(await Promise.all(searches.map(({ ended }) => ended))).toEqual(
      searches.map(() => ({ state: 'STOPPED' })),
    );
    expect(threads.isFull).toBe(true);
    expect(await threads.search(task(), heard().listener).ended).toEqual({ state: 'STOPPED' });
  });
});
