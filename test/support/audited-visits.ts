import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Case } from './audited-mutations.js';
import { overlookRecords, server, tokens, town } from './audited-server.js';
import { addElder, addHomeServices, addWorker } from './bookings.js';

let elderId = 0;
let visitId = 0;
let caregiverIds: number[] = [];

const bookQuery = () =>
  `mutation { bookVisit(input: { requestId: "${randomUUID()}", elderId: "${elderId}", serviceCode: "CLEANING", startsAt: "2026-03-20T09:00:00+08:00", note: "三楼" }) { __typename ... on Visit { id } } }`;

async function newElder(): Promise<void> {
  if (caregiverIds.length === 0) await addHomeServices(server);
  // Two more for each case, so that somebody is free whatever the cases before left behind.
  caregiverIds = [await addWorker(town), await addWorker(town)];
  elderId = await addElder(town);
}

/** A visit that is booked, of the first caregiver by its number. */
async function newVisit(): Promise<void> {
  await newElder();
  const { body } = await server.post<{ bookVisit: { id: string } }>(bookQuery(), {}, tokens.manager);
  expect(body).toMatchObject({ data: { bookVisit: { id: expect.any(String) } } });
  visitId = Number(body.data.bookVisit.id);
  await overlookRecords();
}

const about = (from: string, to: string) => () => ({
  facilityId: town.stationId,
  elderId,
  subject: `visit:${visitId}`,
  details: expect.stringMatching(new RegExp(`"before".*${from}.*"after".*${to}`)),
});

async function over(query: string): Promise<string> {
  await newVisit();
  return query.replaceAll('VISIT', String(visitId));
}

/** A call of each mutation about bookings that is done, and the record that it leaves. */
export const succeedingOfVisits: Record<string, Case> = {
  bookVisit: {
    token: 'manager',
    async query() {
      await newElder();
      return bookQuery();
    },
    record: () => ({
      elderId,
      facilityId: town.stationId,
      subject: expect.stringMatching(/^visit:\d+$/),
      details: expect.stringMatching(/"note":"\*\*\*"/),
    }),
  },
  rescheduleVisit: {
    token: 'manager',
    query: () =>
      over(
        'mutation { rescheduleVisit(visitId: "VISIT", startsAt: "2026-03-20T13:00:00+08:00", reason: "ill") { __typename } }',
      ),
    record: () => ({
      ...about('"startsAt":"2026-03-20T01:00', '"startsAt":"2026-03-20T05:00')(),
    }),
  },
  cancelVisit: {
    token: 'manager',
    query: () => over('mutation { cancelVisit(visitId: "VISIT", reason: "ill") { __typename } }'),
    record: about('"status":"ASSIGNED"', '"status":"CANCELLED"'),
  },
  assignVisit: {
    token: 'manager',
    async query() {
      await newVisit();
      const rows: { caregiverId: number }[] = await server.database.read((manager) =>
        manager.query('SELECT caregiverId FROM visit_caregiver WHERE visitId = ?', [visitId]),
      );
      const other = caregiverIds.find((id) => id !== rows[0]?.caregiverId);
      return `mutation { assignVisit(visitId: "${visitId}", caregiverId: "${other}") { __typename } }`;
    },
    record: about('"caregiverIds":\\[\\d+\\]', '"caregiverIds":\\[\\d+\\]'),
  },
};
