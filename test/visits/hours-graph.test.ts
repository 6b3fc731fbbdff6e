import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockTimes } from '../../src/visits/change-visit.js';
import { correctHours, useHours } from '../../src/visits/hours-book.js';
import { stationDues } from '../../src/visits/station-dues.js';
import { addService, bookIn } from '../support/hours.js';
import { hoursRules } from '../support/hours-cases.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
let admin: string;
let otherAdmin: string;
let manager: string;
let stranger: string;
let serviceId: number;
let elderId: number;
beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTwoCounties(server.database);
  admin = await server.adminToken();
  ({ token: otherAdmin } = await server.account('ADMIN', null));
  manager = await server.managerToken(town.countyId);
  stranger = await server.managerToken(town.otherCountyId);
  serviceId = await addService(server.database, { code: 'CLEANING' });
  ({ elderId } = await addDiner(town));
});
afterAll(() => server.close());

async function asked<Data>(query: string, token = manager, language = 'en'): Promise<Data> {
  const { body } = await server.post<Data>(query, {}, token, { 'accept-language': language });
  expect(body.errors).toBe(undefined);
  return body.data;
}

async function told(mutation: string, token: string): Promise<string> {
  const answer =
    '{ __typename ... on HoursRuleRefusal { code field } ... on HoursRuleSet { id version status } }';
  const data = await asked<Record<string, { code?: string; field?: string[]; id?: string; status?: string }>>(
    `mutation { ${mutation} ${answer} }`,
    token,
  );
  const [result] = Object.values(data);
  return result?.code ? `${result.code} ${result.field?.join('.')}` : `${result?.id} ${result?.status}`;
}

const document = (minutes: number, funder = 'BUREAU') =>
  JSON.stringify(
    JSON.stringify(
      hoursRules([
        { code: 'AGED', minutes, who: { ageFrom: 70 }, borneBy: [{ funder, percent: 100 }] },
        { code: 'FRAIL', minutes: 600, who: { abilityFrom: 3 } },
      ]),
    ),
  );
const propose = (text: string, { facilityId = town.countyId, fromDay = '2026-03-10', code = 'HOURS' } = {}) =>
  told(
    `proposeHoursRuleSet(input: { code: "${code}", facilityId: ${facilityId}, fromDay: "${fromDay}", document: ${text} })`,
    admin,
  );

describe('rules of hours', () => {
  it('count when a second person has approved them, and not before', async () => {
    const id = (await propose(document(120))).split(' ')[0];
    const left = async () =>
      (
        await asked<{ hoursOf: { leftMinutes: number } }>(
          `{ hoursOf(elderId: ${elderId}, month: "2026-03") { leftMinutes } }`,
        )
      ).hoursOf.leftMinutes;
    expect(await left()).toBe(0);
    expect(await told(`approveHoursRuleSet(id: ${id})`, admin)).toBe('SAME_PERSON id');
    server.clock.set(new Date('2026-03-09T12:00:00+08:00'), 0);
    expect(await told(`approveHoursRuleSet(id: ${id})`, otherAdmin)).toBe(`${id} APPROVED`);
    server.clock.set(noon, 0);
    expect(await told(`rejectHoursRuleSet(id: ${id}, note: "no")`, otherAdmin)).toBe('NOT_PROPOSED id');
    expect(await left()).toBe(120);
  });

  it('are refused by name', async () => {
    expect(await propose('"{"')).toBe('DOCUMENT_INVALID input.document');
    expect(await propose(document(120, 'NOBODY'))).toBe(
      'FUNDER_UNKNOWN input.document.grants.0.borneBy.0.funder',
    );
    expect(await propose(document(120), { code: 'hours' })).toBe('CODE_INVALID input.code');
    expect(await propose(document(120), { facilityId: 999_999 })).toBe('FACILITY_UNKNOWN input.facilityId');
    expect(await propose(document(120), { facilityId: town.streetId })).toBe(
      'FACILITY_DIFFERS input.facilityId',
    );
    expect(await propose(document(120), { fromDay: '2026-03-09' })).toBe('VERSIONS_OVERLAP input.fromDay');
    const late = (await propose(document(60), { code: 'LATE', fromDay: '2026-03-09' })).split(' ')[0];
    expect(await told(`approveHoursRuleSet(id: ${late})`, otherAdmin)).toBe('BACKDATED fromDay');
    expect(await told(`withdrawHoursRuleSet(id: ${late})`, otherAdmin)).toBe('NOT_THE_AUTHOR id');
    expect(await told(`withdrawHoursRuleSet(id: ${late})`, admin)).toBe(`${late} WITHDRAWN`);
  });

  it('are listed for the places that they count at', async () => {
    const listed = async (facilityId: number, token: string) =>
      (
        await asked<{ hoursRuleSets: { totalCount: number; nodes: { code: string }[] } | null }>(
          `{ hoursRuleSets(facilityId: ${facilityId}, status: APPROVED) { totalCount nodes { code facility { code } } } }`,
          token,
        )
      ).hoursRuleSets;
    expect(await listed(town.stationId, manager)).toEqual({
      totalCount: 1,
      nodes: [{ code: 'HOURS', facility: { code: 'COUNTY' } }],
    });
    expect(await listed(town.stationId, stranger)).toBe(null);
    expect(await listed(town.otherStationId, stranger)).toMatchObject({ totalCount: 0 });
  });
});

