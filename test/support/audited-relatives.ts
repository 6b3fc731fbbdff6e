import { expect } from 'vitest';
import { type Case, diner, newDiner } from './audited-mutations.js';
import { server, tokens } from './audited-server.js';
import { type KeptMessages, keepMessages, letIn, newPhone, requestCode } from './families.js';

/** Somebody who was let in to the last diner. */
async function newRelative(): Promise<{ id: string; phone: string }> {
  const phone = newPhone();
  const { id } = await letIn(server, tokens.manager, { elderId: (await newDiner()).elderId, phone });
  return { id, phone };
}

let kept: KeptMessages | undefined;
/** The messages of the one server, from when a case first needs them. */
const messages = () => {
  kept ??= keepMessages(server);
  return kept;
};

const until = new Date(Date.now() + 86_400_000).toISOString();
const consent = `until: "${until}", how: IN_PERSON, consentVersion: "2026-1"`;

/** A call of each mutation about relatives that is done, and the record that it leaves. */
export const succeedingOfRelatives: Record<string, Case> = {
  requestSignInCode: {
    token: 'reader',
    async query() {
      messages();
      return `mutation { requestSignInCode(phone: "${(await newRelative()).phone}") { __typename } }`;
    },
    record: () => ({
      subject: expect.stringMatching(/^account:\d+$/),
      details: expect.stringMatching(/"phone":"139\*{6}\d\d"/),
    }),
  },
  signInByCode: {
    token: 'reader',
    async query() {
      const { phone } = await newRelative();
      const sent = messages();
      await requestCode(server, phone);
      return `mutation { signInByCode(phone: "${phone}", code: "${sent.codeOf(phone)}") { __typename } }`;
    },
    record: () => ({ subject: expect.stringMatching(/^account:\d+$/) }),
  },
  letRelativeIn: {
    token: 'manager',
    query: async () =>
      `mutation { letRelativeIn(input: { elderId: "${(await newDiner()).elderId}", phone: "13700000000", name: "李秀兰", rights: [MONEY], ${consent} }) { __typename } }`,
    record: () => ({
      elderId: diner.elderId,
      subject: expect.stringMatching(/^grant:\d+$/),
      details: expect.stringMatching(
        /"after":\{"accountId":\d+,"rights":\["MONEY"\].*"textVersion":"2026-1"/,
      ),
    }),
  },
  changeRelativeRights: {
    token: 'manager',
    query: async () =>
      `mutation { changeRelativeRights(grantId: "${(await newRelative()).id}", rights: [HEALTH], ${consent}) { __typename } }`,
    record: () => ({
      elderId: diner.elderId,
      details: expect.stringMatching(/"before":.*"rights":\[\].*"after":.*"rights":\["HEALTH"\]/),
    }),
  },
  withdrawRelative: {
    token: 'manager',
    query: async () =>
      `mutation { withdrawRelative(grantId: "${(await newRelative()).id}", how: PHONE_CALL) { __typename } }`,
    record: () => ({
      elderId: diner.elderId,
      details: expect.stringMatching(/"before":.*"event":"GIVEN".*"after":.*"event":"WITHDRAWN"/),
    }),
  },
};
