import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { raiseAlerts } from '../../src/visits/raise-alerts.js';
import { begun, elderId, given, visitId } from './audited-care-visit.js';
import type { Case } from './audited-mutations.js';
import { overlookRecords, server, tokens, town } from './audited-server.js';
import { later } from './care.js';
import { noon, today } from './town.js';

async function idOf(table: string): Promise<number> {
  const [row]: { id: number }[] = await server.database.read((manager) =>
    manager.query(`SELECT MAX(id) AS id FROM ${table}`),
  );
  return row?.id ?? 0;
}

const about = (from: string, to: string) => () => ({
  facilityId: town.stationId,
  elderId,
  subject: `visit:${visitId}`,
  details: expect.stringMatching(new RegExp(`"before".*"status":"${from}".*"after".*"status":"${to}"`)),
});
const position = 'latitude: 33.0, longitude: 112.5';
const measured = () =>
  `mutation { recordCare(input: { visitId: "${visitId}", requestId: "${randomUUID()}", note: "王小明今天头晕", measurements: [{ kind: SUGAR, value: 22.2 }] }) { __typename ... on CareRefusal { code } } }`;

/** A call of each mutation about carrying visits out that is done, and the record that it leaves. */
export const succeedingOfCare: Record<string, Case> = {
  checkIn: {
    token: 'staff',
    async query() {
      await given();
      return `mutation { checkIn(visitId: "${visitId}", at: "${noon.toISOString()}", ${position}, tag: "YLDOOR-x") { __typename } }`;
    },
    record: () => ({
      ...about('ASSIGNED', 'IN_PROGRESS')(),
      details: expect.stringMatching(
        /"tag":"\*\*\*","longitude":"\*\*\*","latitude":"\*\*\*".*"status":"IN_PROGRESS"/,
      ),
    }),
  },
  checkOut: {
    token: 'staff',
    async query() {
      await begun();
      return `mutation { checkOut(visitId: "${visitId}", at: "${noon.toISOString()}", ${position}) { __typename } }`;
    },
    record: about('IN_PROGRESS', 'COMPLETED'),
  },
  recordVisitChecks: {
    token: 'staff',
    async query() {
      await given();
      const tap = `requestId: "${randomUUID()}", visitId: "${visitId}", at: "${noon.toISOString()}"`;
      return `mutation { recordVisitChecks(input: [{ ${tap}, kind: IN, ${position} }, { ${tap}, kind: OUT }]) { outcome } }`;
    },
    record: () => ({
      details: expect.stringContaining(
        `"taps":2,"replayed":0,"forReview":0,"visits":["${visitId}"],"refused":["REQUEST_ID_REUSED"]`,
      ),
    }),
  },
  endVisit: {
    token: 'manager',
    async query() {
      await begun();
      return `mutation { endVisit(visitId: "${visitId}", at: "${noon.toISOString()}", reason: "手机没电") { __typename } }`;
    },
    record: about('IN_PROGRESS', 'COMPLETED'),
  },
  decideVisitEvidence: {
    token: 'manager',
    async query() {
      await begun(true);
      return `mutation { decideVisitEvidence(visitId: "${visitId}", verdict: PAY, note: "已电话核实") { __typename ... on CareRefusal { code } } }`;
    },
    record: () => ({
      elderId,
      subject: `visit:${visitId}`,
      details: expect.stringMatching(/"note":"\*\*\*".*"decision":"BLOCK","decided":null.*"decided":"PAY"/),
    }),
  },
  setVisitCareTerms: {
    token: 'admin',
    query: () =>
      `mutation { setVisitCareTerms(input: { facilityId: "${town.stationId}", fromDay: "${today}", nearMetres: 120 }) { __typename } }`,
    record: () => ({
      facilityId: town.stationId,
      details: expect.stringMatching(/"before".*"nearMetres":100.*"after".*"nearMetres":120/),
    }),
  },
  setVisitTerms: {
    token: 'admin',
    query: () =>
      `mutation { setVisitTerms(input: { facilityId: "${town.stationId}", fromDay: "${today}", leadMinutes: 90 }) { __typename } }`,
    record: () => ({
      facilityId: town.stationId,
      details: expect.stringMatching(/"before".*"leadMinutes":60.*"after".*"leadMinutes":90/),
    }),
  },
  setVisitDuty: {
    token: 'admin',
    query: () =>
      `mutation { setVisitDuty(input: { facilityId: "${town.stationId}", category: DESTITUTE, abilityFrom: 0, fromDay: "${today}", isDuty: true }) { __typename } }`,
    record: () => ({
      facilityId: town.stationId,
      details: expect.stringMatching(/"before".*"duties":\[\].*"after".*"duties":\["DESTITUTE 0/),
    }),
  },
  issueDoorTag: {
    token: 'manager',
    async query() {
      await given();
      return `mutation { issueDoorTag(elderId: "${elderId}") { __typename } }`;
    },
    record: () => ({ elderId, details: expect.not.stringContaining('YLDOOR') }),
  },
  revokeDoorTag: {
    token: 'manager',
    async query() {
      await given();
      await server.post(
        `mutation { issueDoorTag(elderId: "${elderId}") { __typename } }`,
        {},
        tokens.manager,
      );
      await overlookRecords();
      return `mutation { revokeDoorTag(id: "${await idOf('door_tag')}") { __typename } }`;
    },
    record: () => ({
      elderId,
      details: expect.stringMatching(/"before":\{"tag":\d+,"revoked":false\}.*"revoked":true/),
    }),
  },
  recordCare: {
    token: 'staff',
    async query() {
      await begun();
      return measured();
    },
    record: () => ({
      elderId,
      details: expect.stringMatching(/"hasNote":true,"measurements":1(?!.*(头晕|22\.2))/),
    }),
  },
  setCareLimit: {
    token: 'manager',
    async query() {
      await given();
      return `mutation { setCareLimit(input: { elderId: "${elderId}", kind: SUGAR, high: 11.1 }) { __typename ... on CareRefusal { code } } }`;
    },
    record: () => ({ elderId, details: expect.not.stringContaining('11') }),
  },
  answerCareAlert: {
    token: 'manager',
    async query() {
      await begun();
      await server.post(measured(), {}, tokens.staff);
      await overlookRecords();
      return `mutation { answerCareAlert(id: "${await idOf('care_alert')}", outcome: FAMILY_TOLD, note: "已通知女儿") { __typename } }`;
    },
    record: () => ({
      facilityId: town.stationId,
      subject: expect.stringMatching(/^care_alert:\d+$/),
      details: expect.stringMatching(/"note":"\*\*\*".*"outcome":null.*"outcome":"FAMILY_TOLD"/),
    }),
  },
  answerVisitAlert: {
    token: 'manager',
    async query() {
      await given();
      await raiseAlerts(server.database, later(30));
      return `mutation { answerVisitAlert(id: "${await idOf('visit_alert')}") { __typename } }`;
    },
    record: () => ({
      facilityId: town.stationId,
      details: expect.stringMatching(/"acknowledgedById":null.*"acknowledgedById":\d+/),
    }),
  },
  setServiceItems: {
    token: 'admin',
    async query() {
      await given();
      return 'mutation { setServiceItems(serviceCode: "WALKING", items: [{ zh: "拐杖", en: "A stick" }]) { __typename } }';
    },
    record: () => ({ details: expect.stringMatching(/"before":\{"items":0\}.*"after":\{"items":1\}/) }),
  },
  setElderContacts: {
    token: 'manager',
    async query() {
      await given();
      return `mutation { setElderContacts(elderId: "${elderId}", contacts: [{ name: "王芳", relation: "女儿", phone: "13900000000" }]) { __typename ... on ElderContactsRefusal { code } } }`;
    },
    record: () => ({ elderId, details: expect.not.stringMatching(/王芳|13900000000/) }),
  },
};
