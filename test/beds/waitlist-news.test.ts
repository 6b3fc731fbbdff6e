import { afterAll, beforeAll, expect, it } from 'vitest';
import { passOffersOn } from '../../src/beds/pass-offers-on.js';
import { addBeds, addHome } from '../support/beds.js';
import { addRelative, keepMessages } from '../support/families.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { LiveClient } from '../support/live-client.js';
import { buildTown, noon, type Town } from '../support/town.js';
import { addApplicant, after as inHours } from '../support/waiting.js';

let server: ListeningServer;
let town: Town;
let bedId: number;
let homeId: number;
let manager: string;
let first: number;
let family: string;
let stranger: string;
beforeAll(async () => {
  server = await startListeningServer({ at: noon });
  const kept = keepMessages(server);
  town = await buildTown(server.database);
  homeId = await addHome(town);
  [bedId = 0] = await addBeds(town, homeId, [{}]);
  manager = await server.managerToken(town.countyId);
  first = await addApplicant(town);
  const families = { server, town, kept, staff: manager };
  ({ token: family } = await addRelative(families, ['BOOKING'], { elderId: first }));
  ({ token: stranger } = await addRelative(families, ['HEALTH'], { elderId: first }));
});
afterAll(() => server.close());

const listen = `subscription ($id: ID!) {
  waitlistChanged(elderId: $id) { position offer { expiresAt bed { id } } } }`;

async function done(mutation: string, token = manager): Promise<{ id: string; offer?: { id: string } }> {
  const { body } = await server.post<{ done: { id: string; offer?: { id: string } } }>(
    `mutation { done: ${mutation} { __typename ... on WaitlistEntry { id offer { id } } ... on WaitlistRefusal { code message } } }`,
    {},
    token,
  );
  expect(JSON.stringify(body)).not.toMatch(/Refusal|"errors"/);
  return body.data.done;
}

const join = (elderId: number, request: string) =>
  done(`joinWaitlist(requestId: "${request}", elderId: ${elderId}, facilityId: ${homeId}, type: GENERAL)`);

it('a family hears of its place and its offer, and that the offer passed on', async () => {
  const client = await LiveClient.connect(server.origin, { token: family });
  const id = client.subscribe(listen, { id: first });
  const places = async () => {
    const { data, errors } = await client.answer<{ waitlistChanged: unknown[] }>(id);
    expect(errors).toBeUndefined();
    return data?.waitlistChanged;
  };
  expect(await places()).toEqual([]);
  await join(first, '7f1d6f0e-4f3e-4a55-9f53-0c6f1a2b3c01');
  expect(await places()).toEqual([{ position: 1, offer: null }]);
  await join(await addApplicant(town), '7f1d6f0e-4f3e-4a55-9f53-0c6f1a2b3c02');
  await done(`offerBed(bedId: ${bedId})`);
  const offer = { expiresAt: expect.any(String), bed: { id: String(bedId) } };
  expect(await places()).toEqual([{ position: 1, offer }]);
  const passing = { ids: server.services.ids, now: inHours(72) };
  expect(await passOffersOn(server.database, passing)).toEqual(['OFFERED']);
  server.clock.set(inHours(72), 0);
  // Where the elder stands is what it was; the bed is somebody else's.
  expect(await places()).toMatchObject([{ position: 1 }]);
  await client.close();
});

it('nobody without the right to book hears of it, nor of an elder whom there is not', async () => {
  for (const [token, elderId] of [
    [stranger, first],
    [family, 999_999],
    [manager, 999_999],
  ] as const) {
    const client = await LiveClient.connect(server.origin, { token });
    const id = client.subscribe(listen, { id: elderId });
    expect(await client.refusal(id)).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    await client.close();
  }
});
