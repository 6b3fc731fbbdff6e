import { expect } from 'vitest';
import { doorsOf } from '../../src/elders/elder-door.js';
import type { Database } from '../../src/shared/database.js';
import { planDate } from './planned-day.js';
import { brokenVisits } from './planned-visits-checker.js';
import type { TestServer } from './test-server.js';

/** What a plan answers, or why not. */
export interface ShownPlan {
  id: string;
  state: string;
  iterations: number;
  plannedVisits: number;
  leftOutVisits: number;
  costsBefore: { total: number; travelMinutes: number; leftOut: number } | null;
  costsAfter: { total: number; travelMinutes: number; leftOut: number } | null;
  failure: string | null;
  appliedAt: string | null;
  appliedVisits: number | null;
  code?: string;
  message?: string;
  field?: string[] | null;
  planId?: string | null;
  visitIds?: string[];
  caregiverIds?: string[];
}

export interface ShownChange {
  visitId: string;
  startsAtBefore: string;
  startsAtAfter: string | null;
  leftOutCode: string | null;
  leftOutReason: string | null;
  caregiversBefore: { id: string }[];
  caregiversAfter: { id: string }[];
}

const costs = '{ total travelMinutes leftOut }';
const plan = `id state iterations plannedVisits leftOutVisits costsBefore ${costs} costsAfter ${costs} failure appliedAt appliedVisits`;
const answer = `{ ... on VisitPlan { ${plan} } ... on PlanRefusal { code message field planId visitIds caregiverIds } }`;

/** Everything that tests do to plans, as one manager. */
export class PlanSteps {
  constructor(
    readonly server: TestServer,
    readonly token: string,
  ) {}

  async mutation(name: string, given: string): Promise<ShownPlan> {
    const query = `mutation { ${name}(${given}) ${answer} }`;
    const { body } = await this.server.post<Record<string, ShownPlan>>(query, {}, this.token);
    expect(body.errors).toBe(undefined);
    return body.data[name] as ShownPlan;
  }

  planDay(stationId: number, options = 'iterations: 40000', date = planDate): Promise<ShownPlan> {
    return this.mutation('planDay', `stationId: ${stationId}, date: "${date}", options: { ${options} }`);
  }

  /** The same with options as they are sent apart, for those too long to be written into a query. */
  async planDayWith(stationId: number, options: object): Promise<ShownPlan> {
    const query = `mutation ($options: PlanOptionsInput) { planDay(stationId: ${stationId}, date: "${planDate}", options: $options) ${answer} }`;
    const { body } = await this.server.post<{ planDay: ShownPlan }>(query, { options }, this.token);
    expect(body.errors).toBe(undefined);
    return body.data.planDay;
  }

  apply(id: string): Promise<ShownPlan> {
    return this.mutation('applyPlan', `planId: ${id}`);
  }

  stop(id: string): Promise<ShownPlan> {
    return this.mutation('stopPlan', `planId: ${id}`);
  }

  async plan(id: string): Promise<ShownPlan | null> {
    const { body } = await this.server.post<{ plan: ShownPlan | null }>(
      `{ plan(id: ${id}) { ${plan} } }`,
      {},
      this.token,
    );
    expect(body.errors).toBe(undefined);
    return body.data.plan;
  }

  /** The plan when its search is over. */
  async over(id: string): Promise<ShownPlan> {
    await this.server.services.planner.ended(Number(id));
    const found = await this.plan(id);
    if (!found) throw new Error(`plan ${id} is not there`);
    return found;
  }

  /** A plan that was searched for to the end. */
  async planned(stationId: number, options?: string, date?: string): Promise<ShownPlan> {
    const begun = await this.planDay(stationId, options, date);
    expect(begun.message).toBe(undefined);
    return this.over(begun.id);
  }

  async changes(id: string, language = 'en'): Promise<ShownChange[]> {
    const query = `{ planChanges(planId: ${id}) { changes { visitId startsAtBefore startsAtAfter leftOutCode leftOutReason caregiversBefore { id } caregiversAfter { id } } } }`;
    const { body } = await this.server.post<{ planChanges: { changes: ShownChange[] } | null }>(
      query,
      {},
      this.token,
      { 'accept-language': language },
    );
    expect(body.errors).toBe(undefined);
    return body.data.planChanges?.changes ?? [];
  }
}

/** Nothing that must never be is so, by rules written apart from the platform's. */
export async function expectSoundVisits(database: Database): Promise<void> {
  const elders: { id: number }[] = await database.read((manager) =>
    manager.query('SELECT DISTINCT elderId AS id FROM visit'),
  );
  const ids = elders.map(({ id }) => id);
  const doors = await database.read((manager) => doorsOf(manager, ids));
  const places = new Map(ids.map((id) => [id, doors.get(id)?.position ?? null]));
  expect(await brokenVisits(database, places)).toEqual([]);
}

/** Every visit with its time, its caregivers and its version, as text that can be compared. */
export async function bookOf(database: Database): Promise<string[]> {
  const visits: { id: number; startsAt: number | string; status: string; version: number }[] =
    await database.read((manager) =>
      manager.query('SELECT id, startsAt, status, version FROM visit ORDER BY id'),
    );
  const parts: { visitId: number; caregiverId: number; startsAt: number | string }[] = await database.read(
    (manager) =>
      manager.query(
        'SELECT visitId, caregiverId, startsAt FROM visit_caregiver ORDER BY visitId, startsAt, caregiverId',
      ),
  );
  return visits.map(({ id, startsAt, status, version }) => {
    const own = parts.filter(({ visitId }) => visitId === id);
    return [
      id,
      status,
      Number(startsAt),
      Number(version),
      ...own.map((part) => `${part.caregiverId}@${Number(part.startsAt)}`),
    ].join(' ');
  });
}
