import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Case } from './audited-mutations.js';
import { overlookRecords, server, tokens, town } from './audited-server.js';
import { classesInput, offersInput } from './bed-walk.js';
import { addBeds, addHome, addResident } from './beds.js';
import { indicators } from './indicators.js';

let homeId = 0;
let bedId = 0;
let elderId = 0;
let id = '';

const uuid = () => `requestId: "${randomUUID()}"`;
const entry = '{ __typename ... on WaitlistEntry { id offer { id } } }';
const typename = '{ __typename }';
const scores = indicators
  .filter(([, group]) => group !== null)
  .map(([code]) => `{ code: "${code}", score: 1 }`)
  .join(', ');

async function newApplicant(): Promise<void> {
  homeId = await addHome(town);
  [bedId = 0] = await addBeds(town, homeId, [{}]);
  elderId = await addResident(town);
}

const join = () =>
  `joinWaitlist(${uuid()}, elderId: ${elderId}, facilityId: ${homeId}, type: GENERAL) ${entry}`;

async function done(query: string): Promise<{ id: string; offer: { id: string } | null }> {
  const { body } = await server.post<Record<string, { id: string; offer: { id: string } | null }>>(
    `mutation { ${query} }`,
    {},
    tokens.manager,
  );
  expect(JSON.stringify(body)).not.toMatch(/Refusal|"errors"/);
  await overlookRecords();
  return Object.values(body.data)[0] as { id: string; offer: { id: string } | null };
}

async function newEntry(): Promise<void> {
  await newApplicant();
  ({ id } = await done(join()));
}

async function newOffer(): Promise<void> {
  await newEntry();
  id = (await done(`offerBed(bedId: ${bedId}) ${entry}`)).offer?.id ?? '';
}

const call = (text: () => string, before: () => Promise<void>): Pick<Case, 'token' | 'query'> => ({
  token: 'manager',
  async query() {
    await before();
    return `mutation { ${text()} }`;
  },
});
const ofEntry = () => ({ elderId, facilityId: homeId, subject: expect.stringMatching(/^waiting:\d+$/) });

/** A call of each mutation about those who wait, and about how able they are, and the record that it leaves. */
export const succeedingOfWaiting: Record<string, Case> = {
  joinWaitlist: { ...call(join, newApplicant), record: ofEntry },
  leaveWaitlist: { ...call(() => `leaveWaitlist(entryId: ${id}) ${typename}`, newEntry), record: ofEntry },
  offerBed: { ...call(() => `offerBed(bedId: ${bedId}) ${typename}`, newEntry), record: ofEntry },
  acceptOffer: {
    ...call(() => `acceptOffer(offerId: ${id}, from: "2026-03-10") ${typename}`, newOffer),
    record: () => ({ elderId, facilityId: homeId, subject: `stay:${id}` }),
  },
  declineOffer: {
    ...call(() => `declineOffer(offerId: ${id}, reason: "离家太远") ${typename}`, newOffer),
    record: () => ({ ...ofEntry(), details: expect.stringContaining('"reason":"***"') }),
  },
  setWaitlistRule: {
    token: 'admin',
    query: () => `mutation { setWaitlistRule(from: "2026-03-20", rule: ${offersInput}) ${typename} }`,
    record: () => ({
      subject: 'waitlist-rule',
      details: expect.stringMatching(/"before":\{"offerHours":72.*"after":\{"offerHours":48/),
    }),
  },
  setWaitlistClasses: {
    token: 'admin',
    query: () => `mutation { setWaitlistClasses(from: "2026-03-20", classes: ${classesInput}) ${typename} }`,
    record: () => ({
      subject: 'waitlist-classes',
      details: expect.stringMatching(/"before":\{"from":"2000-01-01".*"after":\{"from":"2026-03-20"/),
    }),
  },
  setOffersPassOn: {
    ...call(
      () => `setOffersPassOn(facilityId: ${homeId}, type: GENERAL, passesOn: false) ${typename}`,
      newEntry,
    ),
    record: () => ({ facilityId: homeId, subject: 'waiting-line:GENERAL' }),
  },
  setFreeBedsOffered: {
    ...call(
      () => `setFreeBedsOffered(facilityId: ${homeId}, type: GENERAL, offersFree: true) ${typename}`,
      newEntry,
    ),
    record: () => ({ facilityId: homeId, subject: 'waiting-line:GENERAL' }),
  },
  recordAssessment: {
    ...call(
      () =>
        `recordAssessment(${uuid()}, elderId: ${elderId}, assessedOn: "2026-03-10", scores: [${scores}], hasDementia: true) ${typename}`,
      newApplicant,
    ),
    record: () => ({
      elderId,
      subject: expect.stringMatching(/^assessment:\d+$/),
      details: expect.stringMatching(/(?=.*"scores":"\*\*\*")(?=.*"hasDementia":"\*\*\*")/),
    }),
  },
  reportChangeOfState: {
    ...call(
      () =>
        `reportChangeOfState(elderId: ${elderId}, on: "2026-03-10", kind: ILLNESS, note: "中风") ${typename}`,
      newApplicant,
    ),
    record: () => ({
      elderId,
      subject: expect.stringMatching(/^state-change:\d+$/),
      details: expect.stringContaining('"note":"***"'),
    }),
  },
};
