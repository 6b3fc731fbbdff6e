import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addBeds, addHome, addResident } from '../support/beds.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { LiveClient } from '../support/live-client.js';
import { buildTown, noon, type Town } from '../support/town.js';

let server: ListeningServer;
let town: Town;
let homeId: number;
let otherId: number;
let bedId: number;
let otherBedId: number;
let manager: string;
let countyManager: string;
beforeAll(async () => {
  server = await startListeningServer({ at: noon });
  town = await buildTown(server.database);
  [homeId, otherId] = [await addHome(town), await addHome(town)];
  [bedId = 0] = await addBeds(town, homeId, [{}]);
  [otherBedId = 0] = await addBeds(town, otherId, [{}]);
  manager = await server.managerToken(homeId);
  countyManager = await server.managerToken(town.countyId);
});
afterAll(() => server.close());

const listen =
  'subscription ($id: ID!) { bedBoardChanged(facilityId: $id) { state bed { id } occupant { elderId } } }';
const empty = () => ({ state: 'FREE', bed: { id: String(bedId) }, occupant: null });

async function stayOf(mutation: string): Promise<string> {
  const { body } = await server.post<{ done: { id: string } }>(
    `mutation { done: ${mutation} { ... on BedStay { id } ... on BedRefusal { code message } } }`,
    {},
    countyManager,
  );
  expect(body.data.done).toHaveProperty('id');
  return body.data.done.id;
}

it('shows the board at the start and after each step of a stay, at both homes when somebody moves', async () => {
  const client = await LiveClient.connect(server.origin, { token: manager });
  const id = client.subscribe(listen, { id: homeId });
  const board = async () => {
    const { data, errors } = await client.answer<{ bedBoardChanged: unknown[] }>(id);
    expect(errors).toBeUndefined();
    return data?.bedBoardChanged;
  };
  expect(await board()).toEqual([empty()]);
  const elderId = await addResident(town);
  const asked = () => `requestId: "${randomUUID()}"`;
  const mine = { ...empty(), occupant: { elderId: String(elderId) } };

  const stayId = await stayOf(`admit(${asked()}, bedId: ${bedId}, elderId: ${elderId}, from: "2026-03-01")`);
  expect(await board()).toEqual([{ ...mine, state: 'OCCUPIED' }]);
  await stayOf(`startLeave(stayId: ${stayId}, on: "2026-03-08")`);
  expect(await board()).toEqual([{ ...mine, state: 'ON_LEAVE' }]);
  await stayOf(`endLeave(stayId: ${stayId}, on: "2026-03-09")`);
  expect(await board()).toEqual([{ ...mine, state: 'OCCUPIED' }]);

  const there = await LiveClient.connect(server.origin, { token: countyManager });
  const thereId = there.subscribe(listen, { id: otherId });
  expect(await there.answer(thereId)).toHaveProperty('data.bedBoardChanged.0.state', 'FREE');
  await stayOf(`transferStay(${asked()}, stayId: ${stayId}, bedId: ${otherBedId}, on: "2026-03-10")`);
  expect(await there.answer(thereId)).toHaveProperty('data.bedBoardChanged.0.state', 'OCCUPIED');
  expect(await board()).toEqual([empty()]);

  const next = await addResident(town);
  const held = `${asked()}, bedId: ${bedId}, elderId: ${next}, from: "2026-03-10", expiresAt: "2026-03-11T12:00:00+08:00"`;
  const holdId = await stayOf(`holdBed(${held})`);
  expect(await board()).toEqual([{ ...mine, state: 'HELD', occupant: { elderId: String(next) } }]);
  await stayOf(`releaseHold(stayId: ${holdId})`);
  expect(await board()).toEqual([empty()]);
  await there.close();
  await client.close();
});

it('tells nobody of a refusal, nor of what another home does', async () => {
  const client = await LiveClient.connect(server.origin, { token: manager });
  const id = client.subscribe(listen, { id: homeId });
  await client.answer(id);
  const [far = 0] = await addBeds(town, otherId, [{}]);
  const body = `requestId: "${randomUUID()}", bedId: ${far}, elderId: ${await addResident(town)}, from: "2026-03-01"`;
  await stayOf(`admit(${body})`);
  await server.post(
    `mutation { admit(requestId: "${randomUUID()}", bedId: ${bedId}, elderId: 999999, from: "2026-03-01") { __typename } }`,
    {},
    manager,
  );
  expect(await client.silent(id, 1500)).toBe(true);
  await client.close();
});

it('is refused for another home and for one that there is not, in the same words', async () => {
  const client = await LiveClient.connect(server.origin, { token: manager });
  const answers = [];
  for (const asked of [otherId, 999_999]) {
    const [error] = await client.refusal(client.subscribe(listen, { id: asked }));
    answers.push({ message: error?.message, code: error?.extensions.code });
  }
  expect(answers[0]).toMatchObject({ code: 'FORBIDDEN' });
  expect(answers[1]).toEqual(answers[0]);
  await client.close();
});
