import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPerson, signedIn } from '../support/staff.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
beforeAll(async () => {
  server = await startTestServer();
  town = await buildTwoCounties(server.database);
});
afterAll(() => server.close());

describe('what a role opens', () => {
  const asked: [string, string, string[]][] = [
    [
      'elders',
      '{ elders { nodes { name age card { balanceFen } } } }',
      // Of a caregiver who visits nobody the list is empty, so that the closed card is not come to.
      ['ADMIN', 'MANAGER', 'STAFF', 'CAREGIVER', 'AUDITOR'],
    ],
    [
      'visits',
      '{ elders { nodes { name address visits { totalCount } } } }',
      ['ADMIN', 'MANAGER', 'STAFF', 'CAREGIVER', 'AUDITOR'],
    ],
    [
      'a roll-up',
      'query ($f: ID) { facility(id: $f) { rollup { elders } } }',
      ['ADMIN', 'MANAGER', 'FINANCE', 'AUDITOR'],
    ],
    [
      'a top-up',
      'mutation { topUpCard(requestId: "x", cardUid: "y", fen: 1) { __typename } }',
      ['ADMIN', 'MANAGER', 'STAFF'],
    ],
    [
      'the directory',
      'query ($f: ID) { facility(id: $f) { name parent { name } } }',
      ['ADMIN', 'MANAGER', 'STAFF', 'CAREGIVER', 'COURIER', 'FINANCE', 'AUDITOR', 'READER', 'FAMILY'],
    ],
    ['a closing', 'mutation { closeFacility(id: 1, on: "2026-01-01") { __typename } }', ['ADMIN']],
  ];

  it.each(asked)('%s', async (_what, query, allowed) => {
    const { elderId } = await addDiner(town);
    const may: string[] = [];
    for (const role of [
      'ADMIN',
      'MANAGER',
      'STAFF',
      'CAREGIVER',
      'COURIER',
      'FINANCE',
      'AUDITOR',
      'READER',
      'FAMILY',
    ] as const) {
      const place = role === 'ADMIN' || role === 'FAMILY' ? null : town.streetId;
      const person = await addPerson(server.database, role, place, role === 'FAMILY' ? { elderId } : {});
      const { accessToken } = await signedIn(server, person.userName);
      const { body } = await server.post(query, { f: town.streetId }, accessToken);
      const codes = body.errors?.map(({ extensions }) => extensions.code) ?? [];
      expect(codes.every((code) => code === 'FORBIDDEN')).toBe(true);
      if (codes.length === 0) may.push(role);
    }
    expect(may).toEqual(allowed);
  });

  it('a family member is shown the elder of the grant, and nothing that hangs on the elder', async () => {
    const { elderId } = await addDiner(town, { name: '李奶奶' });
    const person = await addPerson(server.database, 'FAMILY', null, { elderId });
    const { accessToken } = await signedIn(server, person.userName);
    const mine = '{ viewer { grants { role facility { id } elder { id name } } } }';
    expect((await server.post(mine, {}, accessToken)).body.data).toEqual({
      viewer: {
        grants: [{ role: 'FAMILY', facility: null, elder: { id: String(elderId), name: '李奶奶' } }],
      },
    });
    const more = await server.post(
      '{ viewer { grants { elder { card { balanceFen } } } } }',
      {},
      accessToken,
    );
    expect(more.body.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await server.post('{ elders { totalCount } }', {}, accessToken)).body).toEqual({
      data: { elders: { totalCount: 1 } },
    });
  });

  it('the tables hold no grant of the wrong kind of scope', async () => {
    const { elderId } = await addDiner(town);
    await expect(addPerson(server.database, 'FAMILY', town.streetId)).rejects.toThrow();
    await expect(addPerson(server.database, 'FAMILY', town.streetId, { elderId })).rejects.toThrow();
    await expect(addPerson(server.database, 'STAFF', null)).rejects.toThrow();
    await expect(addPerson(server.database, 'STAFF', town.streetId, { elderId })).rejects.toThrow();
  });
});
