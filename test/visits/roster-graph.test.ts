import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statementsOf } from '../support/count-statements.js';
import { addService } from '../support/hours.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';
import { addCaregiver, addVisit } from '../support/visits.js';

let server: TestServer;
let town: TwoCounties;
let manager: string;
let stranger: string;
let serviceId: number;
let elderId: number;
beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTwoCounties(server.database);
  manager = await server.managerToken(town.countyId);
  stranger = await server.managerToken(town.otherCountyId);
  serviceId = await addService(server.database);
  ({ elderId } = await addDiner(town));
});
afterAll(() => server.close());

async function asked<Data>(query: string, token = manager): Promise<Data> {
  const { body } = await server.post<Data>(query, {}, token, { 'accept-language': 'en' });
  expect(body.errors).toBe(undefined);
  return body.data;
}

describe('caregivers in the graph', () => {
  it('are listed with certificates, and their rosters, in as many statements for many', async () => {
    const caregiverId = await addCaregiver(server.database, { stationId: town.stationId, name: '甲' });
    const changed =
      '{ __typename ... on CaregiverChanged { misfits { visitId why } } ... on CaregiverRefusal { code } }';
    const from = '2026-03-12T09:00:00+08:00';
    const visitId = await addVisit(server.database, {
      elderId,
      serviceId,
      stationId: town.stationId,
      caregiverIds: [caregiverId],
      from,
    });
    const hours = await asked(
      `mutation { setWorkingHours(caregiverId: ${caregiverId}, fromDay: "2026-03-10", hours: [{ weekday: 4, fromMinute: 480, toMinute: 1080 }]) ${changed} }`,
    );
    expect(hours).toEqual({ setWorkingHours: { __typename: 'CaregiverChanged', misfits: [] } });
    const absence = await asked(
      `mutation { recordAbsence(caregiverId: ${caregiverId}, kind: SICK_LEAVE, startsAt: "2026-03-12T00:00:00+08:00", endsAt: "2026-03-13T00:00:00+08:00") ${changed} }`,
    );
    expect(absence).toEqual({
      recordAbsence: {
        __typename: 'CaregiverChanged',
        misfits: [{ visitId: String(visitId), why: 'NOT_WORKING' }],
      },
    });
    const query = `{ caregivers(stationId: ${town.stationId}) { name certificates { skill expiresOn } station { code } } }`;
    expect(await asked(query)).toEqual({
      caregivers: [
        {
          name: '甲',
          station: { code: 'STATION' },
          certificates: [
            { skill: 'BATHING', expiresOn: '2026-03-10' },
            { skill: 'COOKING', expiresOn: null },
            { skill: 'NURSING', expiresOn: '2026-03-11' },
          ],
        },
      ],
    });
    const roster = `{ roster(stationId: ${town.stationId}, from: "2026-03-12", to: "2026-03-19") { caregiver { name } days { day spans { startsAt } } absences { kind } } }`;
    const found = await asked<{ roster: { days: { spans: object[] }[]; absences: object[] }[] }>(roster);
    expect(found.roster[0]?.days.map(({ spans }) => spans.length)).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
    expect(found.roster[0]?.absences).toEqual([{ kind: 'SICK_LEAVE' }]);
    const count = async () => (await statementsOf(server.database, () => asked(roster))).statements.length;
    const one = await count();
    for (let more = 0; more < 3; more++) await addCaregiver(server.database, { stationId: town.stationId });
    expect(await count()).toBe(one);
    expect(await asked(query, stranger)).toEqual({ caregivers: null });
  });

  it('see their own roster, and nobody else’s', async () => {
    const { token, accountId } = await server.account('CAREGIVER', town.stationId);
    const query =
      '{ myRoster(from: "2026-03-10", to: "2026-03-11") { caregiver { accountId } days { day } } }';
    expect(await asked(query, token)).toEqual({ myRoster: null });
    await addCaregiver(server.database, { stationId: town.stationId, accountId });
    expect(await asked(query, token)).toEqual({
      myRoster: {
        caregiver: { accountId: String(accountId) },
        days: [{ day: '2026-03-10' }, { day: '2026-03-11' }],
      },
    });
    const { body } = await server.post(
      `{ roster(stationId: ${town.stationId}, from: "2026-03-10", to: "2026-03-11") { days { day } } }`,
      {},
      token,
    );
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const tooLong = query.replace('2026-03-11', '2026-05-11');
    expect((await server.post(tooLong, {}, token)).body.errors?.[0]?.extensions.field).toEqual(['to']);
  });
});
