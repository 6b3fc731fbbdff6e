import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Case } from './audited-mutations.js';
import { overlookRecords, server, tokens, town } from './audited-server.js';
import { ruleInput, subsidyInput } from './bed-walk.js';
import { addBeds, addHome, addResident } from './beds.js';

let homeId = 0;
let bedId = 0;
let otherBedId = 0;
let elderId = 0;
let id = '';

const uuid = () => `requestId: "${randomUUID()}"`;
const day = '"2026-03-10"';

async function newBeds(): Promise<void> {
  if (homeId === 0) homeId = await addHome(town);
  [bedId = 0, otherBedId = 0] = await addBeds(town, homeId, [{}, {}]);
  elderId = await addResident(town);
}

async function done(query: string): Promise<string> {
  const { body } = await server.post<Record<string, { id?: string }>>(
    `mutation { ${query} }`,
    {},
    tokens.manager,
  );
  expect(JSON.stringify(body)).not.toMatch(/Refusal|"errors"/);
  await overlookRecords();
  return String(Object.values(body.data)[0]?.id);
}

const stayed = '{ __typename ... on BedStay { id } }';
const asked = '{ __typename ... on StayTransfer { id } }';
const admission = (from = '"2026-03-01"') =>
  `admit(${uuid()}, bedId: ${bedId}, elderId: ${elderId}, from: ${from}) ${stayed}`;

/** An elder in a bed since the first of the month, and another bed that is free. */
async function newStay(from?: string): Promise<void> {
  await newBeds();
  id = await done(admission(from));
}

async function newTransfer(): Promise<void> {
  await newStay();
  const other = await addHome(town);
  [otherBedId = 0] = await addBeds(town, other, [{}]);
  id = await done(`askTransfer(${uuid()}, stayId: ${id}, facilityId: ${other}, on: ${day}) ${asked}`);
}

const call = (text: () => string, before: () => Promise<void>): Pick<Case, 'token' | 'query'> => ({
  token: 'manager',
  async query() {
    await before();
    return `mutation { ${text()} }`;
  },
});
const ofStay = () => ({ elderId, facilityId: homeId, subject: expect.stringMatching(/^stay:\d+$/) });
const ofBed = () => ({ facilityId: homeId, subject: `bed:${bedId}` });
const ofPlace = () => ({ facilityId: homeId });
const typename = '{ __typename }';

