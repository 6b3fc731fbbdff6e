import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { elderVisitRecords } from '../../src/visits/elder-visit-records.js';
import { historiesOf } from '../../src/visits/find-agreements.js';
import { hoursOf } from '../../src/visits/find-hours.js';
import { raiseAlerts } from '../../src/visits/raise-alerts.js';
import { stationDues } from '../../src/visits/station-dues.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addElder,
  addHomeServices,
  addWorker,
  booked,
  bookingsOn,
  manager,
  on,
  outcomeOf,
  placeStation,
  relative,
} from '../support/bookings.js';
import { type Carer, carerOf, setDoor, tapOf, tapped } from '../support/care.js';
import { approveHours } from '../support/hours.js';
import { hoursRules } from '../support/hours-cases.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let calls: ReturnType<typeof bookingsOn>;
let carer: Carer;
let elderId: number;

/** Two hours a month in the place of half of the price; an hour of CLEANING costs 50 yuan, and 60 from 16 March on. */
const rules = (lateCancellation: 'GIVE_BACK' | 'FORFEIT' | 'PAY') =>
  hoursRules([
    {
      code: 'TWO',
      minutes: 120,
      pays: { kind: 'PER_HOUR', fen: 3000 },
      lateCancellation,
    },
  ]);

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  await addHomeServices(open);
  await placeStation(town);
  await approveHours(open.database, town.countyId, rules('FORFEIT'));
  const caregiverId = await addWorker(town);
  const [row] = await open.database.read((m) =>
    m.query('SELECT accountId FROM caregiver WHERE id = ?', [caregiverId]),
  );
  carer = carerOf({ ...town, serviceId: 0 }, { caregiverId, accountId: row.accountId });
  calls = bookingsOn(town);
});
beforeEach(async () => {
  elderId = await addElder(town);
  await setDoor({ ...town, serviceId: 0 }, elderId);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

/** Reserved, used, lost and left minutes of the elder's month. */
async function minutes(month = '2026-03'): Promise<number[]> {
  const found = await open.database.read((m) => hoursOf(m, { elderId, month }, 'everywhere', '2026-03-10'));
  if (!found) throw new Error('no such elder');
  return [found.reservedMinutes, found.usedMinutes, found.lostMinutes, found.leftMinutes];
}

/** What the visit and its booking say. */
async function agreed(visitId: number): Promise<unknown> {
  const [row] = await open.database.read((m) =>
    m.query(
      `SELECT v.status, v.subsidyFen, v.selfPaidFen, b.hoursMinutes
         FROM visit v JOIN visit_booking b ON b.visitId = v.id WHERE v.id = ?`,
      [visitId],
    ),
  );
  return { ...row, subsidyFen: Number(row.subsidyFen), selfPaidFen: Number(row.selfPaidFen) };
}

/** What anybody owes the station for the elder's visits: minutes, the family's and the funders' fen. */
async function owed(month = '2026-03'): Promise<number[][]> {
  const lines = await open.database.read((m) => stationDues(m, town.stationId, month));
  return lines
    .filter((line) => line.elderId === elderId)
    .map(({ hoursMinutes, familyFen, funders }) => [
      hoursMinutes,
      familyFen,
      funders.reduce((sum, { fen }) => sum + fen, 0),
    ]);
}

const book = async (day: string, time = '09:00') =>
  booked(await calls.book({ elderId, startsAt: on(day, time), caregiverId: carer.caregiverId }));

describe('hours of a booking', () => {
  it('are reserved and shown with it, and free again when it is called off in time', async () => {
    const visit = await book('2026-03-18');
    expect(visit).toMatchObject({ subsidyFen: 3000, selfPaidFen: 3000 });
    expect(await agreed(visit.id)).toEqual({
      status: 'ASSIGNED',
      subsidyFen: 3000,
      selfPaidFen: 3000,
      hoursMinutes: 60,
    });
    expect(await minutes()).toEqual([60, 0, 0, 60]);
    const unsettled = () =>
      open.database.write(async (m) => (await elderVisitRecords.unsettled?.(m, elderId)) ?? []);
    expect((await unsettled()).map(({ en }) => en)).toEqual(['a visit that is still to come or under way']);
    booked(await calls.cancel(visit.id, relative(town, [elderId])));
    expect(await unsettled()).toEqual([]);
    expect(await minutes()).toEqual([0, 0, 0, 120]);
    expect(await owed()).toEqual([]);
    await expectAuditClean(open.database);
  });

  it('are given once to visits that are booked in one moment, in their order', async () => {
    const visits = await Promise.all(['2026-03-18', '2026-03-19', '2026-03-20'].map((day) => book(day)));
    expect(visits.map(({ subsidyFen }) => subsidyFen)).toEqual([3000, 3000, 0]);
    expect(await minutes()).toEqual([120, 0, 0, 0]);
    for (const { id } of visits) booked(await calls.cancel(id, relative(town, [elderId])));
    expect(await minutes()).toEqual([0, 0, 0, 120]);
    await expectAuditClean(open.database);
  });

  it('go by the rule of their grant when it is called off late, and bill the family for nothing', async () => {
    const visit = await book('2026-03-19');
    const late = on('2026-03-19', '08:00');
    const refused = await calls.cancel(visit.id, relative(town, [elderId], late));
    expect(outcomeOf(refused)).toBe('TOO_LATE_TO_CANCEL');
    expect(await minutes()).toEqual([60, 0, 0, 60]);
    booked(await calls.cancel(visit.id, manager(town, late)));
    expect(await minutes()).toEqual([0, 0, 60, 60]);
    expect(await owed()).toEqual([[0, 0, 0]]);
    await expectAuditClean(open.database);
  });

  it('stay the elder’s when the station calls it off on its own account, however late, and when it does not say', async () => {
    for (const causedBy of ['STATION', null] as const) {
      const visit = await book('2026-03-19');
      const late = manager(town, on('2026-03-19', '08:59'));
      booked(await calls.cancel(visit.id, late, 'THIS', causedBy));
      expect(await minutes()).toEqual([0, 0, 0, 120]);
      const [steps] = (await open.database.read((m) => historiesOf(m, [visit.id]))).values();
      expect(steps?.at(-1)).toMatchObject({ kind: 'CANCEL', isOverride: true, causedBy: 'STATION' });
    }
    // A relative cannot say that it was the station's.
    const visit = await book('2026-03-19');
    booked(await calls.cancel(visit.id, relative(town, [elderId]), 'THIS', 'STATION'));
    const [steps] = (await open.database.read((m) => historiesOf(m, [visit.id]))).values();
    expect(steps?.at(-1)).toMatchObject({ kind: 'CANCEL', isOverride: false, causedBy: 'FAMILY' });
    expect(await owed()).toEqual([]);
    await expectAuditClean(open.database);
  });

  it('that end late with a series go by the rule, and those of its later visits come back', async () => {
    const recurrence = 'FREQ=WEEKLY;COUNT=2';
    const visit = booked(await calls.book({ elderId, startsAt: on('2026-03-17', '14:00'), recurrence }));
    expect(await minutes()).toEqual([120, 0, 0, 0]);
    const late = manager(town, on('2026-03-17', '08:00'));
    booked(await calls.cancel(visit.id, late, 'THIS_AND_FOLLOWING'));
    expect(await minutes()).toEqual([0, 0, 60, 60]);
    await expectAuditClean(open.database);
  });

  it('move to another month with the visit, and stay where they are within one', async () => {
    const visit = await book('2026-03-20');
    const same = booked(await calls.move(visit.id, on('2026-03-21', '09:00')));
    expect(same).toMatchObject({ subsidyFen: 3000, selfPaidFen: 3000 });
    expect(await minutes()).toEqual([60, 0, 0, 60]);
    const moved = booked(await calls.move(visit.id, on('2026-04-02', '09:00')));
    expect(moved).toMatchObject({ subsidyFen: 3000, selfPaidFen: 3000 });
    expect([await minutes(), await minutes('2026-04')]).toEqual([
      [0, 0, 0, 120],
      [60, 0, 0, 60],
    ]);
    await expectAuditClean(open.database);
  });

  it('that are too few in the new month leave the family with the rest, as the visit then says', async () => {
    const [one, two] = [await book('2026-04-07'), await book('2026-04-08')];
    const third = await book('2026-03-31');
    expect(await minutes('2026-04')).toEqual([120, 0, 0, 0]);
    const moved = booked(await calls.move(third.id, on('2026-04-09', '09:00')));
    expect(moved).toMatchObject({ subsidyFen: 0, selfPaidFen: 6000 });
    expect(await agreed(third.id)).toMatchObject({ hoursMinutes: 0, selfPaidFen: 6000 });
    booked(await calls.cancel(one.id));
    // Moved within the month it takes what has come free.
    expect(booked(await calls.move(third.id, on('2026-04-10', '09:00')))).toMatchObject({ subsidyFen: 3000 });
    expect(await minutes('2026-04')).toEqual([120, 0, 0, 0]);
    expect(two.subsidyFen).toBe(3000);
    await expectAuditClean(open.database);
  });

  it('are used when it is brought: the funder and the family owe their parts of the price', async () => {
    const visit = await book('2026-03-24');
    await tapped(town, carer, tapOf(visit.id, { at: on('2026-03-24', '09:00') }));
    await tapped(town, carer, tapOf(visit.id, { kind: 'OUT', at: on('2026-03-24', '10:00') }));
    expect(await agreed(visit.id)).toMatchObject({ status: 'COMPLETED' });
    expect(await minutes()).toEqual([0, 60, 0, 60]);
    expect(await owed()).toEqual([[60, 3000, 3000]]);
    await expectAuditClean(open.database);
  });

  it('come back when it is missed; whoever tapped offline after all uses what they pay by then', async () => {
    const visit = await book('2026-03-25');
    await raiseAlerts(open.database, on('2026-03-25', '20:00'));
    expect(await agreed(visit.id)).toMatchObject({ status: 'NO_SHOW' });
    expect(await minutes()).toEqual([0, 0, 0, 120]);
    // Meanwhile the month is spent on others.
    await book('2026-03-27');
    await book('2026-03-28');
    expect(await minutes()).toEqual([120, 0, 0, 0]);
    const now = on('2026-03-26', '08:00');
    const offline = { isOffline: true, sentAt: now };
    await tapped(town, carer, tapOf(visit.id, { at: on('2026-03-25', '09:00'), ...offline }), now);
    await tapped(
      town,
      carer,
      tapOf(visit.id, { kind: 'OUT', at: on('2026-03-25', '10:00'), ...offline }),
      now,
    );
    expect(await agreed(visit.id)).toEqual({
      status: 'COMPLETED',
      subsidyFen: 0,
      selfPaidFen: 6000,
      hoursMinutes: 0,
    });
    expect(await minutes()).toEqual([120, 0, 0, 0]);
    expect(await owed()).toEqual([[0, 6000, 0]]);
    await expectAuditClean(open.database);
  });
});

describe('where the rule says otherwise', () => {
  it('late hours come back, or are paid by the funder alone', async () => {
    for (const [code, late, expected] of [
      ['BACK', 'GIVE_BACK', { minutes: [0, 0, 0, 120], owed: [[0, 0, 0]] }],
      ['PAID', 'PAY', { minutes: [0, 60, 0, 60], owed: [[60, 0, 3000]] }],
    ] as const) {
      const other = await ownStation(code);
      await approveHours(open.database, other, rules(late), { code });
      elderId = await addElder(town, { homeStationId: other });
      const worker = await addWorker(town, { stationId: other });
      const startsAt = on('2026-03-19', '14:00');
      const visit = booked(await calls.book({ elderId, startsAt, caregiverId: worker }));
      booked(await calls.cancel(visit.id, manager(town, on('2026-03-19', '13:00'))));
      expect(await minutes(), code).toEqual(expected.minutes);
      const lines = await open.database.read((m) => stationDues(m, other, '2026-03'));
      expect(
        lines.map((line) => [
          line.hoursMinutes,
          line.familyFen,
          line.funders.reduce((sum, { fen }) => sum + fen, 0),
        ]),
        code,
      ).toEqual(expected.owed);
      await expectAuditClean(open.database);
    }
  });
});

/** A station of another county, where the rules of the first do not count. */
async function ownStation(code: string): Promise<number> {
  return open.database.write(async (m) => {
    await m.query(
      "INSERT INTO facility (code, name, kind, divisionCode, openedOn) VALUES (?, ?, 'HOME_CARE_STATION', '411303001001', '2020-01-01')",
      [`OWN-${code}`, `OWN-${code}`],
    );
    const [row] = await m.query('SELECT id FROM facility WHERE code = ?', [`OWN-${code}`]);
    await m.query(
      "INSERT INTO facility_placement (facilityId, parentId, fromDay) SELECT ?, parentId, '2020-01-01' FROM facility_placement WHERE facilityId = ?",
      [row.id, town.otherStationId],
    );
    await m.query(
      "INSERT INTO home_station (facilityId, latitudeMicro, longitudeMicro, travelMode) VALUES (?, 33000000, 112500000, 'CYCLE')",
      [row.id],
    );
    return row.id;
  });
}
