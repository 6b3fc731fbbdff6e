import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { LiveClient } from '../support/live-client.js';
import { PlanSteps } from '../support/plan-steps.js';
import { buildPlannedStation, type PlannedStation } from '../support/planned-day.js';
import { noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: ListeningServer;
let town: TwoCounties;
let station: PlannedStation;
let steps: PlanSteps;
beforeAll(async () => {
  server = await startListeningServer({ at: noon, settings: { callerRatePerSecond: 0 } });
  town = await buildTwoCounties(server.database);
  station = await buildPlannedStation(town);
  steps = new PlanSteps(server, await server.managerToken(town.countyId));
});
afterAll(() => server.close());

const clients: LiveClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

async function listening(token: string): Promise<LiveClient> {
  const client = await LiveClient.connect(server.origin, { token });
  clients.push(client);
  return client;
}

interface Progress {
  planProgress: {
    state: string;
    iterations: number;
    costsAfter: { total: number } | null;
    appliedAt: string | null;
  };
}
const query = (id: string) =>
  `subscription { planProgress(planId: ${id}) { state iterations costsAfter { total } appliedAt } }`;

/** Answers until one is as wanted. */
async function until(client: LiveClient, id: string, isWanted: (told: Progress['planProgress']) => boolean) {
  const told: Progress['planProgress'][] = [];
  for (;;) {
    const { data } = await client.answer<Progress>(id);
    if (!data) throw new Error('no data came');
    told.push(data.planProgress);
    if (isWanted(data.planProgress)) return told;
  }
}

it('tells how far a search comes, that it ended, and that the plan was applied', async () => {
  const begun = await steps.planDay(station.stationId, 'seconds: 600');
  const client = await listening(steps.token);
  const id = client.subscribe(query(begun.id));
  const running = await until(client, id, ({ costsAfter }) => costsAfter !== null);
  expect(running[0]?.state).toBe('RUNNING');
  await steps.stop(begun.id);
  const told = await until(client, id, ({ state }) => state === 'STOPPED');
  const totals = [...running, ...told].flatMap(({ costsAfter }) => (costsAfter ? [costsAfter.total] : []));
  expect(totals).toEqual([...totals].sort((one, other) => other - one));
  await steps.apply(begun.id);
  await until(client, id, ({ appliedAt }) => appliedAt !== null);
});

it('is closed to whoever does not cover all stations, as for a plan that there is not', async () => {
  const plan = await steps.planned(station.stationId, 'iterations: 100');
  const client = await listening(await server.managerToken(town.otherCountyId));
  const refused = async (id: string) => {
    const answers = await client.refusal(client.subscribe(query(id)));
    return answers.map(({ extensions }) => extensions.code);
  };
  expect(await refused(plan.id)).toEqual(['FORBIDDEN']);
  expect(await refused('999999')).toEqual(['FORBIDDEN']);
});

it('tells those who listen to the station of each visit that the plan changed', async () => {
  await server.database.write((manager) =>
    manager.query("UPDATE visit SET status = 'REQUESTED' WHERE id = ?", [station.visitIds[0]]),
  );
  await server.database.write((manager) =>
    manager.query('DELETE FROM visit_caregiver WHERE visitId = ?', [station.visitIds[0]]),
  );
  const client = await listening(steps.token);
  const id = client.subscribe(
    `subscription { visitChanged(stationId: ${station.stationId}) { kind visitId version } }`,
  );
  await client.answer(id);
  const plan = await steps.planned(station.stationId, 'iterations: 3000, fewChanges: true, seed: 3');
  const changes = await steps.changes(plan.id);
  const applied = await steps.apply(plan.id);
  expect(applied.appliedVisits).toBeGreaterThan(0);
  const wanted = new Set(
    changes.filter(({ caregiversAfter }) => caregiversAfter.length > 0).map(({ visitId }) => visitId),
  );
  const told = new Set<string>();
  while (told.size < wanted.size) {
    const { data } = await client.answer<{ visitChanged: { kind: string; visitId: string } }>(id);
    if (data && wanted.has(data.visitChanged.visitId)) told.add(data.visitChanged.visitId);
  }
  expect(told).toEqual(wanted);
});
