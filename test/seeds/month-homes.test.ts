import { afterAll, beforeAll, expect, it } from 'vitest';
import { GraphClient } from '../../seeds/day/graph-client.js';
import { PatientClient } from '../../seeds/day/patient-client.js';
import { chooseHomes } from '../../seeds/month/homes.js';
import type { MonthPeople } from '../../seeds/month/people.js';
import { playHomes, wrongAnswers } from '../../seeds/month/play-month.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome, addResident } from '../support/beds.js';
import { cityTerms, homeDeeds, noonOf } from '../support/home-office.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { at } from '../support/settlement.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

const month = '2026-03';
let server: ListeningServer;
let town: TwoCounties;
let graph: GraphClient;
let client: PatientClient;
let people: MonthPeople;
let homeId: number;

beforeAll(async () => {
  server = await startListeningServer({ at: noonOf('2026-02-01') });
  town = await buildTwoCounties(server.database);
  graph = new GraphClient(`${server.origin}/graphql`, 1);
  client = new PatientClient(graph);
  const account = async (role: 'MANAGER' | 'FINANCE' | 'AUDITOR', facilityId: number) =>
    (await server.account(role, facilityId)).token;
  homeId = await addHome(town, town.streetId);
  people = {
    canteen: await account('MANAGER', homeId),
    street: await account('MANAGER', town.streetId),
    county: await account('MANAGER', town.countyId),
    finance: await account('FINANCE', town.countyId),
    auditor: await account('AUDITOR', town.countyId),
  };
});
afterAll(async () => {
  await graph.close();
  await server.close();
});

const wanted = () => ({ countyId: String(town.countyId), month, count: 2 });

it('chooses no home where nobody lives in one', async () => {
  expect(await chooseHomes(client, await server.adminToken(), wanted())).toEqual([]);
});

it('closes a home’s month, and finds the same days and the same money whichever way it asks', async () => {
  const deeds = homeDeeds(town);
  await deeds.pays('BUREAU', cityTerms, '2026-02-01');
  const bedIds = await addBeds(town, homeId, [{ type: 'NURSING' }, { type: 'NURSING' }, { type: 'NURSING' }]);
  const stays: number[] = [];
  for (const bedId of bedIds) {
    stays.push(await deeds.admit(bedId, await addResident(town, { level: 3 }), '2026-03-02'));
  }
  await deeds.leave(stays[0] ?? 0, 'HOSPITAL', '2026-03-10', '2026-03-20');
  await deeds.discharge(stays[1] ?? 0, '2026-03-30');
  server.clock.set(at('2026-04-01T09:00:00'), 0);
  const chosen = await chooseHomes(client, await server.adminToken(), wanted());
  expect(chosen).toEqual([{ homeId: String(homeId), streetId: String(town.streetId) }]);
  const statements = [{ canteenId: String(homeId), month }];
  const { database } = server;
  const played = await playHomes({ client, people, database, statements, onProgress: () => undefined });
  expect(wrongAnswers(played.tried)).toEqual([]);
  expect(played.tried.map(({ said }) => said)).toContain('DISPUTES_OPEN');
  expect(played.reconciled).toMatchObject([{ bedDays: 30 + 28 + 30 - 10, faults: [] }]);
  await expectAuditClean(database);
});