describe('hours of an elder', () => {
  it('are told with every posting, and to nobody of another place', async () => {
    const booked = await server.database.write((each) =>
      bookIn(each, { elderId, serviceId, stationId: town.stationId, day: '2026-03-20' }),
    );
    const query = `{ hoursOf(elderId: ${elderId}, month: "2026-03") {
      grantedMinutes reservedMinutes usedMinutes lostMinutes leftMinutes
      grants { setCode grantCode name fromDay toDay counts leftMinutes }
      movements { kind visitId leftMinutes owedFen } } }`;
    expect(await asked(query)).toEqual({
      hoursOf: {
        grantedMinutes: 120,
        reservedMinutes: 60,
        usedMinutes: 0,
        lostMinutes: 0,
        leftMinutes: 60,
        grants: [
          {
            setCode: 'HOURS',
            grantCode: 'AGED',
            name: 'an hour a month',
            fromDay: '2026-03-01',
            toDay: '2026-04-01',
            counts: true,
            leftMinutes: 60,
          },
        ],
        movements: [
          { kind: 'GRANT', visitId: null, leftMinutes: 120, owedFen: 0 },
          { kind: 'RESERVE', visitId: String(booked.visitId), leftMinutes: -60, owedFen: 0 },
        ],
      },
    });
    expect(await asked(query, stranger)).toEqual({ hoursOf: null });
    expect(await asked(query.replace(String(elderId), '999999'))).toEqual({ hoursOf: null });
    const { body } = await server.post(query.replace('2026-03', '2026-13'), {}, manager);
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: ['month'] });
  });

  it('are explained in both languages', async () => {
    const query = (station: number) =>
      `{ explainHours(elderId: ${elderId}, serviceCode: "CLEANING", stationId: ${station}, day: "2026-03-21") {
         hoursMinutes subsidyFen selfPaidFen text looked { grantCode applies text } } }`;
    expect(await asked(query(town.stationId))).toEqual({
      explainHours: {
        hoursMinutes: 60,
        subsidyFen: 5000,
        selfPaidFen: 0,
        text: 'Government hours pay 60 minutes, 50.00 yuan; the family pays 0.00 yuan.',
        looked: [
          {
            grantCode: 'AGED',
            applies: true,
            text: '120 minutes a month; pays 60 minutes, 50.00 yuan, which leaves 0 minutes',
          },
          {
            grantCode: 'FRAIL',
            applies: false,
            text: '600 minutes a month; for ability levels 3–4, and the elder has no assessment that counts',
          },
        ],
      },
    });
    const zh = await asked<{ explainHours: { text: string; looked: { text: string }[] } }>(
      query(town.stationId),
      manager,
      'zh',
    );
    expect(zh.explainHours.text).toBe('政府时长支付 60 分钟，计 50.00 元；自付 0.00 元。');
    expect(zh.explainHours.looked[1]?.text).toBe('每月 600 分钟；须评估为 3–4 级，现无有效评估');
    expect(await asked(query(town.stationId), stranger)).toEqual({ explainHours: null });
    expect(await asked(query(town.otherStationId))).toEqual({ explainHours: null });
  });
});

it('a station’s month is what it is owed, posting by posting, and a month that is over stays', async () => {
  const { elderId: other } = await addDiner(town);
  const used = (work: typeof useHours, visitId: number, at: Date) =>
    server.database.write(async (each) => {
      await lockTimes(each, { elderIds: [other], caregiverIds: [] });
      await work(each, [visitId], at);
    });
  const [first, second] = [
    await server.database.write((each) =>
      bookIn(each, {
        elderId: other,
        serviceId,
        stationId: town.stationId,
        day: '2026-03-20',
        minutes: 90,
        priceFen: 7500,
      }),
    ),
    await server.database.write((each) =>
      bookIn(each, { elderId: other, serviceId, stationId: town.stationId, day: '2026-03-21' }),
    ),
  ];
  await used(useHours, first.visitId, noon);
  await used(useHours, second.visitId, noon);
  const dues = (month: string) => server.database.read((each) => stationDues(each, town.stationId, month));
  const line = { elderId: other, kind: 'USE' };
  const march = [
    {
      ...line,
      visitId: first.visitId,
      hoursMinutes: 90,
      familyFen: 0,
      funders: [{ funderId: town.funderId, fen: 7500 }],
    },
    {
      ...line,
      visitId: second.visitId,
      hoursMinutes: 30,
      familyFen: 2500,
      funders: [{ funderId: town.funderId, fen: 2500 }],
    },
  ];
  expect(await dues('2026-03')).toMatchObject(march);
  await used(correctHours, second.visitId, new Date('2026-04-02T00:00:00+08:00'));
  expect(await dues('2026-03')).toMatchObject(march);
  expect(await dues('2026-04')).toMatchObject([
    {
      kind: 'CORRECT',
      visitId: second.visitId,
      hoursMinutes: -30,
      familyFen: -2500,
      funders: [{ funderId: town.funderId, fen: -2500 }],
    },
  ]);
  expect(await dues('2026-05')).toEqual([]);
});
