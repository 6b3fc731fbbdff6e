import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SettableClock } from '../../src/shared/clock.js';
import { insertRows } from '../../src/shared/statements.js';
import { changeVisit } from '../../src/visits/change-visit.js';
import { type FoundVisit, visitsById } from '../../src/visits/find-visits.js';
import { MissedVisitScanner } from '../../src/visits/missed-visit-scanner.js';
import { overdueQueries, raiseAlerts, takeTurn } from '../../src/visits/raise-alerts.js';
import {
  buildCareTown,
  type Carer,
  type CareTown,
  careRows,
  expectCareClean,
  later,
  newCarer,
  newVisit,
  tapOf,
  tapped,
  toldOf,
  visitNow,
} from '../support/care.js';
import { statementsOf } from '../support/count-statements.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { noon } from '../support/town.js';

let open: TestDatabase;
let town: CareTown;
let own: Carer;
let failures: unknown[];

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildCareTown(open.database);
  own = await newCarer(town);
});
beforeEach(async () => {
  failures = [];
  // What other tests left behind is looked at by none.
  await open.database.write(async (manager) => {
    await manager.query(
      "UPDATE visit SET status = 'CANCELLED' WHERE status IN ('REQUESTED', 'ASSIGNED', 'IN_PROGRESS')",
    );
    await manager.query('UPDATE visit_evidence SET openStationId = NULL');
    await manager.query('UPDATE visit_watch SET leasedUntil = 0');
  });
});
afterAll(async () => {
  await expectCareClean(open);
  await open.drop();
});

const look = (minutes: number) => raiseAlerts(open.database, later(minutes));

interface AlertRow {
  id: number;
  kind: string;
  level: string;
  facilityId: number;
  outcome: string | null;
}
function alertsOf(visitId: number): Promise<AlertRow[]> {
  return open.database.read((manager) =>
    manager.query(
      'SELECT id, kind, level, facilityId, outcome FROM visit_alert WHERE visitId = ? ORDER BY id',
      [visitId],
    ),
  );
}
const shortly = async (visitId: number) =>
  (await alertsOf(visitId)).map(({ kind, level, outcome }) => `${kind} ${level} ${outcome}`);

function scannerAt(minutes: number): MissedVisitScanner {
  const clock = new SettableClock();
  clock.set(later(minutes), 0);
  return new MissedVisitScanner({
    database: open.database,
    clock,
    pauseSeconds: 60,
    positionDays: 180,
    onFailure: (error) => failures.push(error),
  });
}

