import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/shared/refusal.js';
import { endCaregiver } from '../../src/visits/add-caregiver.js';
import { caregiverFiles } from '../../src/visits/caregiver-file.js';
import { rostersOf } from '../../src/visits/find-roster.js';
import { recordAbsence, withdrawAbsence } from '../../src/visits/record-absence.js';
import { setWorkingHours } from '../../src/visits/set-working-hours.js';
import { misfitsOf, visitsOutOfRoster } from '../../src/visits/visits-out-of-roster.js';
import type { WeekSpan } from '../../src/visits/week-hours.rules.js';
import { addAbsence, addWorker } from '../support/bookings.js';
import {
  caregiverId,
  newCaregiver,
  serviceId,
  startCaregivers,
  test,
  told,
  town,
} from '../support/caregivers.js';
import { addDiner, noon, today } from '../support/town.js';
import { addVisit } from '../support/visits.js';

beforeAll(startCaregivers);
beforeEach(newCaregiver);
afterAll(() => test.drop());

const workday = (weekday: number): WeekSpan => ({ weekday, fromMinute: 480, toMinute: 1080 });
const fiveDays = [1, 2, 3, 4, 5].map(workday);
const setHours = (fromDay: string, spans: WeekSpan[], scope: number[] = [town.countyId]) =>
  test.database
    .write((manager) => setWorkingHours(manager, { caregiverId, fromDay, spans }, scope, today))
    .then(told);
const away = (kind: 'DAY_OFF' | 'SICK_LEAVE' | 'TRAINING', from: string, to: string) =>
  test.database.write((manager) =>
    recordAbsence(
      manager,
      {
        caregiverId,
        kind,
        startsAt: new Date(`${from}+08:00`),
        endsAt: new Date(`${to}+08:00`),
        byId: town.managerId,
        now: noon,
      },
      [town.countyId],
    ),
  );
const rosterOn = async (from: string, to: string) => {
  const [roster] = await test.database.read(async (manager) => {
    const files = await caregiverFiles(manager, [caregiverId]);
    return rostersOf(manager, [...files.values()], { from, to });
  });
  return roster?.days.map(({ spans }) =>
    spans.map(({ startsAt, endsAt }) =>
      [startsAt, endsAt].map((at) => at.toISOString().slice(11, 16)).join('-'),
    ),
  );
};

describe('working hours', () => {
  it('count from their day on, and leave the days before as they were', async () => {
    expect(await setHours('2026-03-10', fiveDays)).toBe('done');
    expect(await setHours('2026-03-12', [{ weekday: 4, fromMinute: 600, toMinute: 720 }])).toBe('done');
    // Tuesday the 10th to Friday the 13th, in UTC.
    expect(await rosterOn('2026-03-10', '2026-03-13')).toEqual([
      ['00:00-10:00'],
      ['00:00-10:00'],
      ['02:00-04:00'],
      [],
    ]);
    expect(await setHours('2026-03-11', fiveDays)).toBe('done');
    expect(await rosterOn('2026-03-12', '2026-03-12')).toEqual([['00:00-10:00']]);
    expect(await setHours('2026-03-11', [])).toBe('done');
    expect(await rosterOn('2026-03-10', '2026-03-11')).toEqual([['00:00-10:00'], []]);
  });

  it.each([
    ['of yesterday', '2026-03-09', fiveDays, 'DATE_OUT_OF_RANGE fromDay'],
    ['of an eighth day', today, [workday(8)], 'HOURS_INVALID hours.0'],
    ['turned round', today, [{ weekday: 1, fromMinute: 700, toMinute: 700 }], 'HOURS_INVALID hours.0'],
    ['past midnight', today, [{ weekday: 1, fromMinute: 700, toMinute: 1441 }], 'HOURS_INVALID hours.0'],
    [
      'that overlap',
      today,
      [workday(1), { weekday: 1, fromMinute: 1079, toMinute: 1100 }],
      'HOURS_OVERLAP hours.1',
    ],
  ])('%s are refused', async (_name, fromDay, spans, refused) => {
    expect(await setHours(fromDay, spans)).toBe(refused);
    expect(await rosterOn('2026-03-10', '2026-03-10')).toEqual([[]]);
  });

  it('that touch are two spans of a day, and those of another county are nobody’s', async () => {
    const touching = [workday(2), { weekday: 2, fromMinute: 1080, toMinute: 1200 }];
    expect(await setHours(today, touching)).toBe('done');
    expect(await rosterOn(today, today)).toEqual([['00:00-12:00']]);
    expect(await setHours(today, [], [town.otherCountyId])).toBe('CAREGIVER_UNKNOWN caregiverId');
  });
});

