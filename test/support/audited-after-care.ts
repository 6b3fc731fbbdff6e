import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { objectToCancellation } from '../../src/visits/cancellation-objections.js';
import { recordFamilyPayment } from '../../src/visits/family-payments.js';
import { begun, calledOff, carer, elderId, visitId } from './audited-care-visit.js';
import type { Case } from './audited-mutations.js';
import { overlookRecords, server, tokens, town } from './audited-server.js';
import { noon } from './town.js';

/** A call of each mutation about a visit that is over or was called off, and the record that it leaves. */
export const succeedingAfterCare: Record<string, Case> = {
  recordFamilyPayment: {
    token: 'staff',
    async query() {
      await begun(true);
      return `mutation { recordFamilyPayment(requestId: "${randomUUID()}", visitId: "${visitId}", fen: 100, means: CASH) { __typename ... on CareRefusal { code message } } }`;
    },
    record: () => ({
      elderId,
      subject: `visit:${visitId}`,
      details: expect.stringMatching(/"before":\{"familyPaidFen":0\}.*"after":\{"familyPaidFen":100\}/),
    }),
  },
  reverseFamilyPayment: {
    token: 'manager',
    async query() {
      const care = await begun(true);
      const paid = { requestId: randomUUID(), visitId, fen: 100, means: 'CASH' as const, caregiverId: null };
      const payment = await care.database.write((manager) =>
        recordFamilyPayment(manager, { ...paid, byId: carer.accountId, now: noon }, carer.reach),
      );
      await overlookRecords();
      const id = 'id' in payment ? payment.id : 0;
      return `mutation { reverseFamilyPayment(requestId: "${randomUUID()}", paymentId: "${id}", reason: "王小明已退款") { __typename ... on CareRefusal { code message } } }`;
    },
    record: () => ({
      elderId,
      subject: `visit:${visitId}`,
      details: expect.stringMatching(
        /"reason":"\*\*\*".*"before":\{"familyPaidFen":100\}.*"after":\{"familyPaidFen":0\}/,
      ),
    }),
  },
  rateVisit: {
    token: 'staff',
    async query() {
      await begun(true);
      const { token, accountId } = await server.account('FAMILY', null, '女儿', elderId);
      await server.database.write((manager) =>
        manager.query("UPDATE access_grant SET familyRights = 'BOOKING' WHERE accountId = ?", [accountId]),
      );
      tokens.staff = token;
      return `mutation { rateVisit(visitId: "${visitId}", stars: 4, comment: "王小明很满意") { __typename ... on CareRefusal { code } } }`;
    },
    record: () => ({ elderId, details: expect.stringMatching(/"stars":4(?!.*满意)/) }),
  },
  objectToCancellation: {
    token: 'manager',
    async query() {
      await calledOff();
      return `mutation { objectToCancellation(visitId: "${visitId}", reason: "王小明一直在家") { __typename ... on CareRefusal { code } } }`;
    },
    record: () => ({
      ...{ elderId, facilityId: town.stationId, subject: `visit:${visitId}` },
      details: expect.stringMatching(/^(?!.*一直在家).*"objection":null.*"objection":"OPEN"/),
    }),
  },
  decideObjection: {
    token: 'manager',
    async query() {
      await calledOff();
      const { accountId: byId } = await server.account('MANAGER', town.countyId);
      const given = { visitId, reason: '一直在家', byId, now: noon };
      const everything = {
        stations: 'everywhere' as const,
        elderIds: [],
        own: { accountId: 0, stations: [] },
      };
      await server.database.write((m) => objectToCancellation(m, given, everything));
      return `mutation { decideObjection(visitId: "${visitId}", isUpheld: true, note: "王小明在家") { __typename ... on CareRefusal { code } } }`;
    },
    record: () => ({
      ...{ elderId, facilityId: town.stationId, subject: `visit:${visitId}` },
      details: expect.stringMatching(/^(?!.*明在家).*"objection":"OPEN".*"objection":"UPHELD"/),
    }),
  },
};
