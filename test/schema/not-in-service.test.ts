import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown, noon, type Town } from '../support/town.js';

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
const uuid = '"0191f3a0-0000-7000-8000-000000000001"';

const managed = [
  '{ waitlist(facilityId: 1) { position } }',
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
