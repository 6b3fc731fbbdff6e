import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { announceCanteenDay } from '../../src/meals/canteen-news.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { LiveClient } from '../support/live-client.js';
import { addPerson, signedIn } from '../support/staff.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

/** How often it is looked again whether somebody may listen, in seconds; and how long a test waits for it. */
const recheckSeconds = 1;
const soonMs = 10_000;

let on: TestDatabase;
let server: ListeningServer;
let town: TwoCounties;
let clients: LiveClient[] = [];
beforeAll(async () => {
  on = await openTestDatabase();
  server = await startListeningServer({ at: noon, on, settings: { liveRecheckSeconds: recheckSeconds } });
  town = await buildTwoCounties(server.database);
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  clients = [];
});
afterAll(async () => {
  await server.close();
  await on.drop();
});

const day = 'subscription Day($id: ID!) { canteenDayChanged(canteenId: $id) { meals } }';
const change = () =>
  server.database.write(async (manager) => announceCanteenDay(manager, town.canteenIds[0]));

async function listening(token: string, to: ListeningServer = server) {
  const client = await LiveClient.connect(to.origin, { token });
  clients.push(client);
  const id = client.subscribe(day, { id: town.canteenIds[0] });
  expect(await client.answer(id)).toEqual({ data: { canteenDayChanged: { meals: 0 } } });
  return { client, id };
}

async function endsWith(code: number, { client }: { client: LiveClient }): Promise<number> {
  const begunMs = performance.now();
  expect((await client.closed).code).toBe(code);
  return performance.now() - begunMs;
}

const revoke = (accountId: number) =>
  server.database.write((manager) =>
    manager.query('UPDATE access_token SET revokedAt = 1 WHERE accountId = ?', [accountId]),
  );

it('a key that is revoked hears nothing more, at the next change', async () => {
  const { token, accountId } = await server.account('MANAGER', town.countyId);
  const listener = await listening(token);
  await revoke(accountId);
  await change();
  expect(await endsWith(4403, listener)).toBeLessThan(soonMs);
  expect(listener.client.messages.filter(({ type }) => type === 'next')).toEqual([]);
});

it('a key that is revoked ends its connection soon, also where nothing changes', async () => {
  const { token, accountId } = await server.account('MANAGER', town.countyId);
  const listener = await listening(token);
  await revoke(accountId);
  expect(await endsWith(4403, listener)).toBeLessThan(soonMs);
});

it('a grant that is withdrawn ends what it opened, at the next change', async () => {
  const admin = await server.adminToken();
  const { accountId, grantId, userName } = await addPerson(server.database, 'MANAGER', town.countyId);
  const session = await signedIn(server, userName);
  const listener = await listening(session.accessToken);
  const withdrawing = `mutation { withdrawGrant(grantId: ${grantId}) { __typename } }`;
  const { body } = await server.post<{ withdrawGrant: { __typename: string } }>(withdrawing, {}, admin);
  expect(body.data.withdrawGrant.__typename).not.toMatch(/Refusal/);
  await change();
  const answer = await listener.client.answer(listener.id);
  expect(answer.data).toBeNull();
  expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  await listener.client.take(({ type, id }) => type === 'complete' && id === listener.id);
  // The audit log has it as it has a request that was refused.
  await server.services.auditNotes.settled();
  const rows: unknown[] = await server.database.read((manager) =>
    manager.query(
      "SELECT id FROM audit_record WHERE accountId = ? AND operation = 'canteenDayChanged' AND result = 'FORBIDDEN'",
      [accountId],
    ),
  );
  // What looks every second who may still listen may ask in the same moment as the change; then both are on record.
  expect([1, 2]).toContain(rows.length);
  expect(server.services.live.listeners).toBe(0);
});

it('a grant that is withdrawn ends what it opened soon, also where nothing changes, and leaves the rest', async () => {
  const { grantId, userName } = await addPerson(server.database, 'MANAGER', town.countyId);
  const { token } = await server.account('MANAGER', town.countyId);
  const [lost, kept] = [
    await listening((await signedIn(server, userName)).accessToken),
    await listening(token),
  ];
  await server.database.write((manager) =>
    manager.query('UPDATE access_grant SET untilAt = 1 WHERE id = ?', [grantId]),
  );
  const answer = await lost.client.answer(lost.id);
  expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  await lost.client.take(({ type }) => type === 'complete');
  expect(lost.client.socket.readyState).toBe(lost.client.socket.OPEN);
  await change();
  expect(await kept.client.answer(kept.id)).toHaveProperty('data.canteenDayChanged');
});

it('somebody who signs out hears nothing more', async () => {
  const { userName } = await addPerson(server.database, 'MANAGER', town.countyId);
  const { accessToken } = await signedIn(server, userName);
  const listener = await listening(accessToken);
  await server.post('mutation { signOut }', {}, accessToken);
  expect(await endsWith(4403, listener)).toBeLessThan(soonMs);
});

it('an access token that expires ends its connection soon, and a fresh one goes on', async () => {
  const settings = { liveRecheckSeconds: recheckSeconds, accessTokenMinutes: 4 / 60 };
  const short = await startListeningServer({ at: noon, on, settings });
  const { userName } = await addPerson(server.database, 'MANAGER', town.countyId);
  const listener = await listening((await signedIn(short, userName)).accessToken, short);
  expect(await endsWith(4403, listener)).toBeLessThan(soonMs + 4000);
  const again = await listening((await signedIn(short, userName)).accessToken, short);
  await again.client.close();
  await short.close();
});

it('a canteen that moves out of a caller’s places is heard of no more', async () => {
  const { token } = await server.account('MANAGER', town.streetId);
  const listener = await listening(token);
  const moved = (parentId: number) =>
    server.database.write((manager) =>
      manager.query('UPDATE facility_placement SET parentId = ? WHERE facilityId = ?', [
        parentId,
        town.canteenIds[0],
      ]),
    );
  await moved(town.otherCountyId);
  const answer = await listener.client.answer(listener.id);
  await moved(town.streetId);
  expect(answer.data).toBeNull();
  expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  await listener.client.take(({ type }) => type === 'complete');
});

it('an account that a role was given since then hears what it opens, on the same connection', async () => {
  const { token, accountId } = await server.account('MANAGER', town.otherCountyId);
  const client = await LiveClient.connect(server.origin, { token });
  clients.push(client);
  const refused = await client.refusal(client.subscribe(day, { id: town.canteenIds[0] }));
  expect(refused[0]?.extensions.code).toBe('BAD_USER_INPUT');
  await server.database.write((manager) =>
    manager.query('UPDATE access_grant SET facilityId = ? WHERE accountId = ?', [town.countyId, accountId]),
  );
  expect(await client.answer(client.subscribe(day, { id: town.canteenIds[0] }))).toHaveProperty('data');
});

it('when the database is away connections end with 1013, and come back with it', async () => {
  const { token } = await server.account('MANAGER', town.countyId);
  const listener = await listening(token);
  const outage = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const away = vi.spyOn(server.database, 'read').mockRejectedValue(outage);
  expect(await endsWith(1013, listener)).toBeLessThan(soonMs);
  const late = await LiveClient.open(server.origin);
  late.begin({ token });
  expect((await late.closed).code).toBe(1013);
  away.mockRestore();
  await listening(token);
});