describe('absences', () => {
  it('do not overlap, but for sick leave over another kind', async () => {
    const say = async (...absence: Parameters<typeof away>) => told(await away(...absence));
    expect(await say('DAY_OFF', '2026-03-12T00:00', '2026-03-13T00:00')).toBe('done');
    expect(await say('TRAINING', '2026-03-12T10:00', '2026-03-12T12:00')).toBe('ABSENCE_OVERLAPS startsAt');
    expect(await say('TRAINING', '2026-03-13T00:00', '2026-03-13T12:00')).toBe('done');
    expect(await say('SICK_LEAVE', '2026-03-12T08:00', '2026-03-14T00:00')).toBe('done');
    expect(await say('SICK_LEAVE', '2026-03-13T23:00', '2026-03-15T00:00')).toBe('ABSENCE_OVERLAPS startsAt');
    expect(await say('DAY_OFF', '2026-03-13T12:00', '2026-03-13T13:00')).toBe('ABSENCE_OVERLAPS startsAt');
  });

  it('are refused turned round, empty, too long ago and too far off', async () => {
    const say = async (from: string, to: string) => told(await away('DAY_OFF', from, to));
    expect(await say('2026-03-12T10:00', '2026-03-12T10:00')).toBe('DATE_OUT_OF_RANGE endsAt');
    expect(await say('2026-03-12T10:00', '2026-03-12T09:00')).toBe('DATE_OUT_OF_RANGE endsAt');
    expect(await say('2026-01-12T10:00', '2026-03-12T09:00')).toBe('DATE_OUT_OF_RANGE startsAt');
    expect(await say('2028-01-12T10:00', '2028-01-12T12:00')).toBe('DATE_OUT_OF_RANGE startsAt');
    expect(await say('2026-03-12T10:00', '2028-03-12T10:00')).toBe('DATE_OUT_OF_RANGE endsAt');
  });

  it('take hours out of a day until they are taken back, once, while they last', async () => {
    await setHours('2026-03-10', fiveDays);
    const absence = await away('TRAINING', '2026-03-12T10:00', '2026-03-12T12:00');
    if (isRefusal(absence)) throw new Error(absence.refused);
    expect(await rosterOn('2026-03-12', '2026-03-12')).toEqual([['00:00-02:00', '04:00-10:00']]);
    const back = (absenceId: number, now = noon, scope = [town.countyId]) =>
      test.database.write((manager) => withdrawAbsence(manager, { absenceId, now }, scope)).then(told);
    expect(await back(absence.id, noon, [town.otherCountyId])).toBe('ABSENCE_UNKNOWN absenceId');
    expect(await back(absence.id, absence.endsAt)).toBe('ABSENCE_OVER absenceId');
    expect(await back(absence.id)).toBe('done');
    expect(await back(absence.id)).toBe('ABSENCE_OVER absenceId');
    expect(await back(999_999)).toBe('ABSENCE_UNKNOWN absenceId');
    expect(await rosterOn('2026-03-12', '2026-03-12')).toEqual([['00:00-10:00']]);
  });

  it('ten of the same time at once are one', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, () => away('DAY_OFF', '2026-03-12T00:00', '2026-03-13T00:00')),
    );
    expect(results.map(told).filter((each) => each === 'done')).toHaveLength(1);
  });
});

describe('visits that no longer fit', () => {
  it('are named in order with the reason, and stay as they are', async () => {
    await setHours('2026-03-10', fiveDays);
    const { elderId } = await addDiner(town);
    const add = (from: string, more: object = {}) =>
      addVisit(test.database, {
        elderId,
        serviceId,
        stationId: town.stationId,
        caregiverIds: [caregiverId],
        from: `${from}+08:00`,
        ...more,
      });
    await add('2026-03-09T20:00');
    const fits = await add('2026-03-11T09:00');
    const late = await add('2026-03-11T17:30');
    const off = await add('2026-03-12T09:00');
    await add('2026-03-12T11:00', { status: 'CANCELLED' });
    const after = await add('2026-03-19T09:00');
    const skilled = await add('2026-03-13T09:00');
    await away('DAY_OFF', '2026-03-12T00:00', '2026-03-13T00:00');
    await test.database.write((manager) =>
      endCaregiver(manager, { caregiverId, on: '2026-03-18' }, [town.countyId], today),
    );
    const misfits = await test.database.read((manager) => misfitsOf(manager, caregiverId, noon));
    expect(misfits.map(({ visitId, why }) => [visitId, why])).toEqual([
      [late, 'NOT_WORKING'],
      [off, 'NOT_WORKING'],
      [after, 'NOT_ACTIVE'],
    ]);
    await test.database.write((manager) =>
      manager.query("UPDATE home_service SET skill = 'NURSING' WHERE id = ?", [serviceId]),
    );
    const ids = await test.database.read((manager) => visitsOutOfRoster(manager, caregiverId, noon));
    // The certificate counts for the last time on the 10th.
    expect(ids).toEqual([fits, late, off, skilled, after]);
    const rows: { status: string }[] = await test.database.read((manager) =>
      manager.query('SELECT status FROM visit WHERE elderId = ? ORDER BY id', [elderId]),
    );
    expect(rows.map(({ status }) => status).filter((status) => status === 'ASSIGNED')).toHaveLength(6);
  });

  it('are none of a night that is worked through, until the morning after is taken off', async () => {
    await test.database.write((manager) =>
      manager.query('UPDATE home_service SET skill = NULL WHERE id = ?', [serviceId]),
    );
    const night = await addWorker(town, { from: 0, to: 1440 });
    const { elderId } = await addDiner(town);
    const from = '2026-03-11T23:30:00+08:00';
    const visit = { elderId, serviceId, stationId: town.stationId, caregiverIds: [night], from };
    const visitId = await addVisit(test.database, visit);
    const named = () => test.database.read((manager) => visitsOutOfRoster(manager, night, noon));
    expect(await named()).toEqual([]);
    await addAbsence(town, night, [
      new Date('2026-03-12T00:15:00+08:00'),
      new Date('2026-03-12T12:00:00+08:00'),
    ]);
    expect(await named()).toEqual([visitId]);
  });
});