describe('a visit that nobody began', () => {
  it('is told to the station, then to the street centre, and is missed when its time has passed', async () => {
    const { visitId } = await newVisit(town, [own]);
    expect(await look(19)).toEqual({ raised: 0, missed: 0 });
    expect(await look(20)).toEqual({ raised: 1, missed: 0 });
    expect(await alertsOf(visitId)).toMatchObject([{ level: 'STATION', facilityId: town.stationId }]);
    expect(await look(59)).toEqual({ raised: 0, missed: 0 });
    expect(await visitNow(town, visitId)).toMatchObject({ status: 'ASSIGNED', version: 1 });
    expect(await look(60)).toEqual({ raised: 1, missed: 1 });
    expect(await alertsOf(visitId)).toMatchObject([
      { level: 'STATION' },
      { level: 'STREET', facilityId: town.streetId },
    ]);
    expect(await visitNow(town, visitId)).toMatchObject({
      status: 'NO_SHOW',
      version: 2,
      events: 'MISS NO_SHOW',
    });
    const before = await careRows(town);
    expect(await look(600)).toEqual({ raised: 0, missed: 0 });
    expect(await careRows(town)).toBe(before);
  });

  it('and was moved to later since is told of again when nobody comes then either', async () => {
    const { visitId } = await newVisit(town, [own]);
    expect(await look(25)).toEqual({ raised: 1, missed: 0 });
    await open.database.write(async (manager) => {
      const [visit] = await visitsById(manager, [visitId]);
      const [startsAt, endsAt] = [later(240), later(300)];
      const step = {
        kind: 'RESCHEDULE',
        status: 'ASSIGNED',
        startsAt,
        endsAt,
        at: later(30),
        byId: null,
      } as const;
      await changeVisit(manager, { visit: visit as FoundVisit, caregiverIds: [own.caregiverId], ...step });
      await manager.query('UPDATE visit_caregiver SET startsAt = ?, endsAt = ? WHERE visitId = ?', [
        startsAt.getTime(),
        endsAt.getTime(),
        visitId,
      ]);
    });
    expect(await look(255)).toEqual({ raised: 0, missed: 0 });
    expect(await look(260)).toEqual({ raised: 1, missed: 0 });
    expect(await look(261)).toEqual({ raised: 0, missed: 0 });
    expect(await look(300)).toEqual({ raised: 1, missed: 1 });
    expect(await shortly(visitId)).toEqual([
      'NOT_BEGUN STATION null',
      'NOT_BEGUN STATION null',
      'NOT_BEGUN STREET null',
    ]);
  });

  it('with nobody to bring it is told as well', async () => {
    const { visitId } = await newVisit(town, []);
    expect(await look(90)).toEqual({ raised: 2, missed: 1 });
    expect(await visitNow(town, visitId)).toMatchObject({ status: 'NO_SHOW' });
  });

  it('is told of by a server that was down meanwhile, once, however long it was', async () => {
    const { visitId } = await newVisit(town, [own]);
    const old = await newVisit(town, [own], { from: later(-8 * 1440).toISOString() });
    expect(await look(600)).toEqual({ raised: 4, missed: 2 });
    expect(await shortly(visitId)).toHaveLength(2);
    expect(await shortly(old.visitId)).toHaveLength(2);
    expect(await look(601)).toEqual({ raised: 0, missed: 0 });
  });

  it('is told of although another one cannot be looked at, whose trouble is passed on', async () => {
    const broken = await newVisit(town, [own]);
    const { visitId } = await newVisit(town, [own], { from: later(1).toISOString() });
    // Its step has no place, as after a restore that went wrong.
    await open.database.write((manager) =>
      manager.query(
        `INSERT INTO visit_event (visitId, version, kind, status, startsAt, at, isOverride)
         SELECT id, 2, 'MISS', 'NO_SHOW', startsAt, startsAt, ? FROM visit WHERE id = ?`,
        [0, broken.visitId],
      ),
    );
    await expect(look(90)).rejects.toThrow();
    expect(await shortly(visitId)).toHaveLength(2);
    expect(await visitNow(town, visitId)).toMatchObject({ status: 'NO_SHOW' });
    expect(await visitNow(town, broken.visitId)).toMatchObject({ status: 'ASSIGNED' });
    await open.database.write((manager) =>
      manager.query('DELETE FROM visit_event WHERE visitId = ? AND version = 2', [broken.visitId]),
    );
    expect(await look(90)).toEqual({ raised: 2, missed: 1 });
  });

  it('is taken back by a tap that was made offline, and its alerts close by themselves', async () => {
    const { visitId } = await newVisit(town, [own]);
    await look(90);
    const late = tapOf(visitId, { at: later(3), isOffline: true });
    expect(toldOf(await tapped(town, own, late, later(200)))).toBe('recorded');
    expect(await visitNow(town, visitId)).toMatchObject({
      status: 'IN_PROGRESS',
      checkedInAt: '12:03',
      events: 'MISS NO_SHOW, CHECK_IN IN_PROGRESS',
    });
    expect(await shortly(visitId)).toEqual(['NOT_BEGUN STATION WENT_ON', 'NOT_BEGUN STREET WENT_ON']);
    await look(300);
    expect(await shortly(visitId)).toContain('NOT_ENDED STATION null');
    const out = tapOf(visitId, { kind: 'OUT', at: later(62), isOffline: true });
    await tapped(town, own, out, later(301));
    expect(await shortly(visitId)).toContain('NOT_ENDED STATION WENT_ON');
    expect(await visitNow(town, visitId)).toMatchObject({ status: 'COMPLETED', decision: 'PAY' });
  });

  it('and nothing is said of one that was begun, done or called off', async () => {
    const { visitId } = await newVisit(town, [own]);
    await tapped(town, own, tapOf(visitId, { at: later(15) }));
    const done = await newVisit(town, [own], { status: 'COMPLETED' });
    const off = await newVisit(town, [own], { status: 'CANCELLED' });
    expect(await look(70)).toEqual({ raised: 0, missed: 0 });
    for (const id of [visitId, done.visitId, off.visitId]) expect(await shortly(id)).toEqual([]);
    // For the invariants: nobody tapped at the second.
    await open.database.write((manager) =>
      manager.query("UPDATE visit SET status = 'CANCELLED' WHERE id = ?", [done.visitId]),
    );
  });
});

