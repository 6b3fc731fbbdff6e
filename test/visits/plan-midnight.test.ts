import { afterEach, beforeEach, expect, it } from 'vitest';
import { dayOf } from '../../src/shared/china-time.js';
import { expectSoundVisits } from '../support/plan-steps.js';
import { addHome, addWorker, bookedVisit, planDate } from '../support/planned-day.js';
import { closePlanning, server, startPlanning, station, steps, town } from '../support/planning-server.js';

beforeEach(startPlanning);
afterEach(async () => {
  await expectSoundVisits(server.database);
  await closePlanning();
});

const throughTheNight = [
  [0, 480],
  [1200, 1440],
];
const worker = (name: string, hours: number[][]) =>
  addWorker(server.database, { stationId: station.stationId, name, hours });
let north = 3;
async function book(
  minute: number,
  more: { caregiverIds?: number[]; day?: string; minutes?: number; flexMinutes?: number } = {},
) {
  north += 1;
  const elderId = await addHome(town, { north, east: 2 });
  const { stationId, services } = station;
  const visit = { elderId, stationId, serviceId: services.cleaning, flexMinutes: 0, minute, ...more };
  return bookedVisit(server.database, visit);
}
async function whoBrings(visitId: number): Promise<number[]> {
  const rows: { caregiverId: number }[] = await server.database.read((m) =>
    m.query('SELECT caregiverId FROM visit_caregiver WHERE visitId = ?', [visitId]),
  );
  return rows.map(({ caregiverId }) => caregiverId);
}
async function planned(): Promise<void> {
  const plan = await steps.planned(station.stationId, 'iterations: 5000');
  expect(plan).toMatchObject({ state: 'DONE', failure: null });
  expect((await steps.apply(plan.id)).code).toBe(undefined);
}

it('what is asked for over midnight is given to whoever works on both days, and to nobody who does not', async () => {
  const night = await worker('夜班', throughTheNight);
  const evening = await worker('晚班', [[1200, 1440]]);
  const [over, until] = [await book(1410), await book(1380)];
  await planned();
  expect(await whoBrings(over)).toEqual([night]);
  // What ends with the day, somebody brings who is at work until then and has a way back: nobody has.
  expect([[], [night]]).toContainEqual(await whoBrings(until));
  expect(await whoBrings(until)).not.toContain(evening);
});

it('a minute past midnight is past it', async () => {
  await worker('晚班', [[1200, 1440]]);
  const over = await book(1381);
  await planned();
  expect(await whoBrings(over)).toEqual([]);
  const night = await worker('夜班', throughTheNight);
  await planned();
  expect(await whoBrings(over)).toEqual([night]);
});

it('whoever has something to do soon after midnight brings nothing over it', async () => {
  const night = await worker('夜班', throughTheNight);
  await book(60, { caregiverIds: [night], day: '2026-03-12' });
  const over = await book(1410);
  await planned();
  expect(await whoBrings(over)).toEqual([]);
  const other = await worker('另一夜班', throughTheNight);
  await planned();
  expect(await whoBrings(over)).toEqual([other]);
});

it('whoever is away on the day after does not, and a visit that stays over the same midnight holds its caregiver', async () => {
  const night = await worker('夜班', throughTheNight);
  await server.database.write((m) =>
    m.query(
      `INSERT INTO caregiver_absence (caregiverId, kind, startsAt, endsAt, recordedAt)
       VALUES (?, 'DAY_OFF', ?, ?, 0)`,
      [night, Date.parse('2026-03-12T00:00:00+08:00'), Date.parse('2026-03-13T00:00:00+08:00')],
    ),
  );
  const over = await book(1420);
  await planned();
  expect(await whoBrings(over)).toEqual([]);
  const other = await worker('另一夜班', throughTheNight);
  const stays = await book(1400, { caregiverIds: [other] });
  await planned();
  expect([await whoBrings(over), await whoBrings(stays)]).toEqual([[], [other]]);
});

it('a week has its nights, each with the day after it', async () => {
  const night = await worker('夜班', throughTheNight);
  const nights = ['2026-03-11', '2026-03-12', '2026-03-13'];
  const over = await Promise.all(nights.map((day) => book(1410, { day })));
  const mornings = await Promise.all(nights.map((day) => book(300, { day })));
  const week = `stationId: ${station.stationId}, date: "${planDate}", options: { iterations: 20000 }`;
  const begun = await steps.mutation('planWeek', week);
  const plan = await steps.over(begun.id);
  expect(plan).toMatchObject({ state: 'DONE', failure: null });
  expect((await steps.apply(plan.id)).code).toBe(undefined);
  for (const visitId of over) expect(await whoBrings(visitId)).toEqual([night]);
  for (const visitId of mornings) expect(await whoBrings(visitId)).toEqual([night]);
});

it('moves no visit over midnight, though the family agreed to half a day and nobody works that evening', async () => {
  await worker('早班', [[0, 480]]);
  const late = await book(1380, { flexMinutes: 720 });
  const week = `stationId: ${station.stationId}, date: "${planDate}", options: { iterations: 5000 }`;
  const plan = await steps.over((await steps.mutation('planWeek', week)).id);
  expect((await steps.apply(plan.id)).code).toBe(undefined);
  const [row] = await server.database.read((m) => m.query('SELECT startsAt FROM visit WHERE id = ?', [late]));
  expect(dayOf(new Date(Number(row.startsAt)))).toBe(planDate);
});
