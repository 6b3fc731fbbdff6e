import { afterAll, beforeAll, expect, it } from 'vitest';
import { runChecks } from '../../src/shared/audit-check.js';
import { planChecks } from '../../src/visits/plans/audit-plans.js';
import { expectAuditClean } from '../support/audited.js';
import { PlanSteps } from '../support/plan-steps.js';
import { buildPlannedStation } from '../support/planned-day.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon } from '../support/town.js';
import { buildTwoCounties } from '../support/two-counties.js';

let server: TestServer;
let id = 0;
/** A visit of the plan that one caregiver brings, and two stops of another caregiver. */
let visitId = 0;
let stops: { caregiverId: number; visitId: number; startsAt: number | string; endsAt: number | string }[] =
  [];

beforeAll(async () => {
  server = await startTestServer({ at: noon, settings: { callerRatePerSecond: 0 } });
  const town = await buildTwoCounties(server.database);
  const { stationId } = await buildPlannedStation(town);
  const steps = new PlanSteps(server, await server.managerToken(town.countyId));
  const plan = await steps.planned(stationId, 'iterations: 500');
  await steps.apply(plan.id);
  id = Number(plan.id);
  stops = await server.database.read((manager) =>
    manager.query(
      'SELECT caregiverId, visitId, startsAt, endsAt FROM plan_run_stop WHERE planId = ? ORDER BY caregiverId, startsAt',
      [id],
    ),
  );
  const [left] = await server.database.read((manager) =>
    manager.query(
      "SELECT visitId FROM plan_run_visit WHERE planId = ? AND leftOutCode IS NULL AND role = 'OPEN' ORDER BY visitId",
      [id],
    ),
  );
  visitId = left.visitId;
});
afterAll(() => server.close());

const changed = (sql: string) => server.database.write((manager) => manager.query(sql));

async function broken(): Promise<string[]> {
  const said: string[] = [];
  await server.database.read((manager) => runChecks(manager, planChecks, (line) => said.push(line)));
  return said.filter((line) => line.startsWith('BROKEN')).map((line) => line.slice('BROKEN '.length));
}

const [ofStation, whole, once, signed] = planChecks.map(({ name }) => name);

it.each<[string, () => [sql: string, undo: string], (string | undefined)[]]>([
  [
    'a visit that is left out and brought',
    () => [
      `UPDATE plan_run_visit SET leftOutCode = 'NO_ROOM' WHERE planId = ${id} AND visitId = ${visitId}`,
      `UPDATE plan_run_visit SET leftOutCode = NULL WHERE planId = ${id} AND visitId = ${visitId}`,
    ],
    [whole],
  ],
  [
    'somebody at two visits at once',
    () => {
      const [one, other] = stops;
      const where = `planId = ${id} AND caregiverId = ${other?.caregiverId} AND visitId = ${other?.visitId}`;
      return [
        `UPDATE plan_run_stop SET startsAt = ${one?.startsAt} WHERE ${where}`,
        `UPDATE plan_run_stop SET startsAt = ${other?.startsAt} WHERE ${where}`,
      ];
    },
    [once],
  ],
  [
    'an application by nobody',
    () => [
      `UPDATE plan_run SET appliedVisits = NULL WHERE id = ${id}`,
      `UPDATE plan_run SET appliedVisits = 1 WHERE id = ${id}`,
    ],
    [signed],
  ],
])('%s is found', async (_what, sql, wanted) => {
  expect(await broken()).toEqual([]);
  const [change, undo] = sql();
  await changed(change);
  const found = await broken();
  await changed(undo);
  expect(found.map((line) => wanted.find((name) => name !== undefined && line.includes(name)))).toEqual(
    wanted,
  );
  expect(await broken()).toEqual([]);
});

it('a plan of no station is found', async () => {
  await changed(`DELETE FROM plan_run_station WHERE planId = ${id}`);
  expect((await broken()).some((line) => line.includes(ofStation ?? ''))).toBe(true);
  const [{ stationId }] = await server.database.read((manager) =>
    manager.query('SELECT stationId FROM visit WHERE id = ?', [visitId]),
  );
  await changed(`INSERT INTO plan_run_station (planId, stationId) VALUES (${id}, ${stationId})`);
  await expectAuditClean(server.database);
});
