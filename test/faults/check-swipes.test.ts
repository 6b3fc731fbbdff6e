import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { problemsOf } from '../../bench/faults/check-swipes.js';
import type { SentSwipe } from '../../bench/faults/stubborn-reader.js';
import type { SwipeAnswer } from '../../bench/faults/swipe-client.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let sent: SentSwipe[];

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  sent = await Promise.all(Array.from({ length: 3 }, answeredTwice));
});
afterAll(() => open.drop());

/** A swipe that was sent twice, and its two answers. */
async function answeredTwice(): Promise<SentSwipe> {
  const { uid } = await addDiner(town);
  const intake = intakeOf(town);
  const request = tap(town, { cardUid: uid });
  const answers = [await intake.record(request), await intake.record(request)];
  return {
    input: { ...request.command, swipedAt: request.command.swipedAt.toISOString() },
    times: 2,
    answers: answers.map(answerOf),
  };
}

function answerOf({ swipeId, outcome, replayed, receipt }: SwipeAnswer): SwipeAnswer {
  if (!receipt) return { swipeId, outcome, replayed, receipt };
  const { serial, subsidyFen, selfPaidFen, balanceFen } = receipt;
  return { swipeId, outcome, replayed, receipt: { serial, subsidyFen, selfPaidFen, balanceFen } };
}

/** The same swipes, the first of them with other answers. */
function withAnswers(change: (answers: [SwipeAnswer, SwipeAnswer]) => SwipeAnswer[]): SentSwipe[] {
  const [first, ...others] = sent as [SentSwipe, ...SentSwipe[]];
  return [{ ...first, answers: change(first.answers as [SwipeAnswer, SwipeAnswer]) }, ...others];
}

function withSerial(answer: SwipeAnswer): SwipeAnswer {
  return { ...answer, receipt: answer.receipt && { ...answer.receipt, serial: '20260310-0999999999' } };
}

it('finds nothing wrong where nothing is, lost answers included', async () => {
  expect(await problemsOf(open.database, sent)).toEqual([]);
  const lost = withAnswers(([, again]) => [again]);
  expect(await problemsOf(open.database, lost)).toEqual([]);
});

it.each<[string, string[], () => SentSwipe[]]>([
  ['a swipe without an answer', ['not answered'], () => withAnswers(() => [])],
  [
    'a refusal',
    [
      'not ACCEPTED, or not RECORDED_FOR_REVIEW for their price',
      'not in the database as on its receipt, once and posted once',
    ],
    () => withAnswers((both) => both.map((answer) => ({ ...answer, outcome: 'MEAL_ALREADY_TAKEN' }))),
  ],
  [
    'two answers with different serials',
    ['answered in different ways'],
    () => withAnswers(([first, again]) => [first, withSerial(again)]),
  ],
  [
    'a serial that the database does not have',
    ['not in the database as on its receipt, once and posted once'],
    () => withAnswers((both) => both.map(withSerial)),
  ],
  [
    'a replay that was called new',
    ['called new after it had been answered'],
    () => withAnswers(([first, again]) => [first, { ...again, replayed: false }]),
  ],
])('sees %s', async (_, problems, changed) => {
  const [first] = sent as [SentSwipe];
  expect(await problemsOf(open.database, changed())).toEqual(
    problems.map((problem) => `1 swipes ${problem}: ${first.input.swipeId}`),
  );
});

it('sees a swipe that nobody sent', async () => {
  expect(await problemsOf(open.database, sent.slice(1))).toEqual([
    '1 swipes in the database were sent by nobody',
  ]);
});

it('sees a swipe that was acknowledged and is lost', async () => {
  const [first] = sent as [SentSwipe];
  const swipeId = randomUUID();
  const lost: SentSwipe = {
    input: { ...first.input, swipeId },
    times: 1,
    answers: first.answers.map((answer) => ({ ...answer, swipeId })).slice(0, 1),
  };
  expect(await problemsOf(open.database, [...sent, lost])).toEqual([
    `1 swipes acknowledged, but not in the database: ${swipeId}`,
  ]);
});

it('sees a posting that is missing, and the invariant that it breaks', async () => {
  const { swipeId } = (sent[0] as SentSwipe).input;
  const posting = "kind = 'SWIPE' AND sourceId = (SELECT id FROM swipe WHERE swipeId = ?)";
  await open.database.write(async (manager) => {
    await manager.query(
      `DELETE FROM ledger_entry WHERE postingId IN (SELECT id FROM ledger_posting WHERE ${posting})`,
      [swipeId],
    );
    await manager.query(`DELETE FROM ledger_posting WHERE ${posting}`, [swipeId]);
  });
  const problems = await problemsOf(open.database, sent);
  expect(problems[0]).toBe(
    `1 swipes not in the database as on its receipt, once and posted once: ${swipeId}`,
  );
  expect(problems).toContain('BROKEN every recorded swipe, and no other, is posted once');
});
