import { afterAll, beforeAll, expect, it } from 'vitest';
import { setVisitTerms } from '../../src/visits/set-visit-terms.js';
import { addElder, addHomeServices, addWorker, on, placeStation } from '../support/bookings.js';
import { statementsOf } from '../support/count-statements.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
let manager: string;
let admin: string;
let elderId: number;
let caregiverId: number;

beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTwoCounties(server.database);
  await addHomeServices(server);
  await placeStation(town);
  caregiverId = await addWorker(town);
  manager = await server.managerToken(town.cityId);
  admin = (await server.account('ADMIN', null)).token;
  elderId = await addElder(town);
});
afterAll(() => server.close());

async function ask<Data>(query: string, token = manager): Promise<Data> {
  const { body } = await server.post<Data>(query, {}, token);
  expect(body.errors, query).toBe(undefined);
  return body.data;
}

/** How many free times a day has. */
async function timesOn(day: string): Promise<number> {
  const [from, to] = [on(day, '00:00').toISOString(), on(day, '23:59').toISOString()];
  const { visitSlots } = await ask<{ visitSlots: unknown[] }>(
    `{ visitSlots(elderId: "${elderId}", serviceCode: "CLEANING", from: "${from}", to: "${to}", first: 200) { startsAt } }`,
  );
  return visitSlots.length;
}

interface Told {
  id?: string;
  code?: string;
  alternatives?: { startsAt: string }[];
}
const input = (requestId: number, day: string) =>
  `input: { requestId: "a4b3f3a8-5d9f-4f0c-9df5-${String(requestId).padStart(12, '0')}", elderId: "${elderId}", serviceCode: "CLEANING", startsAt: "${on(day, '09:00').toISOString()}" }`;
let requests = 0;
async function book(day: string): Promise<Told> {
  requests += 1;
  const told = await ask<{ bookVisit: Told }>(
    `mutation { bookVisit(${input(requests, day)}) { ... on Visit { id } ... on VisitRefusal { code } } }`,
  );
  return told.bookVisit;
}
async function preview(day: string): Promise<Told> {
  const told = await ask<{ previewVisit: Told }>(
    `{ previewVisit(${input(999, day)}) { ... on VisitRefusal { code } } }`,
  );
  return told.previewVisit;
}
async function move(visitId: string, day: string): Promise<Told> {
  const told = await ask<{ rescheduleVisit: Told }>(
    `mutation { rescheduleVisit(visitId: "${visitId}", startsAt: "${on(day, '09:00').toISOString()}") { ... on Visit { id } ... on VisitRefusal { code } } }`,
  );
  return told.rescheduleVisit;
}
const offer = (facilityId: number, fromDay: string, isOffered: boolean) =>
  ask(
    `mutation { setServiceOffer(facilityId: "${facilityId}", serviceCode: "CLEANING", fromDay: "${fromDay}", isOffered: ${isOffered}) { __typename } }`,
    admin,
  );

it('what a place stops offering cannot be had from that day on: no free time, no booking and no move to it', async () => {
  const visit = await book('2026-03-20');
  const after = await book('2026-03-24');
  expect([await timesOn('2026-03-19'), await timesOn('2026-03-23')].every((count) => count > 10)).toBe(true);
  await offer(town.streetId, '2026-03-22', false);
  // Told in the same moment: nothing that was read before is answered any more.
  expect([await timesOn('2026-03-23'), (await timesOn('2026-03-19')) > 10]).toEqual([0, true]);
  expect(await book('2026-03-23')).toEqual({ code: 'SERVICE_NOT_OFFERED' });
  expect(await preview('2026-03-23')).toEqual({ code: 'SERVICE_NOT_OFFERED' });
  expect(await move(visit.id as string, '2026-03-23')).toEqual({ code: 'SERVICE_NOT_OFFERED' });
  // What is booked stays booked, and may be moved to a day on which it is offered.
  expect(await move(after.id as string, '2026-03-21')).toEqual({ id: after.id });
  // The nearest place decides: the station itself brings it all the same.
  await offer(town.stationId, '2026-03-25', true);
  expect([await timesOn('2026-03-24'), (await timesOn('2026-03-25')) > 10]).toEqual([0, true]);
  expect((await book('2026-03-25')).id).toBeDefined();
  // Days between two others that can be had do not take the place of free times.
  const [from, to] = [on('2026-03-21', '16:00').toISOString(), on('2026-03-27', '00:00').toISOString()];
  const { visitSlots } = await ask<{ visitSlots: { startsAt: string }[] }>(
    `{ visitSlots(elderId: "${elderId}", serviceCode: "CLEANING", from: "${from}", to: "${to}", first: 10) { startsAt } }`,
  );
  expect(visitSlots).toHaveLength(10);
  expect(new Set(visitSlots.map(({ startsAt }) => startsAt.slice(0, 10)))).toEqual(
    new Set(['2026-03-21', '2026-03-25']),
  );
});

it('is asked in as many statements, however many places say something of it', async () => {
  const count = async () =>
    (await statementsOf(server.database, () => preview('2026-03-30'))).statements.length;
  const few = await count();
  for (const place of [town.cityId, town.countyId, town.streetId]) {
    for (const day of ['2026-03-28', '2026-03-29']) await offer(place, day, true);
  }
  expect(await count()).toBe(few);
});

