import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeVisit } from '../../src/visits/change-visit.js';
import { type FoundVisit, visitsById } from '../../src/visits/find-visits.js';
import { careRows, later, newCarer, newVisit, tapOf, tapped, toldOf, visitNow } from '../support/care.js';
import {
  alertsOf,
  closeMissedVisits,
  failures,
  look,
  nothingToLookAt,
  open,
  own,
  scannerAt,
  shortly,
  startMissedVisits,
  town,
} from '../support/missed-visits.js';
import { noon } from '../support/town.js';

beforeAll(startMissedVisits);
beforeEach(nothingToLookAt);
afterAll(closeMissedVisits);

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
