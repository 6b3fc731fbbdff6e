import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statementsOf } from '../support/count-statements.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, countRows, noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
let manager: string;
let stranger: string;
beforeAll(async () => {
  server = await startTestServer({ at: noon, settings: { trustedProxies: 1 } });
  town = await buildTwoCounties(server.database);
  manager = await server.managerToken(town.streetId);
  stranger = await server.managerToken(town.otherCountyId);
});
afterAll(() => server.close());

interface Refusal {
  code: string;
  message: string;
  field: string[] | null;
}
interface Key {
  key: string;
  reader: { id: string; name: string; oldKeyUntil: string | null; canteen: { code: string } };
}

const keyFields = `__typename ... on ReaderKey { key reader { id name oldKeyUntil canteen { code } } }
  ... on ReaderRefusal { code message field }`;

async function enrol(name: string, canteenId: number | string = town.canteenIds[0], token = manager) {
  const query = `mutation ($canteenId: ID!, $name: String!) {
    enrolReader(canteenId: $canteenId, name: $name) { ${keyFields} } }`;
  const { body } = await server.post<{ enrolReader: Key & Refusal }>(query, { canteenId, name }, token);
  return body.data?.enrolReader ?? body.errors?.[0]?.extensions;
}

async function enrolled(name: string): Promise<Key> {
  return (await enrol(name)) as Key;
}

async function rotate(readerId: string, overlapMinutes?: number, token = manager) {
  const query = `mutation ($readerId: ID!, $overlapMinutes: Int) {
    rotateReader(readerId: $readerId, overlapMinutes: $overlapMinutes) { ${keyFields} } }`;
  const { body } = await server.post<{ rotateReader: Key & Refusal }>(
    query,
    { readerId, overlapMinutes },
    token,
  );
  return body.data.rotateReader;
}

async function revoke(readerId: string, token = manager) {
  const query = `mutation ($readerId: ID!) { revokeReader(readerId: $readerId) {
    __typename ... on Reader { id revokedAt } ... on ReaderRefusal { code message field } } }`;
  const { body } = await server.post<{ revokeReader: Record<string, unknown> }>(query, { readerId }, token);
  return body.data.revokeReader;
}

const record = 'mutation ($input: SwipeInput!) { recordSwipe(input: $input) { outcome } }';

async function swipe(key: string, sequence: number, more: Record<string, unknown> = {}, headers = {}) {
  const { uid } = await addDiner(town);
  const input = { swipeId: randomUUID(), sequence, cardUid: uid, swipedAt: noon, grossFen: 1000, ...more };
  const { body } = await server.post<{ recordSwipe: { outcome: string } }>(record, { input }, key, headers);
  return body.data?.recordSwipe.outcome ?? body.errors?.[0]?.extensions.code;
}

interface Reader {
  id: string;
  name: string;
  lastSeenAt: string | null;
  softwareVersion: string | null;
  clockSkewMs: number | null;
  possiblyClonedAt: string | null;
  revokedAt: string | null;
  addresses: { address: string }[];
  missingSequences: { count: number; ranges: { from: number; to: number }[] };
}

const list = `query ($within: ID, $first: Int, $after: String) {
  readers(within: $within, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes {
      id name lastSeenAt softwareVersion clockSkewMs possiblyClonedAt revokedAt
      canteen { code } addresses { address firstSeenAt lastSeenAt }
      missingSequences { count ranges { from to } }
    }
  }
}`;

async function readers(token = manager, variables: Record<string, unknown> = { first: 200 }) {
  const { body } = await server.post<{
    readers: { totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string }; nodes: Reader[] };
  }>(list, variables, token);
  return body.data.readers;
}

async function shown(id: string): Promise<Reader | undefined> {
  return (await readers()).nodes.find((reader) => reader.id === id);
}

