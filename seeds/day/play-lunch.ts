import { demoElder } from '../elders/demo-elder.js';
import type { DemoDeliveries } from './demo-deliveries.js';
import { DemoReader } from './demo-reader.js';
import type { GraphClient } from './graph-client.js';
import { lunch, outage, type PlannedTap } from './lunch-plan.js';
import type { ServerClock } from './server-clock.js';

export interface Lunch {
  client: GraphClient;
  clock: ServerClock;
  adminToken: string;
  /** With the last number that each has used. */
  readers: readonly { facilityId: string; token: string; lastSequence: number }[];
  day: string;
  plan: readonly PlannedTap[];
  deliveries: DemoDeliveries;
  onProgress(tapsDone: number): void;
}

const reportCardLost = `mutation Lost($uid: String!) {
  reportCardLost(cardUid: $uid) { ... on CardRefusal { code message } }
}`;

/** Minutes from the midnight at which the day begins: before every canteen's cutoff. */
const eveningBefore = -6 * 60;

/** Plays the plan minute by minute through the public API, as fast as the server goes. */
export async function playLunch(game: Lunch): Promise<DemoReader[]> {
  const { client, clock, day, plan, deliveries } = game;
  const readers = game.readers.map(
    ({ facilityId, token, lastSequence }) =>
      new DemoReader(client, facilityId, token, day, lastSequence, (request) => clock.untilAnswered(request)),
  );
  await clock.setTo(day, eveningBefore);
  await deliveries.order();
  await clock.setTo(day, lunch.from);
  await reportLostCards(game);
  await deliveries.start();

  const minutes = byMinute(plan);
  let done = 0;
  for (let minute = lunch.from; minute < lunch.to; minute++) {
    await clock.setTo(day, minute);
    if (minute === outage.to) await Promise.all(readers.map((reader) => reader.catchUp()));
    const taps = minutes.get(minute) ?? [];
    await Promise.all([
      ...[...byReader(taps)].map(([reader, own]) => tapAll(readers[reader], own)),
      deliveries.atMinute(minute),
    ]);
    done += taps.length;
    game.onProgress(done);
  }
  await Promise.all(readers.map((reader) => reader.catchUp()));
  return readers;
}

/** A card that was lost on an earlier day stays lost, and says so; that is as good. */
async function reportLostCards({ client, clock, adminToken, plan }: Lunch): Promise<void> {
  const lost = new Set(plan.filter(({ story }) => story === 'LOST_CARD').map(({ elder }) => elder));
  for (const elder of lost) {
    const { cardUid } = demoElder(elder);
    await clock.untilAnswered(() => client.ask(reportCardLost, { uid: cardUid }, adminToken));
  }
}

/** One reader has one slot, so its cards are tapped one after the other. */
async function tapAll(reader: DemoReader | undefined, taps: readonly PlannedTap[]): Promise<void> {
  for (const tap of taps) await reader?.tap(tap);
}

function byMinute(plan: readonly PlannedTap[]): Map<number, PlannedTap[]> {
  return grouped(plan, ({ minute }) => minute);
}

function byReader(taps: readonly PlannedTap[]): Map<number, PlannedTap[]> {
  return grouped(taps, ({ reader }) => reader);
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => number): Map<number, Item[]> {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
