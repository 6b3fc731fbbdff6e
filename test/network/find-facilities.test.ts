import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, callerWith, dataOf } from './network-graph.js';
import { SmallNetwork, today } from './small-network.js';

let network: SmallNetwork;
beforeAll(async () => {
  network = await SmallNetwork.open();
  const names = ['100%纯', '100 纯', 'a_b', 'axb', 'tilde!x', 'back\\slash', "Quote's"];
  for (const [index, name] of names.entries()) {
    await network.add(`N-${index}`, 'HAPPINESS_HOME', '411302001001', 'STREET', name);
  }
  await network.add('GONE', 'NURSING_HOME', '411303', 'OTHER');
  await network.close('GONE', today);
});
afterAll(() => network.test.drop());

interface Found {
  facilities: {
    nodes: { code: string; name: string }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    totalCount: number;
  };
}

const list = `query ($within: ID, $kind: FacilityKind, $search: String, $first: Int, $after: String) {
  facilities(within: $within, kind: $kind, search: $search, first: $first, after: $after) {
    nodes { code name } pageInfo { hasNextPage endCursor } totalCount
  }
}`;

async function codes(variables: Record<string, unknown>): Promise<string[]> {
  const { facilities } = dataOf<Found>(await ask(network.database, list, { first: 100, ...variables }));
  expect(facilities.totalCount).toBe(facilities.nodes.length);
  return facilities.nodes.map(({ code }) => code);
}

it('takes wildcards and quotes for what they are', async () => {
  expect(await codes({ search: '100%' })).toEqual(['N-0']);
  expect(await codes({ search: '%' })).toEqual(['N-0']);
  expect(await codes({ search: '_' })).toEqual(['N-2']);
  expect(await codes({ search: 'a_b' })).toEqual(['N-2']);
  expect(await codes({ search: '!' })).toEqual(['N-4']);
  expect(await codes({ search: '\\' })).toEqual(['N-5']);
  expect(await codes({ search: "'" })).toEqual(['N-6']);
  expect(await codes({ search: '纯' })).toEqual(['N-0', 'N-1']);
  expect(await codes({ search: 'TILDE' })).toEqual(['N-4']);
});

it('finds by a part of the code, within a facility, by kind, and all of these together', async () => {
  expect(await codes({ search: ' n-3 ' })).toEqual(['N-3']);
  expect(await codes({ within: String(network.id('DAY')) })).toEqual(['DAY', 'CANTEEN']);
  expect(await codes({ kind: 'COUNTY_CENTER' })).toEqual(['COUNTY', 'OTHER']);
  const within = String(network.id('COUNTY'));
  expect(await codes({ within, kind: 'HAPPINESS_HOME', search: '1' })).toEqual(['N-0', 'N-1']);
  expect(await codes({ within: '999999' })).toEqual([]);
  expect(await codes({ within: 'x' })).toEqual([]);
  expect(await codes({})).toHaveLength(15);
});

it('pages without doubling or missing one', async () => {
  const seen: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 10; page++) {
    const answer: Found = dataOf<Found>(await ask(network.database, list, { first: 4, after }));
    const { nodes, pageInfo, totalCount } = answer.facilities;
    seen.push(...nodes.map(({ code }) => code));
    expect(totalCount).toBe(15);
    after = pageInfo.endCursor;
    if (!pageInfo.hasNextPage) break;
  }
  expect(seen).toEqual(await codes({}));
  const none = dataOf<Found>(await ask(network.database, list, { first: 0 }));
  expect(none.facilities.nodes).toEqual([]);
  expect(none.facilities.pageInfo).toEqual({ hasNextPage: true, endCursor: null });
});

it('leaves closed facilities out of lists, and finds them by id and by code', async () => {
  expect(await codes({ search: 'GONE' })).toEqual([]);
  const both = `query ($id: ID) { byId: facility(id: $id) { code closedOn ancestors { code } }
                                  byCode: facility(code: "GONE") { id closedOn } }`;
  const id = String(network.id('GONE'));
  expect(dataOf(await ask(network.database, both, { id }))).toEqual({
    byId: { code: 'GONE', closedOn: today, ancestors: [{ code: 'CITY' }, { code: 'OTHER' }] },
    byCode: { id, closedOn: today },
  });
});

it('finds a code as it is printed only, on both engines', async () => {
  const query = `{ a: facility(code: "day") { id } b: facility(code: "DAY ") { id } c: facility(code: "") { id }
                   d: facility(id: "0x1") { id } e: facility(id: "99999999999") { id } }`;
  expect(dataOf(await ask(network.database, query))).toEqual({ a: null, b: null, c: null, d: null, e: null });
});

it('names the argument at fault', async () => {
  const fault = async (query: string, variables = {}) => {
    const { errors } = await ask(network.database, query, variables);
    return [errors?.[0]?.extensions.code, errors?.[0]?.extensions.field];
  };
  expect(await fault('{ facility { id } }')).toEqual(['BAD_USER_INPUT', ['id']]);
  expect(await fault('{ facility(id: "1", code: "CITY") { id } }')).toEqual(['BAD_USER_INPUT', ['code']]);
  expect(await fault(list, { first: 201 })).toEqual(['BAD_USER_INPUT', ['first']]);
  expect(await fault(list, { first: -1 })).toEqual(['BAD_USER_INPUT', ['first']]);
  expect(await fault(list, { after: 'nonsense' })).toEqual(['BAD_USER_INPUT', ['after']]);
  for (const forged of ['', 'x', '!!!!', 'id:', '0x10', '1e3', 'id:0x10', 'id:1e3', 'id:-1', '17']) {
    const after = Buffer.from(forged).toString('base64url');
    expect(await fault(list, { after })).toEqual(['BAD_USER_INPUT', ['after']]);
    expect(await fault(list, { after: forged })).toEqual(['BAD_USER_INPUT', ['after']]);
  }
  expect(await fault(list, { search: 'a\u0000b' })).toEqual(['BAD_USER_INPUT', ['search']]);
  expect(await fault(list, { search: 'x'.repeat(101) })).toEqual(['BAD_USER_INPUT', ['search']]);
  expect(await fault('{ facility(code: "CITY") { children(first: 500) { totalCount } } }')).toEqual([
    'BAD_USER_INPUT',
    ['first'],
  ]);
});

it('is open to readers, and closed to who has no token', async () => {
  const reader = callerWith(['READER', network.id('CANTEEN')]);
  expect(dataOf(await ask(network.database, '{ facility(code: "CITY") { code } }', {}, reader))).toEqual({
    facility: { code: 'CITY' },
  });
  const revoked = { ...reader, revoked: true };
  const { errors } = await ask(network.database, '{ facility(code: "CITY") { code } }', {}, revoked);
  expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});