it('what is overdue is found by its index', async () => {
  const explain = engine === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
  // Of its own: on SQLite the connection that explained goes on seeing what it saw then.
  const apart = await openTestDatabase();
  for (const { sql, parameters } of overdueQueries(noon)) {
    const plan: object[] = await apart.writer.query(`${explain} ${sql}`, [...parameters]);
    expect(JSON.stringify(plan)).toContain('ix_visit_status');
  }
  await apart.drop();
});

it('after a month in which no server looked, what nobody began or ended is on the lists, and has an end', async () => {
  const [old, begun] = [await newVisit(town, [own]), await newVisit(town, [await newCarer(town)])];
  await open.database.write((manager) =>
    manager.query("UPDATE visit SET status = 'IN_PROGRESS' WHERE id = ?", [begun.visitId]),
  );
  const round = await look(31 * 1440);
  expect(round).toEqual({ raised: 3, missed: 1 });
  expect(await visitNow(town, old.visitId)).toMatchObject({ status: 'NO_SHOW' });
  expect(await shortly(old.visitId)).toEqual(['NOT_BEGUN STATION null', 'NOT_BEGUN STREET null']);
  expect(await shortly(begun.visitId)).toEqual(['NOT_ENDED STATION null']);
  expect(await look(31 * 1440 + 1)).toEqual({ raised: 0, missed: 0 });
  await open.database.write((manager) =>
    manager.query("UPDATE visit SET status = 'CANCELLED' WHERE id = ?", [begun.visitId]),
  );
});

it('a round asks as often with many visits that were told of as with one', async () => {
  await newVisit(town, [own]);
  await look(25);
  const { statements: one } = await statementsOf(open.database, () => look(26));
  for (let index = 0; index < 5; index += 1) await newVisit(town, [own]);
  await look(26);
  const { result, statements: six } = await statementsOf(open.database, () => look(27));
  expect([result, six.length]).toEqual([{ raised: 0, missed: 0 }, one.length]);
});

it('a round asks no more for visits of four hundred days that nobody ended', async () => {
  const { visitId } = await newVisit(town, [own]);
  const [row] = await open.database.read((m) =>
    m.query('SELECT elderId, serviceId, stationId FROM visit WHERE id = ?', [visitId]),
  );
  const begin = (fromDay: number, toDay: number) =>
    open.database.write(async (m) => {
      const columns = 'id requestId occurrence elderId serviceId stationId startsAt endsAt status subsidyFen';
      const more = 'selfPaidFen bookedAt version checkedInAt';
      const rows = Array.from({ length: toDay - fromDay }, (_, index) => {
        const startsAt = noon.getTime() - (fromDay + index + 1) * 86_400_000;
        const whose = [row.elderId, row.serviceId, row.stationId, startsAt, startsAt + 3_600_000];
        const id = 50_000 + fromDay + index;
        return [id, `old-${fromDay + index}`, 0, ...whose, 'IN_PROGRESS', 0, 0, 0, 1, startsAt];
      });
      await insertRows(m, 'visit', [...columns.split(' '), ...more.split(' ')], rows);
    });
  await begin(0, 1);
  expect((await look(1)).raised).toBe(1);
  const { statements: one } = await statementsOf(open.database, () => look(2));
  await begin(1, 400);
  expect((await look(3)).raised).toBe(399);
  const { result, statements: all } = await statementsOf(open.database, () => look(4));
  expect([result, all.length]).toEqual([{ raised: 0, missed: 0 }, one.length]);
  await open.database.write((m) => m.query("UPDATE visit SET status = 'CANCELLED' WHERE id >= 50000"));
});

