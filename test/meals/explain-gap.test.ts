import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { enrolReader } from '../../src/access/enrol-reader.js';
import { canteenDay } from '../../src/meals/canteen-day.js';
import { explainGap, findGaps, type GapExplanation } from '../../src/meals/explain-gap.js';
import { missingSequences } from '../../src/meals/missing-sequences.js';
import type { Scope } from '../../src/network/scope.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, countRows, type Diner, noon, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let diner: Diner;
let readerId: number;
let canteenId: number;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  diner = await addDiner(town);
  canteenId = town.canteenIds[0];
});
afterAll(() => open.drop());

/** A reader that sent 10 and 12 yesterday, and 20 and 23 today. */
beforeEach(async () => {
  const enrolled = await open.database.write((manager) =>
    enrolReader(manager, { canteen: canteenId, name: 'SN', now: noon }, 'everywhere'),
  );
  if (isRefusal(enrolled)) throw new Error(enrolled.refused);
  readerId = enrolled.accountId;
  const yesterday = { swipedAt: new Date('2026-03-09T12:00:00+08:00'), offline: true };
  for (const [sequence, command] of [
    [10, yesterday],
    [12, yesterday],
    [20, {}],
    [23, {}],
  ] as const) {
    await send(sequence, command);
  }
});

async function send(sequence: number, command = {}) {
  const request = tap(town, { cardUid: diner.uid, sequence, ...command });
  await intakeOf(town).record({ ...request, readerId });
}

function explain(
  fromSequence: number,
  toSequence: number,
  given: Partial<GapExplanation> = {},
  scope: Scope = 'everywhere',
) {
  const explanation = {
    readerId,
    fromSequence,
    toSequence,
    reason: '机器重置',
    byId: town.managerId,
    now: noon,
  };
  return open.database.write((manager) => explainGap(manager, { ...explanation, ...given }, scope));
}

const refusalOf = (result: object) =>
  'refused' in result ? `${result.refused} ${(result as { field?: unknown }).field}` : 'done';

const listed = async (explained: boolean, after?: number, rowsMax = 10) =>
  (
    await open.database.read((manager) =>
      findGaps(manager, { readerId, explained, now: noon }, { after, rowsMax }, 'everywhere'),
    )
  )?.map(({ from, to }) => [from, to]);

const missing = async () =>
  (await open.database.read((manager) => missingSequences(manager, [readerId]))).get(readerId);

/** How many are missing on a day of the canteen, of all its readers: what this test adds to it. */
const missingOn = async (date: string) =>
  (await open.database.read((manager) => canteenDay(manager, { canteenId, date }, 'everywhere', today)))
    ?.missing ?? 0;

it('finds what is missing between the days too, and leaves out what was explained', async () => {
  expect(await listed(false)).toEqual([
    [11, 11],
    [13, 19],
    [21, 22],
  ]);
  const before = [await missingOn('2026-03-09'), await missingOn(today)] as const;
  expect(await explain(13, 19)).toMatchObject({
    from: 13,
    to: 19,
    explanation: { reason: '机器重置', explainedAt: noon, explainedBy: 'manager' },
  });
  await explain(11, 11);
  expect(await missing()).toEqual([{ from: 21, to: 22 }]);
  expect([await missingOn('2026-03-09'), await missingOn(today)]).toEqual([before[0] - 1, before[1] - 7]);
  expect(await listed(false)).toEqual([[21, 22]]);
  expect(await listed(true)).toEqual([
    [11, 11],
    [13, 19],
  ]);
  expect(await listed(true, 11)).toEqual([[13, 19]]);
  expect(await listed(true, undefined, 1)).toEqual([[11, 11]]);
});

it('explains a part of a gap, and counts a number that comes all the same', async () => {
  await explain(14, 16);
  expect(await listed(false)).toEqual([
    [11, 11],
    [13, 13],
    [17, 19],
    [21, 22],
  ]);
  await send(15);
  await send(18);
  expect(await listed(false)).toEqual([
    [11, 11],
    [13, 13],
    [17, 17],
    [19, 19],
    [21, 22],
  ]);
});

it('refuses, by name and writing nothing', async () => {
  await explain(14, 16);
  const before = await countRows(open, 'sequence_explanation');
  for (const [from, to, refusal] of [
    [-1, 5, 'RANGE_INVALID toSequence'],
    [19, 18, 'RANGE_INVALID toSequence'],
    [16, 19, 'ALREADY_EXPLAINED fromSequence'],
    [14, 15, 'ALREADY_EXPLAINED fromSequence'],
    [12, 13, 'NOT_MISSING fromSequence'],
    [17, 20, 'NOT_MISSING fromSequence'],
    [17, 22, 'NOT_MISSING fromSequence'],
    [1, 9, 'NOT_MISSING fromSequence'],
    [24, 30, 'NOT_MISSING fromSequence'],
    [0, 2 ** 31 - 1, 'ALREADY_EXPLAINED fromSequence'],
  ] as const) {
    expect(refusalOf(await explain(from, to)), `${from} ${to}`).toBe(refusal);
  }
  expect(refusalOf(await explain(11, 11, { reason: ' ' }))).toBe('REASON_INVALID reason');
  expect(refusalOf(await explain(11, 11, { reason: '长'.repeat(201) }))).toBe('REASON_INVALID reason');
  expect(refusalOf(await explain(11, 11, { readerId: town.managerId }))).toBe('READER_UNKNOWN readerId');
  expect(refusalOf(await explain(11, 11, {}, [town.canteenIds[1]]))).toBe('READER_UNKNOWN readerId');
  expect(await countRows(open, 'sequence_explanation')).toBe(before);
  expect(refusalOf(await explain(11, 11, {}, [town.countyId]))).toBe('done');
});

it('the same explanation twenty times at once is one, and overlapping ones are never two', async () => {
  const same = await Promise.all(Array.from({ length: 20 }, () => explain(13, 19)));
  expect(new Set(same.map((result) => JSON.stringify(result))).size).toBe(1);
  const others = await Promise.all([explain(21, 22), explain(21, 21), explain(22, 22)]);
  const done = others.map(refusalOf).filter((refusal) => refusal === 'done');
  expect([1, 2]).toContain(done.length);
  expect(await listed(false)).toEqual([
    [11, 11],
    ...(done.length === 1 && refusalOf(others[0]) !== 'done'
      ? [refusalOf(others[1]) === 'done' ? [22, 22] : [21, 21]]
      : []),
  ]);
});
