import { parentPort, workerData } from 'node:worker_threads';
import { planVisits } from '../visits/planning/plan-visits.js';
import type { PlanTask } from '../visits/plans/plan-threads.js';
import { type PlannerMessage, stopFlag } from './planner-threads.js';

/** The inside of a planner's thread: one search, told of as it goes on, and then the thread is over. */
if (!parentPort) throw new Error('this file runs in a thread that the server starts');
const port = parentPort;
const { task, flags } = workerData as { task: PlanTask; flags: Int32Array };
const { problem, booked, seed, secondsMax, iterationsMax } = task;
const startedMs = performance.now();

const say = (message: PlannerMessage) => port.postMessage(message);
const isStopped = () => Atomics.load(flags, stopFlag) !== 0;
const share = () => (performance.now() - startedMs) / (secondsMax * 1000);

// One move changes nothing: all that is assigned stays as if it had begun.
say({ kind: 'booked', plan: planVisits(booked, { seed, iterations: 1 }) });
let iterations = 0;
const plan = planVisits(problem, {
  seed,
  ...(iterationsMax === null
    ? { share, until: isStopped }
    : { iterations: iterationsMax, until: () => isStopped() || share() >= 1 }),
  onImprovement(better, progress) {
    ({ iterations } = progress);
    say({ kind: 'better', plan: better, iterations });
  },
  onProgress(progress) {
    ({ iterations } = progress);
    say({ kind: 'progress', iterations });
  },
});
say({ kind: 'done', plan, iterations, isStopped: isStopped() });
