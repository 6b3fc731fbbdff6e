import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/live-client.js';
import { codeOf, day, LiveServers, metric } from '../support/live-servers.js';

const live = new LiveServers();
const { listening, listener, canteen } = live;
beforeAll(() => live.open());
afterEach(() => live.closeServers());
afterAll(() => live.drop());

describe('an operation', () => {
  it.each([
    ['a query', '{ viewer { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a mutation', 'mutation { signOut }', 'GRAPHQL_VALIDATION_FAILED'],
    ['introspection', '{ __schema { queryType { name } } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['what is no operation', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'two fields',
      'subscription { a: visitChanged { kind } b: visitChanged { kind } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['only its type', 'subscription { __typename }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'one of several, and does not say which',
      'subscription A { visitChanged { kind } } subscription B { visitChanged { kind } }',
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['a variable that is missing', day, 'BAD_USER_INPUT'],
    [
      'far too many words',
      `subscription { visitChanged { ${'kind '.repeat(1000)} } }`,
      'GRAPHQL_PARSE_FAILED',
    ],
    [
      'too many aliases',
      `subscription { visitChanged { ${Array.from({ length: 16 }, (_, n) => `a${n}: kind`).join(' ')} } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'too many nodes',
      'subscription { visitChanged(elderId: 1) { visit { elder { visits(first: 200) { nodes { elder { visits(first: 200) { nodes { id } } } } } } } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('that is %s is refused by itself, and the connection goes on', async (_name, query, code) => {
    const server = await listening();
    const client = await listener(server);
    const errors = await client.refusal(client.subscribe(query));
    expect(errors[0]?.extensions).toMatchObject({
      code,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(JSON.stringify(errors)).not.toMatch(/node_modules|\.ts:|\.js:|stacktrace/);
    expect(await client.answer(client.subscribe(day, canteen()))).toHaveProperty('data');
    await client.close();
  });

  it('over HTTP is refused: nothing could be told there', async () => {
    const server = await listening();
    const { status, body } = await server.post(day, canteen(), await server.adminToken());
    expect([status, body.errors?.[0]?.message]).toEqual([
      400,
      'There are no operations of kind subscription here',
    ]);
  });

  it('that is not on the list is refused where there is one, and no name is suggested in production', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'yinling-live-'));
    const safelistFile = join(folder, 'operations.json');
    writeFileSync(
      safelistFile,
      JSON.stringify({ day, misspelt: 'subscription { canteenDayChange(canteenId: 1) { meals } }' }),
    );
    const server = await listening({ nodeEnv: 'production', safelistFile });
    const client = await listener(server);
    const unknown = await client.refusal(
      client.subscribe('subscription { visitChanged(stationId: 1) { kind } }'),
    );
    expect(unknown[0]?.extensions.code).toBe('OPERATION_UNKNOWN');
    const [misspelt] = await client.refusal(
      client.subscribe('subscription { canteenDayChange(canteenId: 1) { meals } }'),
    );
    expect(misspelt?.message).toBe('Cannot query field "canteenDayChange" on type "Subscription".');
    expect(await client.answer(client.subscribe(day, canteen()))).toHaveProperty('data');
    await client.close();
    rmSync(folder, { recursive: true });
  });

  it('that asks for the schema itself is refused in production', async () => {
    const server = await listening({ nodeEnv: 'production' });
    const client = await listener(server);
    const asks = 'subscription { __schema { queryType { name } } }';
    expect((await client.refusal(client.subscribe(asks)))[0]?.extensions.code).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
    await client.close();
  });

  it('counts against the rate of its account', async () => {
    const server = await listening({ callerRatePerSecond: 1 });
    const client = await listener(server);
    const ids = Array.from({ length: 30 }, () => client.subscribe(day, canteen()));
    const refused: Record<string, unknown>[] = [];
    for (const id of ids) {
      const { type, payload } = await client.take((message) => message.id === id);
      if (type === 'error')
        refused.push(
          ...(payload as { extensions: Record<string, unknown> }[]).map((error) => error.extensions),
        );
    }
    // How many more than ten are let in depends on how long this takes.
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(20);
    expect(refused[0]).toMatchObject({ code: 'RATE_LIMITED' });
    expect(refused[0]).not.toHaveProperty('http');
    await client.close();
  });

  it('may be open so many times on a connection, and one that has ended makes room', async () => {
    const server = await listening({ liveSubscriptionsPerConnection: 2 });
    const client = await listener(server);
    const ids = [client.subscribe(day, canteen()), client.subscribe(day, canteen())];
    for (const id of ids) await client.answer(id);
    // A flood in one go: each is counted before any is looked at.
    const more = Array.from({ length: 20 }, () => client.subscribe(day, canteen()));
    for (const id of more) {
      expect((await client.refusal(id))[0]?.extensions.code).toBe('TOO_MANY_SUBSCRIPTIONS');
    }
    expect(await metric(server, 'yinling_live_subscriptions{field="canteenDayChanged"}')).toBe(2);
    client.unsubscribe(ids[0] as string);
    await eventually(async () =>
      expect(await metric(server, 'yinling_live_subscriptions{field="canteenDayChanged"}')).toBe(1),
    );
    expect(await client.answer(client.subscribe(day, canteen()))).toHaveProperty('data');
    await client.close();
    await eventually(() => expect(server.services.live.listeners).toBe(0));
    expect(await metric(server, 'yinling_live_subscriptions{field="canteenDayChanged"}')).toBe(0);
  });

  it('that is taken back while it begins leaves nothing behind', async () => {
    const server = await listening();
    const client = await listener(server);
    for (let times = 0; times < 20; times += 1) {
      client.unsubscribe(client.subscribe(day, canteen()));
      client.unsubscribe(client.subscribe('subscription { nothing }'));
    }
    expect(await client.answer(client.subscribe(day, canteen(), 'last'))).toHaveProperty('data');
    await eventually(() => expect(server.services.live.listeners).toBe(1));
    await client.close();
    await eventually(() => expect(server.services.live.listeners).toBe(0));
  });

  it('of an id that is in use ends the connection', async () => {
    const server = await listening();
    const client = await listener(server);
    client.subscribe(day, canteen(), 'a');
    client.subscribe(day, canteen(), 'a');
    expect(await codeOf(client)).toBe(4409);
    await eventually(() => expect(server.services.live.listeners).toBe(0));
  });
});
