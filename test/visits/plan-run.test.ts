import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDays } from '../../src/shared/china-time.js';
import { statementsOf } from '../support/count-statements.js';
import { expectSoundVisits, PlanSteps } from '../support/plan-steps.js';
import { addHome, addWorker, bookedVisit, planDate } from '../support/planned-day.js';
import { closePlanning, server, startPlanning, station, steps, town } from '../support/planning-server.js';
import { noon, today } from '../support/town.js';

beforeEach(startPlanning);
afterEach(closePlanning);

async function until<T>(work: () => Promise<T>, isGood: (value: T) => boolean): Promise<T> {
  const started = performance.now();
  for (;;) {
    const value = await work();
    if (isGood(value)) return value;
    if (performance.now() - started > 30_000) throw new Error(`still ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('a search under way', () => {
  it('tells how far it came and gives the best plan so far, and that one when it is stopped', async () => {
    const begun = await steps.planDay(station.stationId, 'seconds: 600');
    expect(begun).toMatchObject({ state: 'RUNNING', costsAfter: null });
    const running = await until(
      () => steps.plan(begun.id),
      (plan) => plan?.costsAfter !== null,
    );
    expect(running?.state).toBe('RUNNING');
    expect((await steps.changes(begun.id)).length).toBeGreaterThan(0);
    expect(await steps.apply(begun.id)).toMatchObject({ code: 'PLAN_NOT_READY', field: ['planId'] });
    const stopped = await steps.stop(begun.id);
    expect(stopped).toMatchObject({ state: 'STOPPED', failure: null });
    expect(stopped.costsAfter?.total).toBeLessThanOrEqual(running?.costsAfter?.total ?? 0);
    expect((await steps.stop(begun.id)).state).toBe('STOPPED');
    expect((await steps.apply(begun.id)).code).toBe(undefined);
    await expectSoundVisits(server.database);
  });

  it('hears of a stop that another server was told of', async () => {
    const begun = await steps.planDay(station.stationId, 'seconds: 600');
    await server.database.write((manager) =>
      manager.query('UPDATE plan_run SET stopAskedAt = ? WHERE id = ?', [noon.getTime(), begun.id]),
    );
    expect(await steps.over(begun.id)).toMatchObject({ state: 'STOPPED' });
  });

  it('keeps a second one of the same day waiting, and none of another day', async () => {
    const begun = await steps.planDay(station.stationId, 'seconds: 600');
    expect(await steps.planDay(station.stationId, 'iterations: 100')).toMatchObject({
      code: 'PLAN_RUNNING',
      field: ['date'],
      planId: begun.id,
    });
    const week = `stationId: ${station.stationId}, date: "${today}"`;
    expect(await steps.mutation('planWeek', week)).toMatchObject({ code: 'PLAN_RUNNING', planId: begun.id });
    await steps.stop(begun.id);
    expect((await steps.planned(station.stationId, 'iterations: 100')).state).toBe('DONE');
  });

  it('is begun once when two ask at the same time', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => steps.planDay(station.stationId, 'seconds: 600')));
    expect(answers.map(({ code }) => code ?? 'BEGUN').sort()).toEqual([
      'BEGUN',
      'PLAN_RUNNING',
      'PLAN_RUNNING',
    ]);
    const begun = answers.find(({ code }) => code === undefined);
    await steps.stop(begun?.id ?? '');
  });

  it('is stopped with the server, and what it found is written down', async () => {
    const begun = await steps.planDay(station.stationId, 'seconds: 600');
    await until(
      () => steps.plan(begun.id),
      (plan) => plan?.costsAfter !== null,
    );
    await server.services.planner.close();
    expect(await steps.plan(begun.id)).toMatchObject({ state: 'STOPPED' });
    expect(await steps.planDay(station.stationId)).toMatchObject({ code: 'PLANNER_BUSY' });
  });

  it('of a server that died is failed after a minute, and stands in nobody’s way', async () => {
    const begun = await steps.planned(station.stationId, 'iterations: 100');
    await server.database.write((manager) =>
      manager.query("UPDATE plan_run SET state = 'RUNNING', endedAt = NULL, heardAt = 0 WHERE id = ?", [
        begun.id,
      ]),
    );
    expect(await steps.plan(begun.id)).toMatchObject({ state: 'FAILED', failure: 'SERVER_LOST' });
    expect(await steps.apply(begun.id)).toMatchObject({ code: 'PLAN_NOT_READY' });
    expect((await steps.planned(station.stationId, 'iterations: 100')).state).toBe('DONE');
  });
});

it('a visit that takes the whole time of a caregiver ends no search, though another was imported into it', async () => {
  const [caregiverId] = station.caregiverIds;
  const { stationId, services } = station;
  const imported = { stationId, serviceId: services.cleaning, caregiverIds: [caregiverId as number] };
  const elderId = await addHome(town, { north: 1, east: 1 });
  const long = { ...imported, elderId, minute: 480, minutes: 600, status: 'IN_PROGRESS' as const };
  const longId = await bookedVisit(server.database, long);
  const plan = await steps.planned(stationId, 'iterations: 1000');
  expect(plan).toMatchObject({ state: 'DONE', failure: null });
  // Nobody is in two places, say the invariants that hold after this test.
  await server.database.write((manager) =>
    manager.query("UPDATE visit SET status = 'CANCELLED' WHERE id = ?", [longId]),
  );
});

it('a visit over midnight stays with whoever works on both days', async () => {
  const { stationId, services } = station;
  const hours = [
    [0, 480],
    [1200, 1440],
  ];
  const night = await addWorker(server.database, { stationId, name: '夜班', hours });
  const book = async (north: number, visit: { minute: number; caregiverIds?: number[] }) => {
    const elderId = await addHome(town, { north, east: 2 });
    const service = { stationId, serviceId: services.cleaning, flexMinutes: 30 };
    return bookedVisit(server.database, { elderId, ...service, ...visit });
  };
  const over = await book(2, { minute: 1410, caregiverIds: [night] });
  await book(9, { minute: 1320 });
  const plan = await steps.planned(stationId, 'iterations: 5000');
  expect(plan).toMatchObject({ state: 'DONE', failure: null });
  expect((await steps.changes(plan.id)).map(({ visitId }) => Number(visitId))).not.toContain(over);
  expect((await steps.apply(plan.id)).code).toBe(undefined);
  const brought: { visitId: number }[] = await server.database.read((manager) =>
    manager.query('SELECT visitId FROM visit_caregiver WHERE caregiverId = ? ORDER BY startsAt', [night]),
  );
  expect(brought.map(({ visitId }) => visitId)).toContain(over);
});

describe('what is wanted of a plan', () => {
  const refused = async (options: string, stationId = station.stationId, date = planDate) => {
    const { code, field } = await steps.planDay(stationId, options, date);
    return [code, field?.join('.') ?? null];
  };

  it('is refused with code and field, and writes nothing', async () => {
    const { stationId } = station;
    const good = 'iterations: 100';
    expect(await refused(good, 999_999)).toEqual(['STATION_UNKNOWN', 'stationId']);
    expect(await refused(good, town.otherStationId)).toEqual(['STATION_UNKNOWN', 'stationId']);
    expect(await refused(good, town.canteenIds[0])).toEqual(['STATION_UNKNOWN', 'stationId']);
    expect(await refused(`withStationIds: [${town.otherStationId}]`)).toEqual([
      'STATION_UNKNOWN',
      'options.withStationIds.0',
    ]);
    expect(await refused(`withStationIds: [${stationId}]`)).toEqual([
      'STATIONS_INVALID',
      'options.withStationIds',
    ]);
    expect(await refused(good, stationId, addDays(today, -1))).toEqual(['DAY_OUT_OF_RANGE', 'date']);
    expect(await refused(good, stationId, addDays(today, 61))).toEqual(['DAY_OUT_OF_RANGE', 'date']);
    expect(await refused(good, stationId, addDays(today, 60))).not.toContain('DAY_OUT_OF_RANGE');
    expect(await refused('seconds: 0')).toEqual(['OPTIONS_INVALID', 'options.seconds']);
    expect(await refused('seconds: 601')).toEqual(['OPTIONS_INVALID', 'options.seconds']);
    expect(await refused('iterations: 0')).toEqual(['OPTIONS_INVALID', 'options.iterations']);
    expect(await refused('seed: -1')).toEqual(['OPTIONS_INVALID', 'options.seed']);
    // A Sunday, on which nobody works; a Monday without visits.
    expect(await refused(good, stationId, '2026-03-15')).toEqual(['NO_CAREGIVERS', 'date']);
    expect(await refused(good, stationId, '2026-03-16')).toEqual(['NOTHING_TO_PLAN', 'date']);
    await server.database.write((manager) =>
      manager.query("UPDATE facility SET closedOn = '2026-03-11' WHERE id = ?", [stationId]),
    );
    expect(await refused(good)).toEqual(['STATION_CLOSED', 'date']);
    const rows = await server.database.read((manager) =>
      manager.query('SELECT COUNT(*) AS count FROM plan_run'),
    );
    expect(Number(rows[0].count)).toBe(0);
  });

  it('is refused to the manager of one of two stations', async () => {
    const city = new PlanSteps(server, await server.managerToken(town.cityId));
    const both = `withStationIds: [${town.otherStationId}], iterations: 500`;
    const plan = await city.planDay(station.stationId, both);
    expect(plan.code).toBe(undefined);
    await city.over(plan.id);
    expect(await steps.plan(plan.id)).toBe(null);
    expect(await steps.changes(plan.id)).toEqual([]);
    expect(await steps.apply(plan.id)).toMatchObject({ code: 'PLAN_UNKNOWN' });
    expect(await steps.stop(plan.id)).toMatchObject({ code: 'PLAN_UNKNOWN' });
    expect((await city.apply(plan.id)).code).toBe(undefined);
  });

  it('costs the same to ask about a plan elsewhere as about none', async () => {
    const city = new PlanSteps(server, await server.managerToken(town.cityId));
    const plan = await city.planned(station.stationId, 'iterations: 100');
    const other = new PlanSteps(server, await server.managerToken(town.otherCountyId));
    const asked = async (id: string) => {
      const { statements } = await statementsOf(server.database, () => other.changes(id));
      return statements
        .filter((text) => /^\s*(WITH|SELECT)/.test(text))
        .map((text) => text.replaceAll(/\d+/g, '0'));
    };
    expect(await asked(plan.id)).toEqual(await asked('999999'));
  });
});

describe('ways of the caller’s own', () => {
  const matrix = (minutes: unknown[], stationIds: unknown[], elderIds: unknown[]) => ({
    iterations: 100,
    travelMatrix: { stationIds, elderIds, minutes },
  });
  const refused = async (options: object) => {
    const { code, field } = await steps.planDayWith(station.stationId, options);
    return [code, field?.join('.')];
  };
  const of = (size: number, cell = 5) => Array.from({ length: size }, () => Array<number>(size).fill(cell));

  it('must be whole and nowhere negative', async () => {
    const { stationId } = station;
    const path = 'options.travelMatrix';
    const cells = (row: number, column: number, cell: unknown) => {
      const all: unknown[][] = of(3);
      (all[row] as unknown[])[column] = cell;
      return all;
    };
    const ask = (given: unknown[], elders: unknown[] = [1, 2]) => refused(matrix(given, [stationId], elders));
    expect(await ask(cells(1, 2, -1))).toEqual(['MATRIX_INVALID', `${path}.minutes.1.2`]);
    expect(await ask(cells(2, 0, null))).toEqual(['MATRIX_INVALID', `${path}.minutes.2.0`]);
    expect(await ask(cells(0, 0, 1441))).toEqual(['MATRIX_INVALID', `${path}.minutes.0.0`]);
    expect(await ask([of(3)[0], null, of(3)[2]])).toEqual(['MATRIX_INVALID', `${path}.minutes.1.0`]);
    expect(await ask(of(3).slice(1))).toEqual(['MATRIX_INVALID', `${path}.minutes`]);
    expect(await ask(of(3).map((row) => row.slice(1)))).toEqual(['MATRIX_INVALID', `${path}.minutes.0.2`]);
    expect(await ask(of(3).map((row) => [...row, 1]))).toEqual(['MATRIX_INVALID', `${path}.minutes.0.3`]);
    expect(await ask(of(3), [1, 1])).toEqual(['MATRIX_INVALID', `${path}.elderIds`]);
    expect(await ask(of(3))).toEqual(['MATRIX_INCOMPLETE', path]);
  });

  it('count in the place of all others, in the plan and when it is applied', async () => {
    const elders: { elderId: number }[] = await server.database.read((manager) =>
      manager.query('SELECT DISTINCT elderId FROM visit ORDER BY elderId'),
    );
    const ids = elders.map(({ elderId }) => elderId);
    const given = matrix(of(ids.length + 1, 2), [station.stationId], ids);
    const plan = await steps.planDayWith(station.stationId, given);
    await steps.over(plan.id);
    const ways: { waySeconds: number }[] = await server.database.read((manager) =>
      manager.query('SELECT waySeconds FROM plan_run_stop WHERE planId = ?', [plan.id]),
    );
    expect(new Set(ways.map(({ waySeconds }) => waySeconds))).toEqual(new Set([120]));
    expect((await steps.apply(plan.id)).code).toBe(undefined);
  });

  it('must reach an elder who was added since', async () => {
    const elderId = await addHome(town, { north: 1, east: 0 });
    const given = matrix(of(2), [station.stationId], [elderId]);
    expect((await refused(given))[0]).toBe('MATRIX_INCOMPLETE');
  });
});
