import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fillDemo } from '../../bench/support/demo-database.js';
import { type ServerProcess, startServer } from '../../bench/support/server-process.js';
import { openDatabase } from '../../ormconfig.js';
import { addDays, type Day, dayOf } from '../../src/shared/china-time.js';
import { systemClock } from '../../src/shared/clock.js';
import type { Database } from '../../src/shared/database.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { weekdayOf } from '../../src/visits/roster.rules.js';
import { expectAuditClean } from '../support/audited.js';
import { bookOf } from '../support/plan-steps.js';
import { addHome, addPlanServices, addWorker, bookedVisit } from '../support/planned-day.js';
import { emptyDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';

/** The server, its searches and the file that runs beside it share two cores; alone it takes half a minute. */
const patienceMs = 300_000;
const visits = 20;

let folder: string;
let database: Awaited<ReturnType<typeof emptyDatabase>>;
let server: ServerProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yinling-kill-plan-'));
  database = await emptyDatabase();
});
afterEach(async () => {
  await server?.kill('SIGKILL');
  server = undefined;
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** While no server is up: SQLite is one process's own. */
async function onDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const opened = await openDatabase(database.url, { identityKeys: testKeys });
  try {
    return await work(opened.database);
  } finally {
    await opened.database.close();
  }
}

/** The next day on which the workers of these tests work: every day but Sunday. */
function workday(): Day {
  const tomorrow = addDays(dayOf(systemClock.now()), 1);
  return weekdayOf(tomorrow) === 7 ? addDays(tomorrow, 1) : tomorrow;
}

async function fillDay(open: Database, day: Day): Promise<{ stationId: number; visitIds: number[] }> {
  const [row]: { id: number }[] = await open.read((m) =>
    m.query("SELECT id FROM facility WHERE kind = 'HOME_CARE_STATION' ORDER BY id LIMIT 1"),
  );
  const stationId = row?.id as number;
  const town = { database: open, stationId, ids: new IdBlocks(open), managerId: 1 } as never;
  const { cleaning } = await addPlanServices(open);
  for (const name of ['甲', '乙', '丙']) await addWorker(open, { stationId, name });
  const visitIds: number[] = [];
  for (let index = 0; index < visits; index += 1) {
    const elderId = await addHome(town, { north: index % 6, east: index % 5 });
    const minute = 500 + (index % 9) * 50;
    visitIds.push(
      await bookedVisit(open, { elderId, serviceId: cleaning, stationId, minute, day, minutes: 30 }),
    );
  }
  return { stationId, visitIds };
}

interface Plan {
  id?: string;
  state?: string;
  code?: string;
  costsAfter?: object | null;
  appliedVisits?: number | null;
}
const answer =
  '{ ... on VisitPlan { id state costsAfter { total } appliedVisits } ... on PlanRefusal { code } }';

async function ask<Data>(token: string, query: string): Promise<Data> {
  const response = await fetch(`${server?.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  const body = (await response.json()) as { data: Data; errors?: object[] };
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  return body.data;
}

async function until<T>(work: () => Promise<T>, isGood: (value: T) => boolean): Promise<T> {
  const deadline = performance.now() + patienceMs / 2;
  for (;;) {
    const value = await work();
    if (isGood(value)) return value;
    if (performance.now() > deadline) throw new Error(`still ${JSON.stringify(value)}`);
    await wait(200);
  }
}

it(
  'kill -9 in a search and while its plan is applied: nothing is half applied, and it is planned again',
  async () => {
    const { admin } = await fillDemo({ databaseUrl: database.url, folder }, 20);
    const day = workday();
    const { stationId, visitIds } = await onDatabase((open) => fillDay(open, day));
    const before = await onDatabase(bookOf);
    const plan = async (id: string) =>
      (
        await ask<{ plan: Plan }>(
          admin.token,
          `{ plan(id: ${id}) { id state costsAfter { total } appliedVisits } }`,
        )
      ).plan;
    const begin = async (options: string) => {
      const query = `mutation { planDay(stationId: ${stationId}, date: "${day}", options: { ${options} }) ${answer} }`;
      return (await ask<{ planDay: Plan }>(admin.token, query)).planDay;
    };
    const apply = async (id: string) =>
      (await ask<{ applyPlan: Plan }>(admin.token, `mutation { applyPlan(planId: ${id}) ${answer} }`))
        .applyPlan;

    // In the search: the best so far is kept, and nothing of it applied.
    server = await startServer(database.url, { VISIT_SCAN_SECONDS: '0' });
    const struck = await begin('seconds: 600');
    await until(
      () => plan(struck.id as string),
      ({ costsAfter }) => costsAfter !== null,
    );
    await server.kill('SIGKILL');
    expect(await onDatabase(bookOf)).toEqual(before);

    // It stands in the way for a minute, and then in nobody's; the minute is put behind while no server is up.
    await onDatabase((open) =>
      open.write((m) => m.query('UPDATE plan_run SET heardAt = heardAt - 61000 WHERE id = ?', [struck.id])),
    );
    await server.restart();
    const again = await begin('iterations: 1000');
    expect(again.code).toBe(undefined);
    expect(await plan(struck.id as string)).toMatchObject({ state: 'FAILED' });
    const done = await until(
      () => plan(again.id as string),
      ({ state }) => state !== 'RUNNING',
    );
    expect(done.state).toBe('DONE');

    // While it is applied, at one moment after the other: all of it or nothing.
    let applied = 0;
    for (const delayMs of [5, 40]) {
      const answered = apply(again.id as string).catch(lostConnection);
      await wait(delayMs);
      await server.kill('SIGKILL');
      await answered;
      const [now, run] = await onDatabase(async (open) => [
        await bookOf(open),
        await open.read((m) =>
          m.query('SELECT appliedAt, appliedVisits FROM plan_run WHERE id = ?', [again.id]),
        ),
      ]);
      const isApplied = run[0].appliedAt !== null;
      if (isApplied) {
        applied += 1;
        const brought = await onDatabase((open) => assignedAmong(open, visitIds));
        expect(brought).toBe(run[0].appliedVisits);
        await onDatabase((open) => takeBack(open, visitIds, Number(again.id)));
      } else expect(now).toEqual(before);
      await server.restart();
    }

    const last = await apply(again.id as string);
    // Versions went on where one was applied and taken back: then the plan is stale, as it should be, and made anew.
    if (last.code !== undefined) {
      expect([applied > 0, last.code]).toEqual([true, 'PLAN_STALE']);
      const fresh = await begin('iterations: 1000');
      const ready = await until(
        () => plan(fresh.id as string),
        ({ state }) => state !== 'RUNNING',
      );
      expect(ready.state).toBe('DONE');
      expect((await apply(fresh.id as string)).appliedVisits).toBeGreaterThan(0);
    } else expect(last.appliedVisits).toBeGreaterThan(0);
    await server.stop();
    await onDatabase(expectAuditClean);
  },
  patienceMs,
);

/** What fetch throws when its server is struck; any other failure is the server's own. */
function lostConnection(error: unknown): void {
  if (!(error instanceof TypeError)) throw error;
}

async function assignedAmong(open: Database, visitIds: readonly number[]): Promise<number> {
  const [row]: { count: number | string }[] = await open.read((m) =>
    m.query(
      `SELECT COUNT(*) AS count FROM visit
        WHERE status = 'ASSIGNED' AND id IN (${visitIds.join(', ')})
          AND EXISTS (SELECT 1 FROM visit_caregiver p WHERE p.visitId = visit.id)
          AND EXISTS (SELECT 1 FROM visit_event e WHERE e.visitId = visit.id AND e.version = visit.version)`,
    ),
  );
  return Number(row?.count);
}

/** As it was before, so that it can be applied once more. */
async function takeBack(open: Database, visitIds: readonly number[], planId: number): Promise<void> {
  const ids = visitIds.join(', ');
  await open.write(async (m) => {
    await m.query(`DELETE FROM visit_caregiver WHERE visitId IN (${ids})`);
    await m.query(`DELETE FROM visit_event WHERE visitId IN (${ids})`);
    const booked: { visitId: number; promisedAt: number | string }[] = await m.query(
      `SELECT visitId, promisedAt FROM visit_booking WHERE visitId IN (${ids})`,
    );
    for (const { visitId, promisedAt } of booked) {
      const ms = Number(promisedAt);
      await m.query(
        "UPDATE visit SET status = 'REQUESTED', version = 1, startsAt = ?, endsAt = ? WHERE id = ?",
        [ms, ms + 1_800_000, visitId],
      );
    }
    await m.query(
      'UPDATE plan_run SET appliedAt = NULL, appliedById = NULL, appliedVisits = NULL WHERE id = ?',
      [planId],
    );
  });
}
