import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import type { Database } from '../../src/shared/database.js';
import { expectAuditClean } from '../support/audited.js';
import { bookOf, expectSoundVisits, PlanSteps } from '../support/plan-steps.js';
import { addHome, buildPlannedStation, type PlannedStation, planDate } from '../support/planned-day.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

/** Two servers of one town: what happens to a day at one while a plan of it is applied at the other. */
let open: TestDatabase;
let otherDatabase: Database;
let one: TestServer;
let other: TestServer;
let town: TwoCounties;
let station: PlannedStation;
let steps: PlanSteps;
let token: string;

beforeAll(async () => {
  open = await openTestDatabase();
  otherDatabase = (await openDatabase(open.url, { identityKeys: testKeys })).database;
  const settings = { callerRatePerSecond: 0 };
  one = await startTestServer({ at: noon, settings, on: open });
  other = await startTestServer({ at: noon, settings, on: { ...open, database: otherDatabase } });
  town = await buildTwoCounties(open.database);
  station = await buildPlannedStation(town);
  token = await one.managerToken(town.countyId);
  steps = new PlanSteps(one, token);
});
afterAll(async () => {
  await one.close();
  await other.close();
  await otherDatabase.close();
  await open.drop();
});

/** What a mutation of the other server answers: a refusal's code, or the name of what came of it. */
async function asked(mutation: string): Promise<string> {
  const { body } = await other.post<{ it: { __typename: string; code?: string } }>(
    `mutation { it: ${mutation} }`,
    {},
    token,
  );
  expect(body.errors).toBe(undefined);
  return body.data.it.code ?? body.data.it.__typename;
}

const refusal = '... on VisitRefusal { code }';
const iso = (minute: number) =>
  new Date(Date.parse(`${planDate}T00:00:00+08:00`) + minute * 60_000).toISOString();

async function openVisit(round: number): Promise<number> {
  const rows: { id: number }[] = await open.database.read((manager) =>
    manager.query("SELECT id FROM visit WHERE status IN ('REQUESTED', 'ASSIGNED') ORDER BY id"),
  );
  return rows[(round * 7) % rows.length]?.id ?? 0;
}

const happenings: Record<string, (round: number) => Promise<string>> = {
  cancelVisit: async (round) =>
    asked(`cancelVisit(visitId: ${await openVisit(round)}, reason: "off") { __typename ${refusal} }`),
  bookVisit: async (round) => {
    const elderId = await addHome(town, { north: round, east: -round });
    const input = `{ requestId: "${randomUUID()}", elderId: ${elderId}, serviceCode: "P-CLEANING", startsAt: "${iso(540 + round * 90)}" }`;
    return asked(`bookVisit(input: ${input}) { __typename ${refusal} }`);
  },
  recordAbsence: async (round) => {
    const [from, to] = [iso(480 + round * 60), iso(500 + round * 60)];
    return asked(
      `recordAbsence(caregiverId: ${station.caregiverIds[0]}, kind: OTHER, startsAt: "${from}", endsAt: "${to}") { __typename ... on CaregiverRefusal { code } }`,
    );
  },
  rescheduleVisit: async (round) =>
    asked(
      `rescheduleVisit(visitId: ${await openVisit(round)}, startsAt: "${iso(600 + round * 45)}", reason: "moved") { __typename ${refusal} }`,
    ),
};

async function expectSound(): Promise<void> {
  await expectSoundVisits(open.database);
  await expectAuditClean(open.database);
}

describe('a plan that is applied at one server', () => {
  it('and at the other at once, twice at each, changes the day once', async () => {
    const plan = await steps.planned(station.stationId, 'iterations: 2000, seed: 99');
    const before = await bookOf(open.database);
    const twin = new PlanSteps(other, token);
    const answers = await Promise.all([steps, twin, steps, twin].map((each) => each.apply(plan.id)));
    const changed = (await bookOf(open.database)).filter((line) => !before.includes(line)).length;
    expect(changed).toBeGreaterThan(0);
    for (const { code, appliedVisits } of answers)
      expect([code, appliedVisits]).toEqual([undefined, changed]);
    const events: { count: number | string }[] = await open.database.read((manager) =>
      manager.query("SELECT COUNT(*) AS count FROM visit_event WHERE kind IN ('ASSIGN', 'UNASSIGN')"),
    );
    expect(Number(events[0]?.count)).toBe(changed);
    await expectSound();
  });

  it.each(Object.entries(happenings))('while %s comes at the other', async (name, happens) => {
    for (let round = 0; round < 4; round += 1) {
      const plan = await steps.planned(station.stationId, `iterations: 2000, seed: ${round + 1}`);
      expect(plan.state).toBe('DONE');
      const before = await bookOf(open.database);
      // Either has the start of the other, in turns.
      const happened = round % 2 === 0 ? undefined : happens(round);
      const [applied, answer] = await Promise.all([steps.apply(plan.id), happened ?? happens(round)]);
      expect(['APPLIED', 'PLAN_STALE']).toContain(applied.code ?? 'APPLIED');
      expect(answer).toMatch(/^(Visit|CaregiverChanged|NO_CAREGIVER_FREE|ELDER_BUSY)$/);
      const changed = (await bookOf(open.database)).filter((line) => !before.includes(line)).length;
      // A plan that was refused wrote nothing: all that changed is what the other server did.
      if (applied.code) expect(changed).toBeLessThanOrEqual(1);
      else expect(changed).toBeGreaterThanOrEqual((applied.appliedVisits ?? 0) - 1);
      // An absence leaves visits as they are; the next plan gives them to others, or asks for somebody anew.
      if (name !== 'recordAbsence') await expectSound();
    }
    const mended = await steps.planned(station.stationId, 'iterations: 2000, seed: 5');
    expect((await steps.apply(mended.id)).code).toBe(undefined);
    await expectSound();
  });
});
