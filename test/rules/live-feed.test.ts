import { describe, expect, it, vi } from 'vitest';
import { readMessage, writeMessage } from '../../src/server/live/relay-message.js';
import { LiveBus } from '../../src/shared/live/live-bus.js';
import { isPayload, liveEvent, topicKind } from '../../src/shared/live/live-event.js';
import type { LiveFeed } from '../../src/shared/live/live-feed.js';
import { PacedTopics } from '../../src/shared/live/paced-topics.js';

type News = { visitId: number; version: number };
const visits = topicKind<News>('visits/station', ({ visitId }) => visitId);
const event = (visitId: number, version: number, station = 1) =>
  liveEvent(visits(station), { visitId, version });
const resync = { kind: 'resync' };
const told = (visitId: number, version: number, station = 1) => ({
  kind: 'event',
  topic: `visits/station/${station}`,
  payload: { visitId, version },
});

/** What a feed has to tell now, until it is empty. */
async function all(feed: LiveFeed<News>): Promise<unknown[]> {
  const signals: unknown[] = [];
  for (;;) {
    const next = feed.next();
    const now = await Promise.race([
      next,
      new Promise<'later'>((resolve) => setTimeout(() => resolve('later'), 20)),
    ]);
    if (now === 'later') {
      await feed.return();
      return signals;
    }
    if (now.done) return signals;
    signals.push(now.value);
  }
}

function listening(options: Partial<Parameters<LiveBus['listen']>[1]> = {}) {
  const bus = new LiveBus();
  const feed = bus.listen([visits(1), visits(2)], { waitingMax: 3, ...options });
  return { bus, feed };
}

describe('a feed', () => {
  it('begins with a resync, into which everything goes that happens before it is taken', async () => {
    const { bus, feed } = listening();
    bus.publish([event(7, 1)]);
    expect(await all(feed)).toEqual([resync]);
  });

  it('tells events in their order, those of its own topics alone', async () => {
    const { bus, feed } = listening();
    await feed.next();
    bus.publish([event(7, 1), event(8, 1, 2), event(9, 1, 3)]);
    expect(await all(feed)).toEqual([told(7, 1), told(8, 1, 2)]);
  });

  it('keeps of two events about the same thing the newer, at its place', async () => {
    const { bus, feed } = listening();
    await feed.next();
    bus.publish([event(7, 1), event(8, 1), event(7, 2)]);
    expect(await all(feed)).toEqual([told(8, 1), told(7, 2)]);
  });

  it('makes one resync of too many, says how many it dropped, and goes on', async () => {
    const onDropped = vi.fn();
    const { bus, feed } = listening({ onDropped });
    await feed.next();
    bus.publish([1, 2, 3].map((id) => event(id, 1)));
    expect(onDropped).not.toHaveBeenCalled();
    bus.publish([event(4, 1), event(5, 1)]);
    expect(onDropped.mock.calls).toEqual([[4]]);
    expect((await feed.next()).value).toEqual(resync);
    bus.publish([event(6, 1)]);
    expect(await all(feed)).toEqual([told(6, 1)]);
  });

  it('wakes whoever waits, by an event, by a resync and by its end', async () => {
    const { bus, feed } = listening();
    await feed.next();
    const first = feed.next();
    bus.publish([event(7, 1)]);
    expect((await first).value).toEqual(told(7, 1));
    const second = feed.next();
    bus.resync();
    expect((await second).value).toEqual(resync);
    const third = feed.next();
    await feed.return();
    expect(await third).toEqual({ done: true, value: undefined });
    expect(await feed.next()).toEqual({ done: true, value: undefined });
  });

  it('keeps a distance between two signals, and tells the newest then', async () => {
    const { bus, feed } = listening({ everyMs: 100 });
    await feed.next();
    const begunMs = performance.now();
    bus.publish([event(7, 1)]);
    setTimeout(() => bus.publish([event(7, 2)]), 30);
    expect((await feed.next()).value).toEqual(told(7, 2));
    expect(performance.now() - begunMs).toBeGreaterThanOrEqual(95);
  });

  it('leaves nothing behind on the bus, and says once that it ended', async () => {
    const onClose = vi.fn();
    const { bus, feed } = listening({ onClose });
    expect([bus.listeners, bus.isHeard(visits(1)), bus.isDeaf]).toEqual([1, true, false]);
    await feed.return();
    await feed.return();
    expect(onClose).toHaveBeenCalledTimes(1);
    expect([bus.listeners, bus.isHeard(visits(1)), bus.isDeaf]).toEqual([0, false, true]);
    bus.publish([event(7, 1)]);
  });
});

