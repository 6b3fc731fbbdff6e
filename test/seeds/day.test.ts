import { afterAll, beforeAll, expect, it } from 'vitest';
import { GraphClient, ServerUnreachable } from '../../seeds/day/graph-client.js';
import { Interrupted, withRelease } from '../../seeds/day/interruption.js';
import { withLastSequences } from '../../seeds/day/last-sequences.js';
import { ServerClock } from '../../seeds/day/server-clock.js';
import { hashToken } from '../../src/access/tokens.js';
import { insertRows } from '../../src/shared/statements.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, noon, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
afterAll(() => open.drop());

it('each reader goes on after the last number it used, refused swipes too', async () => {
  const readers = [{ token: 'first' }, { token: 'second' }];
  await open.database.write(async (manager) => {
    await insertRows(
      manager,
      'access_token',
      ['accountId', 'hash', 'createdAt'],
      readers.map(({ token }, index) => [town.readerIds[index], hashToken(token), 0]),
    );
    for (const sequence of [1, 12]) {
      await manager.query(
        `INSERT INTO swipe (id, swipeId, readerId, canteenId, sequence, cardUid, swipedAt, receivedAt, grossFen,
           mode, offline, outcome, mealDate, subsidyFen, discountFen, selfPaidFen)
         VALUES (?, ?, ?, ?, ?, 'DEADBEEF', 0, 0, 800, 'DINE_IN', 0, 'CARD_UNKNOWN', '2026-03-10', 0, 0, 0)`,
        [sequence, `swipe ${sequence}`, town.readerIds[0], town.canteenIds[0], sequence],
      );
    }
  });
  expect(await open.database.read((manager) => withLastSequences(manager, readers))).toEqual([
    { token: 'first', lastSequence: 12 },
    { token: 'second', lastSequence: 0 },
  ]);
});

/** A client that notes how the clock is set, and answers a moment later. */
class NotingClient extends GraphClient {
  readonly set: (string | null)[] = [];

  constructor(private readonly answers = true) {
    super('http://127.0.0.1:1/graphql', 1);
  }

  override async ask<Data>(_query: string, { at, rate }: { at?: Date | null; rate?: number }): Promise<Data> {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (!this.answers) throw new ServerUnreachable('away');
    this.set.push(`${at?.toISOString() ?? null} ${rate}`);
    return {} as Data;
  }
}

it('the clock runs again after the last setting under way, and nothing stops it any more', async () => {
  const client = new NotingClient();
  const clock = new ServerClock(client, 'token');
  await clock.setTo('2026-03-10', 720);
  const underWay = clock.setTo('2026-03-10', 721);
  await clock.release();
  await underWay;
  await expect(clock.setTo('2026-03-10', 722)).rejects.toThrow("The server's clock was given back.");
  expect(client.set[0]).toBe(`${noon.toISOString()} 0`);
  expect(client.set.at(-1)).toBe('null 1');
  await new ServerClock(new NotingClient(false), 'token').release();
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s breaks the work off, and what it held is released', async (signal, exitCode) => {
  const events: string[] = [];
  const release = async () => {
    // npm sends on what the terminal has sent already.
    process.emit(signal, signal);
    events.push('released');
  };
  const listeners = process.listenerCount(signal);
  const never = () => new Promise<never>(() => undefined);
  const interrupted = withRelease(never, release).catch((error: unknown) => error);
  expect(process.listenerCount(signal)).toBe(listeners + 1);
  process.emit(signal, signal);
  expect(await interrupted).toMatchObject({ message: `Interrupted by ${signal}.`, exitCode });
  expect(await interrupted).toBeInstanceOf(Interrupted);
  expect(events).toEqual(['released']);
  expect(process.listenerCount(signal)).toBe(listeners);
});

it('what is held is released when the work fails, even before its first step', async () => {
  const events: string[] = [];
  const failing = () => {
    throw new Error('no plan');
  };
  const release = async () => void events.push('released');
  await expect(withRelease(failing, release)).rejects.toThrow('no plan');
  expect(await withRelease(async () => 7, release)).toBe(7);
  expect(events).toEqual(['released', 'released']);
});