describe('two servers', () => {
  it('that look at the same moment raise one alert of each kind', async () => {
    const visits = await Promise.all(Array.from({ length: 5 }, () => newVisit(town, [own])));
    const rounds = await Promise.all([look(90), look(90), look(90)]);
    expect(rounds.reduce((sum, { raised }) => sum + raised, 0)).toBe(10);
    expect(rounds.reduce((sum, { missed }) => sum + missed, 0)).toBe(5);
    for (const { visitId } of visits) {
      expect(await shortly(visitId)).toHaveLength(2);
      expect(await visitNow(town, visitId)).toMatchObject({ status: 'NO_SHOW', version: 2 });
    }
  });

  it('have one turn between them, and the next after the rest', async () => {
    const { visitId } = await newVisit(town, [own]);
    const rounds = await Promise.all([scannerAt(30), scannerAt(30), scannerAt(30)].map((one) => one.scan()));
    expect(rounds.filter((round) => round !== undefined)).toEqual([{ raised: 1, missed: 0 }]);
    expect(await scannerAt(30).scan()).toBe(undefined);
    expect(await scannerAt(31).scan()).toEqual({ raised: 0, missed: 0 });
    expect(await shortly(visitId)).toHaveLength(1);
    expect(failures).toEqual([]);
  });

  it('are not held up by a turn that a clock gave which was set back since', async () => {
    const turn = (minutes: number) =>
      open.database.write((manager) =>
        takeTurn(manager, { holder: 'one', now: later(minutes), turnMs: 60_000 }),
      );
    expect(await turn(5000)).toBe(true);
    expect(await turn(0)).toBe(true);
    expect(await turn(0)).toBe(false);
  });

  it('and a tap at that very moment: the visit is begun or told of, and an alert never stays open', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { visitId } = await newVisit(town, [own]);
      const [told] = await Promise.all([tapped(town, own, tapOf(visitId, { at: later(25) })), look(25)]);
      expect(toldOf(told)).toBe('recorded');
      expect(await visitNow(town, visitId)).toMatchObject({ status: 'IN_PROGRESS' });
      const alerts = await shortly(visitId);
      expect([[], ['NOT_BEGUN STATION WENT_ON']]).toContainEqual(alerts);
    }
  });
});

it('a server looks by itself, in rounds, and stops when it is told to', async () => {
  const { visitId } = await newVisit(town, [own]);
  const clock = new SettableClock();
  clock.set(later(30), 0);
  const scanner = new MissedVisitScanner({
    database: open.database,
    clock,
    pauseSeconds: 0.02,
    positionDays: 180,
    onFailure: (error) => failures.push(error),
  });
  scanner.start();
  const until = performance.now() + 30_000;
  while ((await shortly(visitId)).length === 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await scanner.stop();
  expect(await shortly(visitId)).toEqual(['NOT_BEGUN STATION null']);
  expect(failures).toEqual([]);
});

it('a visit that cannot be looked at hides none of those after it', async () => {
  const spoilt = await newVisit(town, [own]);
  const { visitId } = await newVisit(town, [own], { from: later(5).toISOString() });
  // Its next step is written down already, so that it can take none.
  await open.database.write((manager) =>
    manager.query(
      `INSERT INTO visit_event (visitId, version, kind, status, startsAt, at, byId, isOverride)
       VALUES (?, 2, 'MISS', 'NO_SHOW', ?, ?, NULL, FALSE)`,
      [spoilt.visitId, noon.getTime(), noon.getTime()],
    ),
  );
  expect(await scannerAt(90).scan()).toEqual({ raised: 2, missed: 1 });
  expect(await shortly(visitId)).toEqual(['NOT_BEGUN STATION null', 'NOT_BEGUN STREET null']);
  expect(failures).toHaveLength(1);
  expect(await shortly(spoilt.visitId)).toEqual([]);
  await open.database.write((manager) =>
    manager.query("DELETE FROM visit_event WHERE visitId = ? AND kind = 'MISS'", [spoilt.visitId]),
  );
});
