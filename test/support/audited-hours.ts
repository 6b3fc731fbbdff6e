import { expect } from 'vitest';
import { AccessGrant, Account } from '../../entities/index.js';
import type { Case } from './audited-mutations.js';
import { overlookRecords, server, tokens, town } from './audited-server.js';
import { addAbsence, addService, proposedHours } from './hours.js';
import { hoursRules } from './hours-cases.js';
import { noon } from './town.js';
import { addCaregiver } from './visits.js';

let ruleId = 0;
const newRules = async () => {
  ruleId = await proposedHours(server.database, town.countyId);
  return ruleId;
};
const propose = (code: string) =>
  `mutation { proposeHoursRuleSet(input: { code: "${code}", facilityId: "${town.countyId}", fromDay: "2026-05-01", document: ${JSON.stringify(JSON.stringify(hoursRules([{}])))} }) { __typename ... on HoursRuleSet { id } } }`;

let caregiverId = 0;
const newCaregiver = async () => {
  caregiverId = await addCaregiver(server.database, { stationId: town.stationId });
  return caregiverId;
};
/** Somebody who may sign in as a caregiver at the town's station, and whom no station plans yet. */
const newAccount = () =>
  server.database.write(async (manager) => {
    const { id } = await manager.save(manager.create(Account, { name: '护理员', createdAt: noon }));
    const grant = { accountId: id, role: 'CAREGIVER' as const, facilityId: town.stationId, fromAt: noon };
    await manager.insert(AccessGrant, grant);
    return id;
  });

let code = '';
let services = 0;
const newService = async () => {
  services += 1;
  code = `AUDITED-${services}`;
  await addService(server.database, { code });
  return code;
};
const terms = 'nameZh: "助浴", nameEn: "Bathing", minutes: 90';

const aboutCaregiver = (details: RegExp) => () => ({
  facilityId: town.stationId,
  subject: `caregiver:${caregiverId}`,
  details: expect.stringMatching(details),
});
const ofCaregiver = (mutation: string, details: RegExp): Case => ({
  token: 'manager',
  query: async () =>
    `mutation { ${mutation.replace('(', `(caregiverId: "${await newCaregiver()}", `)} { __typename } }`,
  record: aboutCaregiver(details),
});

/** A call of each mutation about the catalogue, hours and caregivers that is done, and the record that it leaves. */
export const succeedingOfHours: Record<string, Case> = {
  addService: {
    token: 'admin',
    query: () =>
      `mutation { addService(input: { code: "ADDED", group: HEALTH, ${terms}, fromDay: "2026-03-10", priceFen: 900 }) { __typename } }`,
    record: () => ({
      subject: expect.stringMatching(/^service:\d+$/),
      details: expect.stringMatching(/"after":\{.*"minutes":90.*"prices":\["2026-03-10 900"\]/),
    }),
  },
  changeService: {
    token: 'admin',
    query: async () =>
      `mutation { changeService(serviceCode: "${await newService()}", input: { ${terms} }) { __typename } }`,
    record: () => ({ details: expect.stringMatching(/"before":\{.*"minutes":60.*"after":\{.*"minutes":90/) }),
  },
  setServicePrice: {
    token: 'admin',
    query: async () =>
      `mutation { setServicePrice(serviceCode: "${await newService()}", fromDay: "2026-04-01", priceFen: 900) { __typename } }`,
    record: () => ({
      details: expect.stringMatching(
        /"prices":\["2020-01-01 5000"\].*"prices":\["2026-04-01 900","2020-01-01 5000"\]/,
      ),
    }),
  },
  setServiceOffer: {
    token: 'manager',
    query: async () =>
      `mutation { setServiceOffer(facilityId: "${town.stationId}", serviceCode: "${await newService()}", fromDay: "2026-04-01", isOffered: false) { __typename } }`,
    record: () => ({
      facilityId: town.stationId,
      subject: expect.stringMatching(/^service:\d+$/),
      details: expect.stringMatching(/"isOffered":false/),
    }),
  },
  proposeHoursRuleSet: {
    token: 'admin',
    query: () => propose('NEW-HOURS'),
    record: () => ({
      facilityId: town.countyId,
      subject: expect.stringMatching(/^hours-rules:\d+$/),
      details: expect.stringMatching(/"status":"PROPOSED"/),
    }),
  },
  approveHoursRuleSet: {
    token: 'admin',
    query: async () => `mutation { approveHoursRuleSet(id: "${await newRules()}") { __typename } }`,
    record: () => ({
      subject: `hours-rules:${ruleId}`,
      details: expect.stringMatching(/"status":"PROPOSED".*"status":"APPROVED"/),
    }),
  },
  rejectHoursRuleSet: {
    token: 'admin',
    query: async () =>
      `mutation { rejectHoursRuleSet(id: "${await newRules()}", note: "no") { __typename } }`,
    record: () => ({ details: expect.stringMatching(/"status":"PROPOSED".*"status":"REJECTED"/) }),
  },
  withdrawHoursRuleSet: {
    token: 'admin',
    async query() {
      const { body } = await server.post<{ proposeHoursRuleSet: { id: string } }>(
        propose('OWN-HOURS'),
        {},
        tokens.admin,
      );
      await overlookRecords();
      return `mutation { withdrawHoursRuleSet(id: "${body.data.proposeHoursRuleSet.id}") { __typename } }`;
    },
    record: () => ({ details: expect.stringMatching(/"status":"PROPOSED".*"status":"WITHDRAWN"/) }),
  },
  addCaregiver: {
    token: 'manager',
    query: async () =>
      `mutation { addCaregiver(input: { accountId: "${await newAccount()}", stationId: "${town.stationId}", gender: FEMALE, activeFrom: "2026-03-10" }) { __typename } }`,
    record: () => ({
      facilityId: town.stationId,
      subject: expect.stringMatching(/^caregiver:\d+$/),
      details: expect.stringMatching(/"after":\{.*"gender":"FEMALE"/),
    }),
  },
  changeCaregiver: ofCaregiver('changeCaregiver(gender: MALE)', /"gender":"FEMALE".*"gender":"MALE"/),
  endCaregiver: ofCaregiver(
    'endCaregiver(on: "2026-04-01")',
    /"activeUntil":null.*"activeUntil":"2026-04-01"/,
  ),
  keepSkill: ofCaregiver(
    'keepSkill(skill: "DRIVING", expiresOn: "2027-01-01")',
    /"after":\{.*"DRIVING 2027-01-01"/,
  ),
  withdrawSkill: ofCaregiver(
    'withdrawSkill(skill: "COOKING")',
    /"before":\{.*"COOKING".*"after":\{(?!.*COOKING)/,
  ),
  setWorkingHours: ofCaregiver(
    'setWorkingHours(fromDay: "2026-03-10", hours: [{ weekday: 1, fromMinute: 480, toMinute: 720 }])',
    /"hours":\[\].*"hours":\["1 480-720"\]/,
  ),
  recordAbsence: ofCaregiver(
    'recordAbsence(kind: DAY_OFF, startsAt: "2026-03-11T00:00:00+08:00", endsAt: "2026-03-12T00:00:00+08:00")',
    /"absences":0.*"absences":1/,
  ),
  withdrawAbsence: {
    token: 'manager',
    query: async () =>
      `mutation { withdrawAbsence(absenceId: "${await addAbsence(server.database, await newCaregiver())}") { __typename } }`,
    record: aboutCaregiver(/"absences":1.*"absences":0/),
  },
};
