import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FamilyRight } from '../../entities/access/access-grant.entity.js';
import { expectAuditClean } from '../support/audited.js';
import { addElder, addHomeServices, addWorker, on, placeStation } from '../support/bookings.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
let manager: string;
let stranger: string;
let elderId: number;
let caregiver: { token: string; id: number };

beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTwoCounties(server.database);
  await addHomeServices(server);
  await placeStation(town);
  manager = await server.managerToken(town.stationId);
  stranger = await server.managerToken(town.otherCountyId);
  elderId = await addElder(town);
  const { token, accountId } = await server.account('CAREGIVER', town.stationId, '李护理');
  caregiver = { token, id: await addWorker(town, { accountId }) };
});
afterAll(async () => {
  await expectAuditClean(server.database);
  await server.close();
});

async function relativeOf(elder: number, rights: readonly FamilyRight[]): Promise<string> {
  const { accountId, token } = await server.account('FAMILY', null, '王芳', elder);
  await server.database.write((m) =>
    m.query('UPDATE access_grant SET familyRights = ? WHERE accountId = ?', [rights.join(' '), accountId]),
  );
  return token;
}

interface Shown {
  __typename: string;
  id: string;
  code?: string;
  field?: string[];
  message?: string;
  alternatives?: { startsAt: string; endsAt: string; caregivers: number }[];
}
const shown =
  '{ __typename ... on Visit { id status startsAt caregiver { name } subsidyFen selfPaidFen version } ... on VisitRefusal { code field message alternatives { startsAt endsAt caregivers } } }';

async function answered(query: string, token: string, language = 'en'): Promise<Record<string, Shown>> {
  const { body } = await server.post<Record<string, Shown>>(query, {}, token, {
    'accept-language': language,
  });
  expect(body.errors).toBe(undefined);
  return body.data;
}
const codesOf = async (query: string, token?: string) => {
  const { body } = await server.post(query, {}, token);
  return (body.errors ?? []).map(({ extensions }) => [extensions.code, extensions.field].filter(Boolean));
};

const bookQuery = (startsAt: string, more = '', elder = elderId) =>
  `mutation { bookVisit(input: { requestId: "${randomUUID()}", elderId: "${elder}", serviceCode: "CLEANING", startsAt: "${startsAt}" ${more} }) ${shown} }`;

async function newVisit(startsAt: string, token = manager, more = ''): Promise<string> {
  const { bookVisit } = await answered(bookQuery(startsAt, more), token);
  expect(bookVisit).toMatchObject({ __typename: 'Visit' });
  return (bookVisit as Shown).id;
}

