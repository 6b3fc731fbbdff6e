import { expectAuditClean } from './audited.js';
import { PlanSteps } from './plan-steps.js';
import { buildPlannedStation, type PlannedStation } from './planned-day.js';
import { startTestServer, type TestServer } from './test-server.js';
import { noon } from './town.js';
import { buildTwoCounties, type TwoCounties } from './two-counties.js';

/** A server for each test, with a station whose day can be planned and what a manager does to plans; startPlanning sets them. */
export let server: TestServer;
export let town: TwoCounties;
export let station: PlannedStation;
export let steps: PlanSteps;

export async function startPlanning(): Promise<void> {
  server = await startTestServer({ at: noon, settings: { callerRatePerSecond: 0 } });
  town = await buildTwoCounties(server.database);
  station = await buildPlannedStation(town);
  steps = new PlanSteps(server, await server.managerToken(town.countyId));
}

/** Finds nothing wrong in what was written, and closes the server. */
export async function closePlanning(): Promise<void> {
  await expectAuditClean(server.database);
  await server.close();
}
