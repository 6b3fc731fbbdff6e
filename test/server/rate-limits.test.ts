import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Settings } from '../../src/config/settings.js';
import { recordsOf } from '../support/audit-trail.js';
import { statementsOf } from '../support/count-statements.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, buildTown, noon, type Town } from '../support/town.js';

let server: TestServer;
let town: Town;
async function start(settings: Partial<Settings>): Promise<void> {
  server = await startTestServer({ settings, at: noon });
  town = await buildTown(server.database);
}
afterEach(() => server.close());

// The limits fill up again by the second, and on a busy machine a dozen requests take longer than that.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const me = '{ viewer { id } }';
const places = '{ facilities(first: 1) { totalCount } }';

async function codesOf(count: number, send: () => ReturnType<TestServer['post']>): Promise<string[]> {
  const codes: string[] = [];
  for (let sent = 0; sent < count; sent++) {
    const { body } = await send();
    codes.push(String(body.errors?.[0]?.extensions.code ?? 'ok'));
  }
  return codes;
}

describe('an account', () => {
  it('is told to wait, with how long, by status, header and code', async () => {
    await start({ callerRatePerSecond: 1 });
    const token = await server.adminToken();
    const codes = await codesOf(12, () => server.post(places, {}, token));
    expect(codes).toEqual([...Array(10).fill('ok'), 'RATE_LIMITED', 'RATE_LIMITED']);
    const { status, headers, body } = await server.post(places, {}, token, { 'x-request-id': 'mine' });
    expect([status, headers['retry-after']]).toEqual([429, '1']);
    expect(body).toEqual({
      errors: [
        {
          message: 'Too many requests; try again in 1 s',
          extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1, requestId: 'mine' },
        },
      ],
    });
    expect((await server.post(places, {}, await server.adminToken())).status).toBe(200);
  });

  it('pays for every field that an operation begins with', async () => {
    await start({ callerRatePerSecond: 1 });
    const token = await server.adminToken();
    const aliased = `{ ${Array.from({ length: 9 }, (_, n) => `a${n}: facility(id: "1") { id }`).join(' ')} }`;
    expect(await codesOf(2, () => server.post(aliased, {}, token))).toEqual(['ok', 'RATE_LIMITED']);
  });

  it('pays for a page of a reader’s list what ten fields cost', async () => {
    await start({ callerRatePerSecond: 1 });
    const [canteenId] = town.canteenIds;
    const token = await server.readerToken(canteenId);
    const page = `{ readerSnapshot(canteenId: ${canteenId}) { __typename } }`;
    expect(await codesOf(2, () => server.post(page, {}, token))).toEqual(['ok', 'RATE_LIMITED']);
  });

  it('pays nothing for swipes: a reader is never kept from its work', async () => {
    await start({ callerRatePerSecond: 1, objectRatePerMinute: 1 });
    const diner = await addDiner(town);
    const token = await server.readerToken(town.canteenIds[0]);
    const swipe = 'mutation ($input: SwipeInput!) { recordSwipe(input: $input) { outcome } }';
    const tap = (sequence: number) => ({
      input: { swipeId: randomUUID(), sequence, cardUid: diner.uid, swipedAt: noon, grossFen: 1000 },
    });
    let sequence = 0;
    const codes = await codesOf(100, () => server.post(swipe, tap(sequence++), token));
    expect(new Set(codes)).toEqual(new Set(['ok']));
  });
});

describe('the audit log', () => {
  it('takes one record in a minute of an account that is refused again and again', async () => {
    await start({ callerRatePerSecond: 1, objectRatePerMinute: 1 });
    const hasty = await server.account('ADMIN');
    await codesOf(20, () => server.post(places, {}, hasty.token));
    const { uid } = await addDiner(town);
    const { accountId, token } = await server.account('READER', town.canteenIds[0]);
    await codesOf(30, () =>
      server.post(`{ previewSwipe(cardUid: "${uid}", grossFen: 1) { outcome } }`, {}, token),
    );
    const records = await recordsOf(server.database);
    expect(records).toMatchObject([
      { operation: 'facilities', result: 'RATE_LIMITED', accountId: hasty.accountId },
      { operation: 'previewSwipe', result: 'RATE_LIMITED', accountId },
    ]);
    expect(JSON.stringify(records)).not.toContain(uid);
  });
});

