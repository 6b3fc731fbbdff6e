import 'reflect-metadata';
import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from '../../ormconfig.js';
import { SwipeIntake } from '../meals/swipe-intake.js';
import { SwipeRecorder } from '../meals/swipe-recorder.js';
import { IdBlocks } from '../shared/ids.js';
import { institutionStays } from './institution-stays.js';
import type { AnswersMessage, IntakeThreadSettings, SwipesMessage } from './intake-thread.js';
import { loggableError } from './loggable-error.js';

/** The inside of the intake's thread: connections of its own, swipes in, answers out. */
if (!parentPort) throw new Error('this file runs in a thread that the server starts');
const port = parentPort;
const { databaseUrl, answerSecondsMax, limits, batches } = workerData as IntakeThreadSettings;
const { database } = await openDatabase(databaseUrl, { answerSecondsMax, statementsTogether: true });

/** The server's clock, which may be set, as it stood when the newest swipes were sent. */
let now = new Date(0);
let outbox: AnswersMessage = { calls: [], batchSizes: [] };

const intake = new SwipeIntake({
  recorder: new SwipeRecorder({ database, ids: new IdBlocks(database), limits, stays: institutionStays }),
  clock: { now: () => now },
  ...batches,
  onBatch: (answers) => outbox.batchSizes.push(answers.length),
});

/** What is settled together is sent together, and before the next batch: on SQLite that would keep it waiting. */
function send(settled: AnswersMessage['calls'][number]): void {
  if (outbox.calls.length === 0) queueMicrotask(flush);
  outbox.calls.push(settled);
}

function flush(): void {
  port.postMessage(outbox);
  outbox = { calls: [], batchSizes: [] };
}

port.on('message', (message: SwipesMessage | 'close') => {
  if (message === 'close') return void close();
  now = message.now;
  for (const { id, requests } of message.calls) {
    intake.recordAll(requests).then(
      (answers) => send({ id, answers }),
      (error: unknown) => send({ id, failure: loggableError(error) }),
    );
  }
});
port.postMessage('ready');

async function close(): Promise<void> {
  await intake.settled();
  await database.close();
  port.close();
}
