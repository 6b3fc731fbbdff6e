import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, buildTown, noon, type Town } from '../support/town.js';

let server: TestServer;
let town: Town;
let admin: string;
let manager: string;
let reader: string;
beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTown(server.database);
  admin = await server.adminToken();
  manager = await server.managerToken(town.streetId);
  reader = await server.readerToken(town.canteenIds[0]);
});
afterAll(() => server.close());

const day = '"2026-03-10"';
const instant = '"2026-03-10T12:00:00+08:00"';
const uuid = '"0191f3a0-0000-7000-8000-000000000001"';

const managed = [
  `{ availableBeds(within: 1, from: ${day}) { totalCount } }`,
  `{ occupancy(within: 1, from: ${day}, to: ${day}) { rate } }`,
  '{ waitlist(facilityId: 1) { position } }',
  `mutation { holdBed(requestId: ${uuid}, bedId: 1, elderId: 1, from: ${day}, expiresAt: ${instant}) { __typename } }`,
  `mutation { admit(requestId: ${uuid}, bedId: 1, elderId: 1, from: ${day}) { __typename } }`,
  `mutation { transferStay(requestId: ${uuid}, stayId: 1, bedId: 2, on: ${day}) { __typename } }`,
  `mutation { startLeave(stayId: 1, on: ${day}) { __typename } }`,
  `mutation { endLeave(stayId: 1, on: ${day}) { __typename } }`,
  `mutation { discharge(stayId: 1, on: ${day}, reason: "home") { __typename } }`,
  `mutation { joinWaitlist(requestId: ${uuid}, elderId: 1, facilityId: 1, type: NURSING) { __typename } }`,
  'mutation { offerBed(bedId: 1) { __typename } }',
  `mutation { acceptOffer(offerId: 1, from: ${day}) { __typename } }`,
  'mutation { declineOffer(offerId: 1, reason: "far") { __typename } }',
];

/** The codes and messages of an answer's errors. */
async function errorsOf(query: string, token?: string, language = 'en'): Promise<string[]> {
  const { body } = await server.post(query, {}, token, { 'accept-language': language });
  return (body.errors ?? []).map(({ message, extensions }) => `${extensions.code}: ${message}`);
}

const notInService = 'NOT_IN_SERVICE: This part of the platform is not in service yet';
const forbidden = 'FORBIDDEN: You may not do this';

describe.each(managed)('%s', (query) => {
  it('says openly that it is not in service, and to others that it is none of theirs', async () => {
    expect(await errorsOf(query, admin)).toEqual([notInService]);
    expect(await errorsOf(query, manager)).toEqual([notInService]);
    expect(await errorsOf(query, admin, 'zh-CN')).toEqual(['NOT_IN_SERVICE: 此功能尚未开通']);
    expect(await errorsOf(query, reader)).toEqual([forbidden]);
    expect(await errorsOf(query)).toEqual(['UNAUTHENTICATED: The token is missing, unknown or revoked']);
  });
});

describe('what no part of the platform can register yet', () => {
  const empty = { nodes: [], totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null } };
  const page = 'nodes { id } totalCount pageInfo { hasNextPage endCursor }';

  it('is an empty page of a facility, and a size out of range is named', async () => {
    const query = (first: number) =>
      `{ facility(id: ${town.streetId}) { beds(first: ${first}) { ${page} } } }`;
    const { body } = await server.post(query(10), {}, manager);
    expect(body).toEqual({ data: { facility: { beds: empty } } });
    expect(await errorsOf(query(201), manager)).toEqual(['BAD_USER_INPUT: first: must be within 0-200']);
  });

  it('is no stay of an elder', async () => {
    const { elderId } = await addDiner(town);
    const { body } = await server.post(`{ elder(id: ${elderId}) { stay { id } } }`, {}, manager);
    expect(body).toEqual({ data: { elder: { stay: null } } });
  });
});
