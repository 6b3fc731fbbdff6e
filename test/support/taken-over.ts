import { expectAuditClean } from './audited.js';
import {
  addHome,
  addPlanServices,
  addSickLeave,
  addWorker,
  bookedVisit,
  placeStation,
  type Services,
} from './planned-day.js';
import { startTestServer, type TestServer } from './test-server.js';
import { noon } from './town.js';
import { buildTwoCounties, type TwoCounties } from './two-counties.js';

/** One server and station for all tests of a file, and three caregivers for each; the functions below set the bindings. */
export let server: TestServer;
export let town: TwoCounties;
export let services: Services;
/** The token of the manager who asks. */
export let token: string;
let elders: number[];
/** Whose visits somebody else has to bring, and the two who could. */
export let ill: number;
export let near: number;
export let known: number;

export async function startTakeOver(): Promise<void> {
  server = await startTestServer({ at: noon, settings: { callerRatePerSecond: 0 } });
  town = await buildTwoCounties(server.database);
  services = await addPlanServices(server.database);
  await placeStation(server.database, town.stationId);
  token = await server.managerToken(town.countyId);
  elders = [];
  for (let number = 0; number < 6; number++) elders.push(await addHome(town, { north: number, east: 0 }));
}

export async function closeTakeOver(): Promise<void> {
  await expectAuditClean(server.database);
  await server.close();
}

/** With none of the visits and caregivers of the tests before. */
export async function newCaregivers(): Promise<void> {
  await server.database.write(async (manager) => {
    const ofVisits = ['event', 'caregiver', 'former_caregiver', 'booking'].map((part) => `visit_${part}`);
    for (const table of [...ofVisits, 'visit', 'caregiver_absence']) {
      await manager.query(`DELETE FROM ${table}`);
    }
    await manager.query('UPDATE caregiver SET stationId = ?', [town.otherStationId]);
  });
  const { stationId } = town;
  ill = await addWorker(server.database, { stationId, name: '病' });
  near = await addWorker(server.database, { stationId, name: '近' });
  known = await addWorker(server.database, { stationId, name: '熟' });
}

export const book = (elder: number, minute: number, more: Partial<Parameters<typeof bookedVisit>[1]> = {}) =>
  bookedVisit(server.database, {
    elderId: elders[elder] as number,
    serviceId: services.cleaning,
    stationId: town.stationId,
    minute,
    caregiverIds: [ill],
    ...more,
  });

export const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => Number(id));

export const recordAbsence = (from: number, to: number, caregiverId = ill) =>
  addSickLeave(server.database, caregiverId, [from, to]);
