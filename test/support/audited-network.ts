import { expect } from 'vitest';
import type { Case } from './audited-mutations.js';
import { overlookRecords, server, tokens, town } from './audited-server.js';

async function newFacility(code: string): Promise<number> {
  const { body } = await server.post<{ addFacility: { id: string } }>(addFacility(code), {}, tokens.admin);
  await overlookRecords();
  return Number(body.data.addFacility.id);
}

const addFacility = (code: string) =>
  `mutation { addFacility(input: { name: "新街道", code: "${code}", kind: STREET_CENTER, divisionCode: "411302001", parentId: "${town.countyId}" }) { ... on Facility { id } } }`;

/** A call of each mutation of the network that is done, and the record that it leaves. */
export const networkMutations: Record<string, Case> = {
  addFacility: {
    token: 'admin',
    query: () => addFacility('NEW-1'),
    record: () => ({ result: 'DONE', subject: expect.stringMatching(/^facility:\d+$/) }),
  },
  renameFacility: {
    token: 'admin',
    query: () => `mutation { renameFacility(id: "${town.streetId}", name: "南街") { __typename } }`,
    record: () => ({
      facilityId: town.streetId,
      details: expect.stringMatching(/"before":\{.*"name":"STREET".*"after":\{.*"name":"南街"/),
    }),
  },
  moveFacility: {
    token: 'admin',
    query: async () =>
      `mutation { moveFacility(id: "${town.canteenIds[1]}", parentId: "${await newFacility('NEW-2')}", on: "2026-04-01") { __typename } }`,
    record: () => ({
      facilityId: town.canteenIds[1],
      details: expect.stringMatching(/"before":.*"after":.*"fromDay":"2026-04-01"/),
    }),
  },
  closeFacility: {
    token: 'admin',
    query: async () =>
      `mutation { closeFacility(id: "${await newFacility('NEW-3')}", on: "2026-04-01") { __typename } }`,
    record: () => ({ details: expect.stringMatching(/"closedOn":null.*"closedOn":"2026-04-01"/) }),
  },
};
