import { expect } from 'vitest';
import type { Case } from './audited-mutations.js';
import { overlookRecords, server, tokens, town } from './audited-server.js';
import {
  addHome,
  addPlanServices,
  addWorker,
  bookedVisit,
  placeStation,
  planDate,
  type Services,
} from './planned-day.js';

let services: Services | undefined;
let visitId = 0;
let other = 0;
let planId = '';

/** A visit that somebody brings, and somebody else who could. */
async function newVisit(): Promise<void> {
  const { stationId } = town;
  if (!services) {
    services = await addPlanServices(server.database);
    await placeStation(server.database, stationId);
  }
  const caregiverId = await addWorker(server.database, { stationId, name: '一' });
  other = await addWorker(server.database, { stationId, name: '二' });
  const elderId = await addHome(town, { north: 1, east: 1 });
  const visit = {
    elderId,
    serviceId: services.cleaning,
    stationId,
    minute: 600,
    caregiverIds: [caregiverId],
  };
  visitId = await bookedVisit(server.database, visit);
}

const planQuery = (name: string) =>
  `mutation { ${name}(stationId: "${town.stationId}", date: "${planDate}", options: { iterations: 50 }) { __typename ... on VisitPlan { id } } }`;

/** A plan whose search is over. */
async function newPlan(): Promise<string> {
  await newVisit();
  const { body } = await server.post<{ planDay: { id: string } }>(planQuery('planDay'), {}, tokens.manager);
  planId = body.data.planDay.id;
  await server.services.planner.ended(Number(planId));
  await overlookRecords();
  return planId;
}

async function begin(name: string): Promise<string> {
  await newVisit();
  return planQuery(name);
}

const begun = async () => {
  // The next case begins when this search is over.
  const rows: { id: number }[] = await server.database.read((manager) =>
    manager.query('SELECT id FROM plan_run ORDER BY id DESC LIMIT 1'),
  );
  await server.services.planner.ended(rows[0]?.id ?? 0);
};

const about = () => ({ facilityId: town.stationId, subject: expect.stringMatching(/^plan:\d+$/) });

/** A call of each mutation about plans that is done, and the record that it leaves. */
export const succeedingOfPlans: Record<string, Case> = {
  planDay: { token: 'manager', query: () => begin('planDay'), record: about },
  planWeek: {
    token: 'manager',
    async query() {
      await begun();
      return begin('planWeek');
    },
    record: about,
  },
  stopPlan: {
    token: 'manager',
    async query() {
      await begun();
      return `mutation { stopPlan(planId: "${await newPlan()}") { __typename } }`;
    },
    record: () => ({ facilityId: town.stationId, subject: `plan:${planId}` }),
  },
  applyPlan: {
    token: 'manager',
    async query() {
      await begun();
      return `mutation { applyPlan(planId: "${await newPlan()}") { __typename } }`;
    },
    record: () => ({
      facilityId: town.stationId,
      subject: `plan:${planId}`,
      details: expect.stringMatching(/"appliedVisits":null.*"appliedVisits":\d+/),
    }),
  },
  setPlanningSetting: {
    token: 'manager',
    query: () =>
      `mutation { setPlanningSetting(facilityId: "${town.stationId}", name: FROZEN, value: 45, fromDay: "2026-03-10") { __typename } }`,
    record: () => ({
      facilityId: town.stationId,
      details: expect.stringMatching(/"value":30.*"value":45/),
    }),
  },
  takeOver: {
    token: 'manager',
    async query() {
      await newVisit();
      return `mutation { takeOver(takeOvers: [{ visitId: "${visitId}", version: 1, caregiverIds: ["${other}"] }]) { __typename } }`;
    },
    record: () => ({
      facilityId: town.stationId,
      details: expect.stringContaining(`"visitId":"${visitId}"`),
    }),
  },
};
