import { afterAll, beforeAll, expect, it } from 'vitest';
import { IntakeThread } from '../../src/server/intake-thread.js';
import { RemoteError } from '../../src/server/loggable-error.js';
import { expectAuditClean } from '../support/audited.js';
import { limits, noonClock, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, countRows, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let thread: IntakeThread;
const seen = { batches: 0, answers: 0 };

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  thread = await IntakeThread.start(
    {
      databaseUrl: open.url,
      answerSecondsMax: 20,
      limits,
      batches: { batchSizeMax: 16, batchesMax: open.database.engine === 'mysql' ? 2 : 1 },
    },
    {
      database: open.database,
      clock: noonClock,
      metrics: {
        batchRecorded: (size) => {
          seen.batches += size;
        },
        swipesAnswered: (answers) => {
          seen.answers += answers.length;
        },
      },
    },
  );
});
afterAll(async () => {
  await thread.close();
  await open.drop();
});

it('answers as an intake in this thread would, dates and all', async () => {
  const { uid } = await addDiner(town);
  const request = tap(town, { cardUid: uid });
  const first = await thread.record(request);
  expect(first).toMatchObject({ outcome: 'ACCEPTED', replayed: false, receipt: { grossFen: 1200 } });
  expect(first.receipt?.swipedAt).toEqual(request.command.swipedAt);
  expect(await thread.record(request)).toEqual({ ...first, replayed: true });
});

it('fifty taps of one card at once and writes of this process beside them: one meal', async () => {
  const { uid } = await addDiner(town);
  const before = { ...seen };
  const taps = Array.from({ length: 50 }, () => thread.record(tap(town, { cardUid: uid })));
  const diners = Promise.all(Array.from({ length: 5 }, () => addDiner(town)));
  const outcomes = (await Promise.all(taps)).map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === 'ACCEPTED')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'MEAL_ALREADY_TAKEN')).toHaveLength(49);
  expect(await diners).toHaveLength(5);
  expect(seen).toEqual({ batches: before.batches + 50, answers: before.answers + 50 });
  await expectAuditClean(open.database);
});

it('an upload is answered in its order, and a swipe that cannot be written fails alone', async () => {
  const diners = await Promise.all(Array.from({ length: 3 }, () => addDiner(town)));
  const before = await countRows(open, 'swipe');
  const poison = { ...tap(town, { cardUid: diners[0]?.uid ?? '' }), readerId: 999_999 };
  const upload = diners.map(({ uid }) => tap(town, { cardUid: uid }));
  const [failed, answers] = await Promise.allSettled([thread.record(poison), thread.recordAll(upload)]);
  expect(failed.status === 'rejected' && failed.reason).toBeInstanceOf(RemoteError);
  expect(answers.status === 'fulfilled' && answers.value.map(({ swipeId }) => swipeId)).toEqual(
    upload.map(({ command }) => command.swipeId),
  );
  expect(await countRows(open, 'swipe')).toBe(before + 3);
});

it('is settled only when a swipe that waited for its turn is written too', async () => {
  const { uid } = await addDiner(town);
  const before = await countRows(open, 'swipe');
  const slow = open.database.write(async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
  const recording = thread.record(tap(town, { cardUid: uid }));
  await thread.settled();
  expect(await countRows(open, 'swipe')).toBe(before + 1);
  await Promise.all([slow, recording]);
});