describe('topics that are paced', () => {
  type Day = { canteenId: number };
  const day = topicKind<Day>('meals/canteen-day');
  const paced = (bus: LiveBus) => new PacedTopics<Day>(bus, day, (canteenId) => ({ canteenId }), 100);

  it('are told once in a while however often they are touched, and the last touch always', async () => {
    const bus = new LiveBus();
    const feed = bus.listen([day(1)], { waitingMax: 9 });
    await feed.next();
    const published = vi.spyOn(bus, 'publish');
    const days = paced(bus);
    const untilMs = performance.now() + 350;
    while (performance.now() < untilMs) {
      days.touch(1);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(published.mock.calls.length).toBeGreaterThanOrEqual(2);
    expect(published.mock.calls.length).toBeLessThanOrEqual(4);
    published.mockClear();
    days.touch(1);
    await vi.waitFor(() => expect(published).toHaveBeenCalledTimes(1));
    await feed.return();
  });

  it('cost next to nothing where nobody listens', () => {
    const bus = new LiveBus();
    const published = vi.spyOn(bus, 'publish');
    const days = paced(bus);
    const times = 1_000_000;
    for (let warm = 0; warm < 100_000; warm += 1) days.touch(warm);
    // Of the processor's time, for the machine may be busy with other things.
    const before = process.cpuUsage();
    for (let touched = 0; touched < times; touched += 1) days.touch(touched % 50);
    const nanosecondsEach = (process.cpuUsage(before).user / times) * 1000;
    console.log(`a touch that nobody hears: ${nanosecondsEach.toFixed(1)} ns`);
    expect(nanosecondsEach).toBeLessThan(1000);
    expect(published).not.toHaveBeenCalled();
  });
});

describe('an event', () => {
  it.each([
    [{ visitId: 7, version: 1 }, true],
    [{ kind: 'CHANGED' }, true],
    [{ swipeId: '7d444840-9dc0-11d1-b245-5ffdce74fad2' }, true],
    [{}, true],
    [{ name: '王小明' }, false],
    [{ name: 'Wang' }, false],
    [{ phone: '13900000000' }, false],
    [{ latitude: 33.1 }, false],
    [{ visit: { id: 7 } }, false],
    [{ visitIds: [7] }, false],
    [
      Object.fromEntries(Array.from({ length: 9 }, (_, index) => [String.fromCharCode(97 + index), 1])),
      false,
    ],
    [null, false],
    ['x', false],
  ])('%j may be told: %s', (payload, isAllowed) => {
    expect(isPayload(payload)).toBe(isAllowed);
  });

  it('with anything personal is a mistake of the code', () => {
    const topic = topicKind<{ name: string }>('elders/file')(1);
    expect(() => liveEvent(topic, { name: '王小明' })).toThrow('more than ids');
    expect(() => topicKind('Elders')).toThrow('no area and word');
  });

  it('is read by another server as it was written', () => {
    const message = {
      from: 'a',
      number: 1,
      hello: false,
      resync: true,
      events: [event(7, 1), event(8, 2, 5)],
    };
    expect(readMessage(writeMessage(message))).toEqual(message);
  });
});