describe('a family', () => {
  it('books, moves and calls off with the right BOOKING, and sees who comes and what it pays', async () => {
    const family = await relativeOf(elderId, ['BOOKING']);
    const { bookVisit } = await answered(bookQuery('2026-03-16T09:00:00+08:00'), family);
    expect(bookVisit).toMatchObject({
      __typename: 'Visit',
      status: 'ASSIGNED',
      startsAt: '2026-03-16T01:00:00.000Z',
      caregiver: { name: '李护理' },
      subsidyFen: 0,
      selfPaidFen: 6000,
      version: 1,
    });
    const { id } = bookVisit as Shown;
    const moved = await answered(
      `mutation { rescheduleVisit(visitId: "${id}", startsAt: "2026-03-17T09:00:00+08:00") ${shown} }`,
      family,
    );
    expect(moved.rescheduleVisit).toMatchObject({ id, startsAt: '2026-03-17T01:00:00.000Z', version: 2 });
    server.clock.set(on('2026-03-16', '09:00'), 0);
    const inTime = await answered(
      `mutation { cancelVisit(visitId: "${id}", reason: "女儿来了") ${shown} }`,
      family,
    );
    expect(inTime.cancelVisit).toMatchObject({ id, status: 'CANCELLED' });
    server.clock.set(noon, 0);
  });

  it('does none of it without the right, for others, or as its caregiver', async () => {
    const visitId = await newVisit('2026-03-18T09:00:00+08:00');
    const without = await relativeOf(elderId, ['HEALTH', 'MONEY']);
    const ofOther = await relativeOf(await addElder(town), ['BOOKING']);
    const slots = `{ visitSlots(elderId: "${elderId}", serviceCode: "CLEANING", from: "2026-03-16T00:00:00+08:00", to: "2026-03-20T00:00:00+08:00") { startsAt } }`;
    const queries = [
      bookQuery('2026-03-19T09:00:00+08:00'),
      slots,
      `mutation { cancelVisit(visitId: "${visitId}", reason: "x") ${shown} }`,
      `mutation { rescheduleVisit(visitId: "${visitId}", startsAt: "2026-03-19T09:00:00+08:00") ${shown} }`,
    ];
    for (const query of queries) {
      expect(await codesOf(query, without)).toEqual([['FORBIDDEN']]);
      expect(await codesOf(query, caregiver.token)).toEqual([['FORBIDDEN']]);
      expect(await codesOf(query)).toEqual([['UNAUTHENTICATED']]);
    }
    for (const token of [ofOther, stranger]) {
      const [book, free, cancel, move] = await Promise.all(queries.map((query) => answered(query, token)));
      expect(book?.bookVisit).toMatchObject({ code: 'ELDER_NOT_ACTIVE', field: ['input', 'elderId'] });
      expect(free).toEqual({ visitSlots: [] });
      for (const step of [cancel?.cancelVisit, move?.rescheduleVisit]) {
        expect(step).toMatchObject({ code: 'VISIT_UNKNOWN', field: ['visitId'], alternatives: [] });
      }
    }
    expect(
      await codesOf(`mutation { assignVisit(visitId: "${visitId}", caregiverId: "1") ${shown} }`, ofOther),
    ).toEqual([['FORBIDDEN']]);
  });

  it('is told in its language why not, and when instead', async () => {
    const { bookVisit } = await answered(bookQuery('2026-03-18T09:30:00+08:00'), manager, 'zh-CN');
    expect(bookVisit).toMatchObject({
      code: 'ELDER_BUSY',
      message: 'input.startsAt: 老人此时已有其他上门服务',
      alternatives: expect.arrayContaining([
        { startsAt: '2026-03-18T02:30:00.000Z', endsAt: '2026-03-18T03:30:00.000Z', caregivers: 1 },
      ]),
    });
    expect(bookVisit?.alternatives).toHaveLength(5);
  });
});

it('a preview names who would come and who would pay', async () => {
  const { previewVisit } = await answered(
    `{ previewVisit(input: { requestId: "${randomUUID()}", elderId: "${elderId}", serviceCode: "CLEANING", startsAt: "2026-03-13T09:00:00+08:00", recurrence: "FREQ=WEEKLY;COUNT=2" }) {
       ... on VisitPreview { hoursMinutes subsidyFen selfPaidFen visits { startsAt endsAt selfPaidFen caregivers { name } } } } }`,
    await relativeOf(elderId, ['BOOKING']),
  );
  expect(previewVisit).toEqual({
    hoursMinutes: 0,
    subsidyFen: 0,
    selfPaidFen: 11_000,
    visits: [
      {
        startsAt: '2026-03-13T01:00:00.000Z',
        endsAt: '2026-03-13T02:00:00.000Z',
        selfPaidFen: 5000,
        caregivers: [{ name: '李护理' }],
      },
      {
        startsAt: '2026-03-20T01:00:00.000Z',
        endsAt: '2026-03-20T02:00:00.000Z',
        selfPaidFen: 6000,
        caregivers: [{ name: '李护理' }],
      },
    ],
  });
});

it('what is still to come is called off when the file of the elder ends', async () => {
  const gone = await addElder(town);
  const { bookVisit } = await answered(bookQuery('2026-03-27T09:00:00+08:00', '', gone), manager);
  const admin = await server.adminToken();
  await answered(
    `mutation { endElder(elderId: "${gone}", status: DECEASED, on: "2026-03-10") { __typename } }`,
    admin,
  );
  expect(await answered(`{ visit(id: "${bookVisit?.id}") { status history { kind by } } }`, manager)).toEqual(
    {
      visit: {
        status: 'CANCELLED',
        history: [
          { kind: 'BOOK', by: '测试账户' },
          { kind: 'CANCEL', by: null },
        ],
      },
    },
  );
});