it('an absence, a roster and a step of a visit are seen by whoever asks for free times next', async () => {
  const day = '2026-04-07';
  const free = await timesOn(day);
  await ask(
    `mutation { recordAbsence(caregiverId: "${caregiverId}", kind: DAY_OFF, startsAt: "${on(day, '00:00').toISOString()}", endsAt: "${on(day, '12:00').toISOString()}") { __typename } }`,
  );
  expect(await timesOn(day)).toBeLessThan(free);
  await ask(`mutation { withdrawAbsence(absenceId: "1") { __typename } }`);
  expect(await timesOn(day)).toBe(free);
  const visit = await book(day);
  expect(await timesOn(day)).toBeLessThan(free);
  await ask(`mutation { cancelVisit(visitId: "${visit.id}", reason: "家人来了") { __typename } }`);
  expect(await timesOn(day)).toBe(free);
  await ask(
    `mutation { setWorkingHours(caregiverId: "${caregiverId}", fromDay: "${day}", hours: []) { __typename } }`,
  );
  expect(await timesOn(day)).toBe(0);
});

it('terms of booking count from their day on, and what is out of range or backdated is refused', async () => {
  const set = (fields: string, token = admin) =>
    ask<{ setVisitTerms: { code?: string } }>(
      `mutation { setVisitTerms(input: { facilityId: "${town.countyId}", ${fields} }) { ... on VisitTerms { leadMinutes horizonDays rasterMinutes noticeMinutes } ... on CareRefusal { code field } } }`,
      token,
    );
  const before = { leadMinutes: 60, horizonDays: 90, rasterMinutes: 30, noticeMinutes: 1440 };
  expect(
    await ask(
      `{ visitTerms(facilityId: "${town.stationId}") { leadMinutes horizonDays rasterMinutes noticeMinutes } }`,
    ),
  ).toEqual({ visitTerms: before });
  expect(await set('fromDay: "2026-03-09", leadMinutes: 0')).toEqual({
    setVisitTerms: { code: 'BACKDATED', field: ['input', 'fromDay'] },
  });
  for (const [field, value] of [
    ['leadMinutes', -1],
    ['horizonDays', 367],
    ['rasterMinutes', 4],
    ['noticeMinutes', 10_081],
  ] as const) {
    expect(await set(`fromDay: "2026-03-10", ${field}: ${value}`)).toEqual({
      setVisitTerms: { code: 'VALUE_OUT_OF_RANGE', field: ['input', field] },
    });
  }
  expect(await set('fromDay: "2026-03-10", horizonDays: 10')).toEqual({
    setVisitTerms: { ...before, horizonDays: 10 },
  });
  expect(await book('2026-03-26')).toEqual({ code: 'TIME_OUT_OF_RANGE' });
  expect(await ask(`{ visitTerms(facilityId: "${town.stationId}") { horizonDays } }`)).toEqual({
    visitTerms: { horizonDays: 10 },
  });
  const refused = await server.database.write((m) =>
    setVisitTerms(m, { facilityId: 999_999, fromDay: '2026-03-10', changed: {}, now: noon }, 'everywhere'),
  );
  expect(refused).toMatchObject({ refused: 'FACILITY_UNKNOWN' });
});

it('duties begin and end on their days, and what was before stays', async () => {
  const set = (fromDay: string, isDuty: boolean, abilityFrom = 2) =>
    ask<{ setVisitDuty: unknown }>(
      `mutation { setVisitDuty(input: { facilityId: "${town.countyId}", category: LIVING_ALONE, abilityFrom: ${abilityFrom}, fromDay: "${fromDay}", isDuty: ${isDuty} }) { ... on VisitDuties { duties { category abilityFrom fromDay toDay } } ... on CareRefusal { code field } } }`,
      admin,
    );
  const duty = (fromDay: string, toDay: string | null) => ({
    category: 'LIVING_ALONE',
    abilityFrom: 2,
    fromDay,
    toDay,
  });
  const duties = (...all: object[]) => ({ setVisitDuty: { duties: all } });
  expect(await set('2026-03-09', true)).toEqual({
    setVisitDuty: { code: 'BACKDATED', field: ['input', 'fromDay'] },
  });
  expect(await set('2026-03-10', true, 5)).toEqual({
    setVisitDuty: { code: 'VALUE_OUT_OF_RANGE', field: ['input', 'abilityFrom'] },
  });
  expect(await set('2026-03-10', false)).toEqual(duties());
  expect(await set('2026-03-10', true)).toEqual(duties(duty('2026-03-10', null)));
  expect(await set('2026-04-01', false)).toEqual(duties(duty('2026-03-10', '2026-04-01')));
  expect(await set('2026-05-01', true)).toEqual(
    duties(duty('2026-03-10', '2026-04-01'), duty('2026-05-01', null)),
  );
  // Said anew from the day of its end on, it goes on without a gap, and what was said for later falls away.
  expect(await set('2026-04-01', true)).toEqual(duties(duty('2026-03-10', null)));
  expect(await ask(`{ visitDuties(facilityId: "${town.stationId}") { facilityId toDay } }`)).toEqual({
    visitDuties: [{ facilityId: String(town.countyId), toDay: null }],
  });
  expect(await set('2026-03-10', false)).toEqual(duties());
});
