import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