it('free times are asked for within bounds', async () => {
  const query = (from: string, to: string, more = '') =>
    `{ visitSlots(elderId: "${elderId}", serviceCode: "CLEANING", from: "${from}", to: "${to}" ${more}) { startsAt caregivers } }`;
  const day = ['2026-03-25T00:00:00+08:00', '2026-03-26T00:00:00+08:00'] as const;
  const { visitSlots } = await answered(query(...day, 'first: 2'), manager);
  expect(visitSlots).toEqual([
    { startsAt: '2026-03-25T00:00:00.000Z', caregivers: 1 },
    { startsAt: '2026-03-25T00:30:00.000Z', caregivers: 1 },
  ]);
  const usual = await answered(query('2026-03-10T00:00:00+08:00', '2026-03-24T00:00:00+08:00'), manager);
  expect(usual.visitSlots).toHaveLength(20);
  expect(await codesOf(query(day[1], day[0]), manager)).toEqual([['BAD_USER_INPUT', ['to']]]);
  const long = await codesOf(query('2026-03-10T00:00:00+08:00', '2026-05-10T00:00:00+08:00'), manager);
  expect(long).toEqual([['BAD_USER_INPUT', ['to']]]);
  for (const first of [-1, 201]) {
    expect(await codesOf(query(...day, `first: ${first}`), manager)).toEqual([['BAD_USER_INPUT', ['first']]]);
  }
  for (const [from, to] of [
    ['2020-01-01T00:00:00Z', '2020-01-15T00:00:00Z'],
    ['2030-01-01T00:00:00Z', '2030-01-15T00:00:00Z'],
    [day[0], day[0]],
  ] as const) {
    expect(await answered(query(from, to), manager)).toEqual({ visitSlots: [] });
  }
});

describe('what was agreed', () => {
  it('is shown with its note to the station, the family and, while the visit is open, the caregiver', async () => {
    const family = await relativeOf(elderId, ['BOOKING']);
    const id = await newVisit('2026-03-21T09:00:00+08:00', family, 'note: "钥匙在邻居家", flexMinutes: 15');
    const query = `{ elder(id: "${elderId}") { visits(from: "2026-03-21T00:00:00+08:00", to: "2026-03-22T00:00:00+08:00") { nodes { id note agreed { promisedAt flexMinutes hoursMinutes seriesId recurrence occurrence } } } } }`;
    const agreed = {
      promisedAt: '2026-03-21T01:00:00.000Z',
      flexMinutes: 15,
      hoursMinutes: 0,
      seriesId: null,
      recurrence: null,
      occurrence: 0,
    };
    for (const token of [manager, family]) {
      expect(await answered(query, token)).toMatchObject({
        elder: { visits: { nodes: [{ id, note: '钥匙在邻居家', agreed }] } },
      });
    }
    const one = `{ visit(id: "${id}") { note } }`;
    expect(await codesOf(one, caregiver.token)).toEqual([['FORBIDDEN']]);
    server.clock.set(on('2026-03-20', '00:00'), 0);
    expect(await answered(one, caregiver.token)).toEqual({ visit: { note: '钥匙在邻居家' } });
    server.clock.set(noon, 0);
  });

  it('and what became of it is told to managers of the station', async () => {
    const id = await newVisit('2026-03-11T09:00:00+08:00');
    await answered(`mutation { cancelVisit(visitId: "${id}", reason: "住院") ${shown} }`, manager);
    const query = `{ visit(id: "${id}") { history { version kind status by isOverride reason startsAt at } } }`;
    expect(await answered(query, manager)).toMatchObject({
      visit: {
        history: [
          { version: 1, kind: 'BOOK', status: 'ASSIGNED', by: '测试账户', isOverride: false, reason: null },
          { version: 2, kind: 'CANCEL', status: 'CANCELLED', isOverride: true, reason: '住院' },
        ],
      },
    });
    expect(await codesOf(query, caregiver.token)).toEqual([['FORBIDDEN']]);
  });

  it('goes into the exported file whole, and its words go with the erased one', async () => {
    const admin = await server.adminToken();
    const other = await addElder(town);
    const { bookVisit } = await answered(
      bookQuery('2026-03-26T09:00:00+08:00', 'note: "小心狗"', other),
      manager,
    );
    await answered(`mutation { cancelVisit(visitId: "${bookVisit?.id}", reason: "搬家") ${shown} }`, manager);
    const { body } = await server.post<{ exportElder: object }>(
      `{ exportElder(elderId: "${other}") { json } }`,
      {},
      admin,
    );
    const text = JSON.stringify(body);
    expect(text).toContain('小心狗');
    expect(text).toContain('搬家');
    const { elderVisitRecords } = await import('../../src/visits/elder-visit-records.js');
    await server.database.write((m) => elderVisitRecords.erase(m, other));
    const left = await server.database.read((m) => elderVisitRecords.collect(m, other));
    expect(JSON.stringify(left)).not.toMatch(/小心狗|搬家/);
    expect(left).toMatchObject([
      { status: 'CANCELLED', note: null, steps: [{ kind: 'BOOK' }, { reason: null }] },
    ]);
  });
});
