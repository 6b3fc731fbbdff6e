import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import type { Database } from '../../src/shared/database.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { expectAuditClean } from '../support/audited.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, balanceOf, buildTown, countRows, type Town } from '../support/town.js';

const racers = 200;

let open: TestDatabase;
let town: Town;
/** The same town as a second server sees it: connections, ids and intake of its own. */
let otherDatabase: Database;
let otherTown: Town;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  otherDatabase = (await openDatabase(open.url)).database;
  otherTown = { ...town, database: otherDatabase, ids: new IdBlocks(otherDatabase) };
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await otherDatabase.close();
  await open.drop();
});

function counted(answers: { outcome: string; replayed: boolean }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome, replayed } of answers) {
    const name = replayed ? `${outcome} again` : outcome;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe.each([
  ['one server, gathered', 256, false],
  ['one server, a transaction each', 1, false],
  ['two servers, gathered', 256, true],
  ['two servers, a few at a time', 7, true],
])('%s', (_, batchSizeMax, twoServers) => {
  const intakes = () => {
    const first = intakeOf(town, { batchSizeMax });
    return [first, twoServers ? intakeOf(otherTown, { batchSizeMax }) : first] as const;
  };

  it('200 swipes of one card for one meal are one ACCEPTED', async () => {
    const diner = await addDiner(town);
    const [one, other] = intakes();
    const answers = await Promise.all(
      Array.from({ length: racers }, (_, index) =>
        (index % 2 ? one : other).record(tap(town, { cardUid: diner.uid }, { canteen: index % 3 ? 0 : 1 })),
      ),
    );
    expect(counted(answers)).toEqual({ ACCEPTED: 1, MEAL_ALREADY_TAKEN: racers - 1 });
    expect(await balanceOf(town, diner.elderId)).toBe(9100);
  });

  it('200 of one id are one swipe and 199 replays of it', async () => {
    const diner = await addDiner(town);
    const before = await countRows(open, 'swipe');
    const [one, other] = intakes();
    const request = tap(town, { cardUid: diner.uid });
    const answers = await Promise.all(
      Array.from({ length: racers }, (_, index) => (index % 2 ? one : other).record(request)),
    );
    expect(counted(answers)).toEqual({ ACCEPTED: 1, 'ACCEPTED again': racers - 1 });
    expect(new Set(answers.map(({ receipt }) => receipt?.serial)).size).toBe(1);
    expect(await countRows(open, 'swipe')).toBe(before + 1);
  });

  it('one id on two cards is one swipe, the other content is refused', async () => {
    const diners = [await addDiner(town), await addDiner(town)] as const;
    const [one, other] = intakes();
    const first = tap(town, { cardUid: diners[0].uid });
    const second = { ...first, command: { ...first.command, cardUid: diners[1].uid } };
    const answers = await Promise.all([one.record(first), other.record(second)]);
    expect(counted(answers)).toEqual({ ACCEPTED: 1, SWIPE_ID_REUSED: 1 });
  });

  it('200 cards at once are 200 ACCEPTED, in whatever order two servers lock them', async () => {
    const diners = await Promise.all(Array.from({ length: racers }, () => addDiner(town)));
    const [one, other] = intakes();
    const answers = await Promise.all([
      ...diners.map(({ uid }) => one.record(tap(town, { cardUid: uid }))),
      ...[...diners].reverse().map(({ uid }) => other.record(tap(town, { cardUid: uid }))),
    ]);
    expect(counted(answers)).toEqual({ ACCEPTED: racers, MEAL_ALREADY_TAKEN: racers });
  });
});