describe('a manager', () => {
  it('enrols a reader in the own subtree, and its key works at once', async () => {
    const { key, reader } = await enrolled('SN-0001');
    expect(reader).toMatchObject({ name: 'SN-0001', oldKeyUntil: null, canteen: { code: 'CANTEEN-1' } });
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(await swipe(key, 1)).toBe('ACCEPTED');
    expect(JSON.stringify(await readers())).not.toContain(key);
  });

  it.each([
    ['a facility that is not there', () => 999_999, 'SN', 'FACILITY_UNKNOWN', ['canteenId']],
    ['an id that is none', () => "1' OR '1'='1", 'SN', 'FACILITY_UNKNOWN', ['canteenId']],
    ['a home-care station', () => town.stationId, 'SN', 'NOT_A_CANTEEN', ['canteenId']],
    ['a name of blanks', () => town.canteenIds[0], '  ', 'NAME_INVALID', ['name']],
  ])('is refused %s, and nothing is written', async (_what, place, name, code, field) => {
    const before = await countRows(town, 'account');
    expect(await enrol(name, place())).toMatchObject({ __typename: 'ReaderRefusal', code, field });
    expect(await countRows(town, 'account')).toBe(before);
  });

  it('rotates: both keys work for the overlap; without one the old key stops at once', async () => {
    const first = await enrolled('SN-0002');
    const second = await rotate(first.reader.id, 30);
    const untilMs = Date.parse(second.reader.oldKeyUntil ?? '');
    expect(Math.abs(untilMs - Date.now() - 30 * 60_000)).toBeLessThan(20_000);
    expect([await swipe(first.key, 1), await swipe(second.key, 2)]).toEqual(['ACCEPTED', 'ACCEPTED']);
    const third = await rotate(first.reader.id, 0);
    expect(third.reader.oldKeyUntil).toBeNull();
    expect(await swipe(first.key, 3)).toBe('READER_NOT_ACTIVE');
    expect(await swipe(second.key, 3)).toBe('READER_NOT_ACTIVE');
    expect(await swipe(third.key, 3)).toBe('ACCEPTED');
    expect(await rotate(first.reader.id, 43_201)).toMatchObject({ code: 'OVERLAP_OUT_OF_RANGE' });
    const fourth = await rotate(first.reader.id);
    expect(Date.parse(fourth.reader.oldKeyUntil ?? '') - Date.now()).toBeGreaterThan(23 * 3_600_000);
  });

  it('revokes, with the old key of a rotation too', async () => {
    const first = await enrolled('SN-0003');
    const second = await rotate(first.reader.id, 30);
    expect(await revoke(first.reader.id)).toMatchObject({
      __typename: 'Reader',
      revokedAt: expect.any(String),
    });
    for (const { key } of [first, second]) expect(await swipe(key, 1)).toBe('READER_NOT_ACTIVE');
    expect(await revoke(first.reader.id)).toMatchObject({ code: 'READER_REVOKED', field: ['readerId'] });
    expect(await rotate(first.reader.id)).toMatchObject({ code: 'READER_REVOKED', field: ['readerId'] });
  });

  it('of another county finds nothing: a reader there is one that does not exist', async () => {
    const { reader, key } = await enrolled('SN-0004');
    expect(await enrol('SN', town.canteenIds[0], stranger)).toEqual(await enrol('SN', 999_999, stranger));
    expect(await rotate(reader.id, 0, stranger)).toEqual(await rotate('999999', 0, stranger));
    expect(await revoke(reader.id, stranger)).toEqual(await revoke('999999', stranger));
    expect(await swipe(key, 1)).toBe('ACCEPTED');
    const nothing = { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
    expect(await readers(stranger)).toEqual(nothing);
    expect(await readers(stranger, { within: String(town.streetId) })).toEqual(nothing);
    expect(await rotate(String(town.managerId))).toMatchObject({ code: 'READER_UNKNOWN' });
  });

  it('alone may: a reader may neither list nor enrol', async () => {
    const reader = await server.readerToken(town.canteenIds[0]);
    expect(await enrol('SN', town.canteenIds[0], reader)).toMatchObject({ code: 'FORBIDDEN' });
    const { body } = await server.post(list, {}, reader);
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('the list', () => {
  it('has pages, a total, and what lies within a place', async () => {
    await enrol('SN-P1', town.canteenIds[1]);
    await enrol('SN-P2', town.canteenIds[1]);
    const within = String(town.canteenIds[1]);
    const first = await readers(manager, { within, first: 1 });
    expect([first.totalCount, first.nodes.map(({ name }) => name)]).toEqual([2, ['SN-P1']]);
    const second = await readers(manager, { within, first: 5, after: first.pageInfo.endCursor });
    expect([second.pageInfo.hasNextPage, second.nodes.map(({ name }) => name)]).toEqual([false, ['SN-P2']]);
  });

  it('costs as many statements for many readers as for few', async () => {
    const cost = async (first: number) =>
      (await statementsOf(server.database, () => readers(manager, { first }))).statements.length;
    await readers();
    expect(await cost(100)).toBe(await cost(1));
  });

  it('shows when a reader was last seen, what it runs, where, and how its clock goes', async () => {
    const { key, reader } = await enrolled('SN-0005');
    expect(await shown(reader.id)).toMatchObject({ lastSeenAt: null, addresses: [], clockSkewMs: null });
    const clock = new Date(Date.now() + 90_000).toISOString();
    const headers = {
      'x-reader-version': '2.4.1',
      'x-reader-clock': clock,
      'x-forwarded-for': '203.0.113.5',
    };
    await swipe(key, 1, {}, headers);
    const seen = await shown(reader.id);
    expect(Math.abs(Date.parse(seen?.lastSeenAt ?? '') - Date.now())).toBeLessThan(20_000);
    expect(seen).toMatchObject({ softwareVersion: '2.4.1', possiblyClonedAt: null });
    expect(Math.abs((seen?.clockSkewMs ?? 0) - 90_000)).toBeLessThan(20_000);
    expect(seen?.addresses.map(({ address }) => address)).toEqual(['203.0.113.5']);
  });

  it.each([
    ['a version that is a page', { 'x-reader-version': '<script>' }],
    ['a version that is too long', { 'x-reader-version': '1'.repeat(41) }],
    ['a clock that is none', { 'x-reader-clock': 'noon' }],
    ['a clock without an offset', { 'x-reader-clock': '2026-03-10T12:00:00' }],
    ['a clock on a day that is none', { 'x-reader-clock': '2026-99-99T12:00:00Z' }],
  ])('does not believe %s', async (_what, headers) => {
    const { key, reader } = await enrolled('SN-0006');
    await server.post('{ viewer { id } }', {}, key, headers);
    expect(await shown(reader.id)).toMatchObject({ softwareVersion: null, clockSkewMs: null });
  });

  it('takes the clock from live swipes that are new, not from replays or what was offline', async () => {
    const { key, reader } = await enrolled('SN-0007');
    const late = new Date(noon.getTime() - 45_000);
    const swipeId = randomUUID();
    await swipe(key, 1, { offline: true, swipedAt: new Date(noon.getTime() - 3_600_000) });
    expect(await shown(reader.id)).toMatchObject({ clockSkewMs: null });
    await swipe(key, 2, { swipedAt: late, swipeId, cardUid: 'FFFFFFFF' });
    expect(await shown(reader.id)).toMatchObject({ clockSkewMs: -45_000 });
    server.clock.set(new Date(noon.getTime() + 300_000), 0);
    await swipe(key, 2, { swipedAt: late, swipeId, cardUid: 'FFFFFFFF' });
    server.clock.set(noon, 0);
    expect(await shown(reader.id)).toMatchObject({ clockSkewMs: -45_000 });
  });

  it('flags a key that is used from two addresses at once, and not a reader that moved', async () => {
    const moved = await enrolled('SN-0008');
    const copied = await enrolled('SN-0009');
    // Nobody moves within a millisecond: two addresses in one are two machines.
    const call = async (key: string, from: string) => {
      await setTimeout(2);
      await server.post('{ viewer { id } }', {}, key, { 'x-forwarded-for': from });
    };
    for (const from of ['203.0.113.1', '203.0.113.1', '203.0.113.2', '203.0.113.2'])
      await call(moved.key, from);
    for (const from of ['203.0.113.1', '198.51.100.7', '203.0.113.1']) await call(copied.key, from);
    expect(await shown(moved.reader.id)).toMatchObject({ possiblyClonedAt: null });
    const flagged = await shown(copied.reader.id);
    expect(Math.abs(Date.parse(flagged?.possiblyClonedAt ?? '') - Date.now())).toBeLessThan(20_000);
    expect(flagged?.addresses.map(({ address }) => address).sort()).toEqual(['198.51.100.7', '203.0.113.1']);
  });

  it('shows which numbers of the counter are missing, also after a number came twice', async () => {
    const { key, reader } = await enrolled('SN-0010');
    for (const sequence of [5, 6, 6, 9, 10, 20]) await swipe(key, sequence);
    expect((await shown(reader.id))?.missingSequences).toEqual({
      count: 11,
      ranges: [
        { from: 11, to: 19 },
        { from: 7, to: 8 },
      ],
    });
    await swipe(key, 7);
    expect((await shown(reader.id))?.missingSequences.count).toBe(10);
  });
});

it('a swipe costs the same statements whether its reader is watched or not', async () => {
  const { key } = await enrolled('SN-0011');
  await swipe(key, 1);
  const { uid } = await addDiner(town);
  const input = { swipeId: randomUUID(), sequence: 2, cardUid: uid, swipedAt: noon, grossFen: 1000 };
  const { statements } = await statementsOf(server.database, () => server.post(record, { input }, key));
  expect(statements.filter((sql) => /reader_|rate_/.test(sql))).toEqual([]);
});