/** A call of each mutation about beds that is done, and the record that it leaves. */
export const succeedingOfBeds: Record<string, Case> = {
  addRooms: {
    ...call(
      () =>
        `addRooms(facilityId: ${homeId}, rooms: [{ building: "B", floor: 2, room: "${randomUUID().slice(0, 8)}", beds: [{ label: "1", type: HOME }] }]) { written }`,
      newBeds,
    ),
    record: ofPlace,
  },
  importBeds: {
    ...call(
      () =>
        `importBeds(facilityId: ${homeId}, format: CSV, dryRun: false, content: "building,floor,room,bed,type\\nA,1,${randomUUID().slice(0, 8)},1,NURSING") { written }`,
      newBeds,
    ),
    record: () => ({ ...ofPlace(), details: expect.stringContaining('"content":"***"') }),
  },
  closeRooms: {
    token: 'manager',
    async query() {
      await newBeds();
      const rows = await server.database.read((manager) =>
        manager.query('SELECT roomId FROM bed WHERE id = ?', [bedId]),
      );
      return `mutation { closeRooms(roomIds: [${rows[0].roomId}], on: ${day}) ${typename} }`;
    },
    record: ofPlace,
  },
  closeBed: {
    ...call(() => `closeBed(bedId: ${bedId}, from: ${day}, reason: REPAIR) ${typename}`, newBeds),
    record: ofBed,
  },
  openBed: {
    ...call(
      () => `openBed(bedId: ${bedId}, on: "2026-03-12") ${typename}`,
      async () => {
        await newBeds();
        await done(`closeBed(bedId: ${bedId}, from: ${day}, reason: REPAIR) ${typename}`);
      },
    ),
    record: ofBed,
  },
  setBedFee: {
    ...call(
      () => `setBedFee(facilityId: ${homeId}, type: GENERAL, from: ${day}, fenPerDay: 6000) ${typename}`,
      newBeds,
    ),
    record: ofPlace,
  },
  holdBed: {
    ...call(
      () =>
        `holdBed(${uuid()}, bedId: ${bedId}, elderId: ${elderId}, from: ${day}, expiresAt: "2026-03-12T12:00:00+08:00") ${typename}`,
      newBeds,
    ),
    record: ofStay,
  },
  releaseHold: {
    ...call(
      () => `releaseHold(stayId: ${id}) ${typename}`,
      async () => {
        await newBeds();
        id = await done(
          `holdBed(${uuid()}, bedId: ${bedId}, elderId: ${elderId}, from: ${day}, expiresAt: "2026-03-12T12:00:00+08:00") ${stayed}`,
        );
      },
    ),
    record: ofStay,
  },
  admit: { ...call(() => admission(), newBeds), record: ofStay },
  cancelAdmission: {
    ...call(
      () => `cancelAdmission(stayId: ${id}, note: "改主意") ${typename}`,
      () => newStay('"2026-04-01"'),
    ),
    record: () => ({ ...ofStay(), details: expect.stringContaining('"note":"***"') }),
  },
  signContract: {
    ...call(() => `signContract(stayId: ${id}, on: ${day}) ${typename}`, newStay),
    record: ofStay,
  },
  transferStay: {
    ...call(
      () => `transferStay(${uuid()}, stayId: ${id}, bedId: ${otherBedId}, on: ${day}) ${typename}`,
      newStay,
    ),
    record: ofStay,
  },
  askTransfer: {
    token: 'manager',
    async query() {
      await newStay();
      const other = await addHome(town);
      await addBeds(town, other, [{}]);
      return `mutation { askTransfer(${uuid()}, stayId: ${id}, facilityId: ${other}, on: ${day}) ${typename} }`;
    },
    record: () => ({ ...ofPlace(), subject: expect.stringMatching(/^transfer:\d+$/) }),
  },
  acceptTransfer: {
    ...call(
      () => `acceptTransfer(${uuid()}, transferId: ${id}, bedId: ${otherBedId}) ${typename}`,
      newTransfer,
    ),
    record: () => ({ elderId, subject: expect.stringMatching(/^stay:\d+$/) }),
  },
  declineTransfer: {
    ...call(() => `declineTransfer(transferId: ${id}, note: "满员") ${typename}`, newTransfer),
    record: () => ({ subject: `transfer:${id}` }),
  },
  withdrawTransfer: {
    ...call(() => `withdrawTransfer(transferId: ${id}) ${typename}`, newTransfer),
    record: () => ({ subject: `transfer:${id}` }),
  },
  startLeave: { ...call(() => `startLeave(stayId: ${id}, on: ${day}) ${typename}`, newStay), record: ofStay },
  endLeave: {
    ...call(
      () => `endLeave(stayId: ${id}, on: ${day}) ${typename}`,
      async () => {
        await newStay();
        await done(`startLeave(stayId: ${id}, on: "2026-03-05") ${typename}`);
      },
    ),
    record: ofStay,
  },
  discharge: {
    ...call(() => `discharge(stayId: ${id}, on: ${day}, reason: "HOME") ${typename}`, newStay),
    record: ofStay,
  },
  changeDischarge: {
    ...call(
      () => `changeDischarge(stayId: ${id}, on: "2026-03-25") ${typename}`,
      async () => {
        await newStay();
        await done(`discharge(stayId: ${id}, on: "2026-03-20", reason: "HOME") ${typename}`);
      },
    ),
    record: ofStay,
  },
  setAdmissionRule: {
    token: 'admin',
    async query() {
      await newBeds();
      return `mutation { setAdmissionRule(facilityId: ${homeId}, type: HOME, from: "2026-03-20", rule: ${ruleInput}) ${typename} }`;
    },
    record: () => ({
      ...ofPlace(),
      subject: 'admission-rule:HOME',
      details: expect.stringContaining('"after":{"fromDay":"2026-03-20"'),
    }),
  },
  setBedSubsidy: {
    token: 'admin',
    async query() {
      await newBeds();
      return `mutation { setBedSubsidy(facilityId: ${homeId}, funder: "BUREAU", from: "2026-03-20", rule: ${subsidyInput}) ${typename} }`;
    },
    record: () => ({
      ...ofPlace(),
      subject: 'bed-subsidy:BUREAU',
      details: expect.stringContaining('"after":{"fromDay":"2026-03-20"'),
    }),
  },
  chargeStay: {
    ...call(
      () => `chargeStay(stayId: ${id}, month: "2026-02") ${typename}`,
      () => newStay('"2026-02-01"'),
    ),
    record: () => ({ subject: `stay:${id}` }),
  },
};
