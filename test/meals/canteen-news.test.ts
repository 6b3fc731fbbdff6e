import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { canteenNewsMs } from '../../src/meals/canteen-news.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { LiveClient } from '../support/live-client.js';
import { addDiner, buildTown, noon, type Town } from '../support/town.js';

let server: ListeningServer;
let town: Town;
let reader: string;
let manager: string;
beforeAll(async () => {
  server = await startListeningServer({ at: noon });
  town = await buildTown(server.database);
  reader = await server.readerToken(town.canteenIds[0]);
  manager = await server.managerToken(town.canteenIds[0]);
});
afterAll(() => server.close());

const listen =
  'subscription Day($id: ID!) { canteenDayChanged(canteenId: $id) { date meals selfPaidFen canteen { id } } }';
const record = 'mutation ($inputs: [SwipeInput!]!) { recordSwipes(inputs: $inputs) { outcome } }';

type Day = { canteenDayChanged: { meals: number; selfPaidFen: number; date: string } };

let sequence = 0;
function input(cardUid: string, swipeId = randomUUID()) {
  sequence += 1;
  return { swipeId, sequence, cardUid, swipedAt: noon.toISOString(), grossFen: 1200 };
}

async function mealsOf(client: LiveClient, id: string): Promise<number> {
  const { data, errors } = await client.answer<Day>(id);
  expect(errors).toBeUndefined();
  return data?.canteenDayChanged.meals ?? -1;
}

it('tells the day at the start, and again when a swipe was recorded', async () => {
  const client = await LiveClient.connect(server.origin, { token: manager });
  const id = client.subscribe(listen, { id: town.canteenIds[0] });
  expect(await client.answer(id)).toEqual({
    data: {
      canteenDayChanged: {
        date: '2026-03-10',
        meals: 0,
        selfPaidFen: 0,
        canteen: { id: String(town.canteenIds[0]) },
      },
    },
  });
  const { uid } = await addDiner(town);
  const { body } = await server.post(record, { inputs: [input(uid)] }, reader);
  expect(body).toEqual({ data: { recordSwipes: [{ outcome: 'ACCEPTED' }] } });
  expect(await mealsOf(client, id)).toBe(1);
  await client.close();
});

it('tells of a rush at most once a second, and of its last swipe always', async () => {
  const client = await LiveClient.connect(server.origin, { token: manager });
  const id = client.subscribe(listen, { id: town.canteenIds[0] });
  const before = await mealsOf(client, id);
  const published = vi.spyOn(server.services.live, 'publish');
  const cards: string[] = [];
  for (let count = 0; count < 30; count += 1) cards.push((await addDiner(town)).uid);
  const begunMs = performance.now();
  for (const uid of cards) await server.post(record, { inputs: [input(uid)] }, reader);
  let told = 0;
  let meals = before;
  while (meals < before + cards.length) {
    meals = await mealsOf(client, id);
    told += 1;
  }
  expect(meals).toBe(before + cards.length);
  // Until the last was heard: on a busy machine it is told later than a second after the last swipe.
  const seconds = (performance.now() - begunMs) / 1000;
  // One at once, one for each second that it took, and the one after the last swipe.
  expect(told).toBeLessThanOrEqual(Math.ceil(seconds) + 2);
  expect(published.mock.calls.length).toBeLessThanOrEqual(Math.ceil(seconds) + 2);
  await client.close();
});

it('says nothing where nobody listens, nor of a swipe that was sent again', async () => {
  // Whoever listened before has hung up when the server has seen it.
  await vi.waitFor(() => expect(server.services.live.isDeaf).toBe(true), { timeout: 5000 });
  // What is told once a second may be still to tell of the test before.
  await new Promise((resolve) => setTimeout(resolve, canteenNewsMs + 200));
  const published = vi.spyOn(server.services.live, 'publish');
  const { uid } = await addDiner(town);
  const sent = input(uid);
  await server.post(record, { inputs: [sent] }, reader);
  expect(published).not.toHaveBeenCalled();
  const client = await LiveClient.connect(server.origin, { token: manager });
  const id = client.subscribe(listen, { id: town.canteenIds[0] });
  await client.answer(id);
  await server.post(record, { inputs: [sent] }, reader);
  expect(await client.silent(id, 1500)).toBe(true);
  // At another canteen nobody of this one is told.
  const elsewhere = await server.readerToken(town.canteenIds[1]);
  const other = await addDiner(town);
  await server.post(record, { inputs: [input(other.uid)] }, elsewhere);
  expect(await client.silent(id, 1500)).toBe(true);
  expect(published).not.toHaveBeenCalled();
  await client.close();
});

it('tells of a void when it is committed, and not of one that is refused', async () => {
  const { uid } = await addDiner(town);
  const swipe = input(uid);
  await server.post(record, { inputs: [swipe] }, reader);
  const client = await LiveClient.connect(server.origin, { token: manager });
  const id = client.subscribe(listen, { id: town.canteenIds[0] });
  const before = await mealsOf(client, id);
  const voiding =
    'mutation ($id: ID!, $why: String!) { voidSwipe(swipeId: $id, reason: $why) { __typename } }';
  await server.post(voiding, { id: swipe.swipeId, why: '' }, manager);
  expect(await client.silent(id, 1200)).toBe(true);
  await server.post(voiding, { id: swipe.swipeId, why: 'mistake' }, manager);
  expect(await mealsOf(client, id)).toBe(before - 1);
  await client.close();
});