describe('an address', () => {
  it('that sends without a known key is told to wait, and those behind it with one are not', async () => {
    await start({ addressRatePerSecond: 1 });
    const token = await server.readerToken(town.canteenIds[0]);
    const codes = await codesOf(12, () => server.post(me, {}, 'guessed'));
    expect(codes).toEqual([...Array(10).fill('UNAUTHENTICATED'), 'RATE_LIMITED', 'RATE_LIMITED']);
    expect(await codesOf(50, () => server.post(me, {}, token))).toEqual(Array(50).fill('ok'));
    expect((await server.post(me)).status).toBe(429);
  });

  it('is what a trusted proxy says, and nobody else', async () => {
    const send = (address: string) => server.post(me, {}, undefined, { 'x-forwarded-for': address });
    await start({ addressRatePerSecond: 1, trustedProxies: 1 });
    expect(await codesOf(11, () => send('203.0.113.7'))).toContain('RATE_LIMITED');
    expect(await codesOf(1, () => send('203.0.113.8'))).toEqual(['UNAUTHENTICATED']);
    await server.close();
    await start({ addressRatePerSecond: 1 });
    let last = 0;
    expect(await codesOf(11, () => send(`203.0.113.${last++}`))).toContain('RATE_LIMITED');
  });

  it('of IPv6 is its network, of which a subscriber has 2^64', async () => {
    await start({ addressRatePerSecond: 1, trustedProxies: 1 });
    let last = 0;
    const send = () => server.post(me, {}, undefined, { 'x-forwarded-for': `2001:db8:1:2::${last++}` });
    expect(await codesOf(11, send)).toContain('RATE_LIMITED');
    const other = await server.post(me, {}, undefined, { 'x-forwarded-for': '2001:db8:1:3::1' });
    expect(other.status).toBe(200);
  });
});

describe('a card', () => {
  const preview = 'query ($uid: String!) { previewSwipe(cardUid: $uid, grossFen: 1000) { outcome } }';

  it('is looked at so often and no more, by whoever asks and however it is written', async () => {
    await start({ objectRatePerMinute: 5 });
    const { uid } = await addDiner(town);
    const tokens = [
      await server.readerToken(town.canteenIds[0]),
      await server.readerToken(town.canteenIds[1]),
    ];
    let sent = 0;
    const codes = await codesOf(20, () => {
      sent += 1;
      const written = sent % 3 === 0 ? uid.toLowerCase() : uid;
      return server.post(preview, { uid: written }, tokens[sent % 2]);
    });
    expect(codes).toEqual([...Array(15).fill('ok'), ...Array(5).fill('RATE_LIMITED')]);
    const { status, headers } = await server.post(preview, { uid }, tokens[0]);
    expect([status, Number(headers['retry-after'])]).toEqual([200, expect.any(Number)]);
    const other = await addDiner(town);
    expect(await codesOf(1, () => server.post(preview, { uid: other.uid }, tokens[0]))).toEqual(['ok']);
  });

  it('costs the database nothing the first times, nor once it is refused', async () => {
    await start({ objectRatePerMinute: 5 });
    const { uid } = await addDiner(town);
    const token = await server.readerToken(town.canteenIds[0]);
    const statements = async (count: number) => {
      const seen = await statementsOf(server.database, () =>
        codesOf(count, () => server.post(preview, { uid }, token)),
      );
      return seen.statements.filter((sql) => sql.includes('rate_bucket')).length;
    };
    expect(await statements(10)).toBe(0);
    expect(await statements(6)).toBeGreaterThan(0);
    expect(await statements(20)).toBe(0);
  });

  it('is used up by nobody who may not ask about it', async () => {
    await start({ objectRatePerMinute: 5 });
    const { uid } = await addDiner(town);
    const topUp =
      'mutation ($uid: String!) { topUpCard(requestId: "r", cardUid: $uid, fen: 1) { __typename } }';
    const reader = await server.readerToken(town.canteenIds[0]);
    expect(new Set(await codesOf(50, () => server.post(topUp, { uid }, reader)))).toEqual(
      new Set(['FORBIDDEN']),
    );
    const manager = await server.managerToken(town.streetId);
    expect(await codesOf(1, () => server.post(topUp, { uid }, manager))).toEqual(['ok']);
  });
});
