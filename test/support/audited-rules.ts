import { expect } from 'vitest';
import type { Case } from './audited-mutations.js';
import { overlookRecords, server, tokens, town } from './audited-server.js';
import { dinner, proposedRules } from './rule-documents.js';

let ruleSetId = 0;
const newRules = async () => {
  ruleSetId = await proposedRules(server.database, town.countyId);
  return ruleSetId;
};
const proposeRuleSet = (code: string) =>
  `mutation { proposeRuleSet(input: { code: "${code}", facilityId: "${town.countyId}", fromDay: "2026-05-01", document: ${JSON.stringify(JSON.stringify(dinner()))} }) { __typename ... on SubsidyRuleSet { id } } }`;

/** A call of each mutation about subsidy rules that is done, and the record that it leaves. */
export const succeedingOfRules: Record<string, Case> = {
  proposeRuleSet: {
    token: 'admin',
    query: () => proposeRuleSet('NEW-RULES'),
    record: () => ({
      facilityId: town.countyId,
      subject: expect.stringMatching(/^rules:\d+$/),
      details: expect.stringMatching(/"status":"PROPOSED"/),
    }),
  },
  approveRuleSet: {
    token: 'admin',
    query: async () => `mutation { approveRuleSet(id: "${await newRules()}") { __typename } }`,
    record: () => ({
      subject: `rules:${ruleSetId}`,
      details: expect.stringMatching(/"status":"PROPOSED".*"status":"APPROVED"/),
    }),
  },
  rejectRuleSet: {
    token: 'admin',
    query: async () => `mutation { rejectRuleSet(id: "${await newRules()}", note: "no") { __typename } }`,
    record: () => ({ details: expect.stringMatching(/"status":"PROPOSED".*"status":"REJECTED"/) }),
  },
  withdrawRuleSet: {
    token: 'admin',
    async query() {
      const { body } = await server.post<{ proposeRuleSet: { id: string } }>(
        proposeRuleSet('OWN-RULES'),
        {},
        tokens.admin,
      );
      await overlookRecords();
      return `mutation { withdrawRuleSet(id: "${body.data.proposeRuleSet.id}") { __typename } }`;
    },
    record: () => ({ details: expect.stringMatching(/"status":"PROPOSED".*"status":"WITHDRAWN"/) }),
  },
};
