import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { admit } from '../../src/beds/admit.js';
import { discharge } from '../../src/beds/discharge.js';
import { endLeave, startLeave } from '../../src/beds/leave-stay.js';
import type { Stay } from '../../src/beds/read-stays.js';
import { transferStay } from '../../src/beds/transfer-stay.js';
import { awaySpans } from '../../src/server/institution-stays.js';
import type { Day } from '../../src/shared/china-time.js';
import { SettableClock } from '../../src/shared/clock.js';
import { callOffAfterStay, callOffAllAway, callOffAway } from '../../src/visits/call-off-away.js';
import { decideEvidence } from '../../src/visits/decide-evidence.js';
import { historiesOf } from '../../src/visits/find-agreements.js';
import { hoursOf } from '../../src/visits/find-hours.js';
import { MissedVisitScanner } from '../../src/visits/missed-visit-scanner.js';
import { raiseAlerts } from '../../src/visits/raise-alerts.js';
import { visitsAtStays } from '../../src/visits/visits-at-stay.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome, allBeds } from '../support/beds.js';
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
  reachOf,
} from '../support/bookings.js';
import { type Carer, carerOf, setDoor, tapOf, tapped, visitNow } from '../support/care.js';
import { statementsOf } from '../support/count-statements.js';
import { approveHours } from '../support/hours.js';
import { hoursRules } from '../support/hours-cases.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { noon, today } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let calls: ReturnType<typeof bookingsOn>;
let carer: Carer;
let homeId: number;
let elderId: number;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  await addHomeServices(open);
  await placeStation(town);
  homeId = await addHome(town);
  const pays = { kind: 'PER_HOUR' as const, fen: 3000 };
  const grant = { code: 'MUCH', minutes: 3000, pays, lateCancellation: 'FORFEIT' as const };
  await approveHours(open.database, town.countyId, hoursRules([grant]));
  calls = bookingsOn(town);
});
beforeEach(async () => {
  const caregiverId = await addWorker(town);
  const [row] = await open.database.read((m) =>
    m.query('SELECT accountId FROM caregiver WHERE id = ?', [caregiverId]),
  );
  carer = carerOf({ ...town, serviceId: 0 }, { caregiverId, accountId: row.accountId });
  elderId = await addElder(town);
  await setDoor({ ...town, serviceId: 0 }, elderId);
  await open.database.write((m) =>
    m.query("UPDATE elder SET abilityLevel = 1, abilityExpiresOn = '2027-01-01' WHERE id = ?", [elderId]),
  );
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

const at = (day: Day, time = '12:00') => on(day, time);
const book = async (day: Day, time = '09:00') =>
  booked(await calls.book({ elderId, startsAt: at(day, time), caregiverId: carer.caregiverId })).id;
const afterwardsAt = (now: Date) => {
  const clock = new SettableClock();
  clock.set(now, 0);
  return [callOffAfterStay(clock, awaySpans)];
};
const done = (result: Stay | object): Stay => {
  if ('refused' in result) throw new Error(String(result.refused));
  return result as Stay;
};

async function live(from: Day, { type = 'NURSING', now = noon } = {}): Promise<Stay> {
  const [bedId = 0] = await addBeds(town, homeId, [{ type: type as 'NURSING' }]);
  const id = await town.ids.take(1);
  const wanted = { id, requestId: randomUUID(), bedId, elderId, from, holdId: null, contractSignedOn: null };
  const acting = { byId: town.managerId, now };
  return done(
    await open.database.write((m) => admit(m, { ...wanted, ...acting }, allBeds, afterwardsAt(now))),
  );
}

async function leave(
  stayId: number,
  from: Day,
  kind: 'HOME' | 'HOSPITAL',
  expectedBackOn: Day | null,
  now = noon,
): Promise<void> {
  const id = await town.ids.take(1);
  const wanted = { id, stayId, on: from, kind, expectedBackOn, byId: town.managerId, now };
  done(await open.database.write((m) => startLeave(m, wanted, allBeds, afterwardsAt(now))));
}

const statusesOf = async (...ids: number[]) =>
  Promise.all(ids.map(async (id) => (await visitNow(open, id)).status));
const atRisk = (now = noon) =>
  open.database.read(async (m) => {
    const asker = { scope: 'everywhere' as const, spansOf: awaySpans, now };
    const found = await visitsAtStays(m, town.stationId, asker, 200);
    const own: { id: number }[] = await m.query('SELECT id FROM visit WHERE elderId = ?', [elderId]);
    const ids = own.map(({ id }) => id);
    return found.filter(({ visitId }) => ids.includes(visitId));
  });
const leftMinutes = async () => {
  const asked = { elderId, month: '2026-03' };
  const found = await open.database.read((m) => hoursOf(m, asked, 'everywhere', today));
  return [found?.reservedMinutes, found?.lostMinutes, found?.leftMinutes];
};

describe('an elder who moves into an institution', () => {
  it('has every visit called off that was to come, with its hours, however late it is', async () => {
    const [before, soon, later] = [
      await book('2026-03-11'),
      await book(today, '15:00'),
      await book('2026-05-20'),
    ];
    expect(await leftMinutes()).toEqual([120, 0, 2880]);
    await live(today);
    expect(await statusesOf(before, soon, later)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
    expect(await leftMinutes()).toEqual([0, 0, 3000]);
    const [steps] = (await open.database.read((m) => historiesOf(m, [soon]))).values();
    expect(steps?.at(-1)).toMatchObject({ kind: 'CANCEL', isOverride: false });
    expect(steps?.at(-1)?.reason).toContain('institution');
    // The caregiver is free again, and the day can be booked by nobody.
    const other = await addElder(town);
    const wanted = { elderId: other, startsAt: at('2026-03-11', '09:00'), caregiverId: carer.caregiverId };
    expect(outcomeOf(await calls.book(wanted))).toBe('done');
    await raiseAlerts(open.database, at(today, '18:00'));
    const [alerts] = await open.database.read((m) =>
      m.query('SELECT COUNT(*) AS count FROM visit_alert WHERE visitId = ?', [soon]),
    );
    expect(Number(alerts.count)).toBe(0);
    expect(await atRisk()).toEqual([]);
  });

  it('tells station and family by the live news', async () => {
    const visitId = await book('2026-03-12');
    const heard: string[] = [];
    const { onAnnounced } = open.database;
    open.database.onAnnounced = (events) => {
      for (const { topic, payload } of events) heard.push(`${topic} ${JSON.stringify(payload)}`);
    };
    await live(today);
    if (onAnnounced) open.database.onAnnounced = onAnnounced;
    const told = heard.filter((line) => line.includes(`"visitId":${visitId}`));
    expect(told.map((line) => line.split(':')[0]?.split(' ')[0]).sort()).toEqual([
      `visits/caregiver/${carer.caregiverId}`,
      `visits/elder/${elderId}`,
      `visits/station/${town.stationId}`,
    ]);
  });

  it('ahead keeps its visits, at risk, until the day has come', async () => {
    const [before, after, later] = [
      await book('2026-03-11'),
      await book('2026-03-12'),
      await book('2026-03-20'),
    ];
    await live('2026-03-12');
    expect(await statusesOf(before, after, later)).toEqual(['ASSIGNED', 'ASSIGNED', 'ASSIGNED']);
    expect(await atRisk()).toMatchObject([
      { visitId: after, awayFrom: '2026-03-12', expectedBackOn: null },
      { visitId: later, awayFrom: '2026-03-12' },
    ]);
    expect(await callOffAllAway(open.database, awaySpans, at('2026-03-11'))).toMatchObject({ calledOff: 0 });
    // A night of rounds, of which the first after midnight does it.
    expect(await callOffAllAway(open.database, awaySpans, at('2026-03-12', '00:01'))).toMatchObject({
      calledOff: 2,
    });
    expect(await statusesOf(before, after, later)).toEqual(['ASSIGNED', 'CANCELLED', 'CANCELLED']);
    expect(await callOffAllAway(open.database, awaySpans, at('2026-03-12', '00:02'))).toEqual({
      calledOff: 0,
      doubted: 0,
    });
  });

  it('for day care or into a bed at home keeps its visits, and loses them by a transfer into a full-time bed', async () => {
    const visitId = await book('2026-03-13');
    const stay = await live(today, { type: 'HOME' });
    expect(await statusesOf(visitId)).toEqual(['ASSIGNED']);
    const [bedId = 0] = await addBeds(town, homeId, [{ type: 'NURSING' }]);
    const now = at('2026-03-11');
    const id = await town.ids.take(1);
    const ids = { id, requestId: randomUUID(), stayId: stay.id, bedId, byId: town.managerId };
    const move = { ...ids, on: '2026-03-11', now };
    done(await open.database.write((m) => transferStay(m, move, allBeds, afterwardsAt(now))));
    expect(await statusesOf(visitId)).toEqual(['CANCELLED']);
  });
});

describe('a patient', () => {
  it('keeps, at risk, the visits after the expected return, and loses those of each day on which nobody is back', async () => {
    const stay = await live(today, { type: 'DAY_CARE' });
    const visits = [await book('2026-03-12'), await book('2026-03-15'), await book('2026-03-18')];
    await leave(stay.id, today, 'HOSPITAL', '2026-03-15');
    expect(await statusesOf(...visits)).toEqual(['CANCELLED', 'ASSIGNED', 'ASSIGNED']);
    expect(await atRisk()).toMatchObject([
      { visitId: visits[1], expectedBackOn: '2026-03-15' },
      { visitId: visits[2] },
    ]);
    const round = await callOffAllAway(open.database, awaySpans, at('2026-03-14'));
    expect(round.calledOff).toBe(1);
    expect(await statusesOf(...visits)).toEqual(['CANCELLED', 'CANCELLED', 'ASSIGNED']);
    const back = { stayId: stay.id, on: '2026-03-16', byId: town.managerId, now: at('2026-03-16') };
    done(await open.database.write((m) => endLeave(m, back, allBeds, afterwardsAt(back.now))));
    expect(await atRisk(back.now)).toEqual([]);
    expect((await callOffAllAway(open.database, awaySpans, at('2026-03-17'))).calledOff).toBe(0);
    expect(await statusesOf(...visits)).toEqual(['CANCELLED', 'CANCELLED', 'ASSIGNED']);
  });

  it('of whom nobody knows when it is back loses today and tomorrow', async () => {
    const stay = await live(today, { type: 'DAY_CARE' });
    const visits = [await book(today, '16:00'), await book('2026-03-11'), await book('2026-03-12')];
    await leave(stay.id, today, 'HOSPITAL', null);
    expect(await statusesOf(...visits)).toEqual(['CANCELLED', 'CANCELLED', 'ASSIGNED']);
    expect(await atRisk()).toMatchObject([{ visitId: visits[2], expectedBackOn: null }]);
  });

  it('who is discharged from the institution as well is at home again', async () => {
    const stay = await live('2026-03-01');
    await open.database.write((m) =>
      discharge(
        m,
        { stayId: stay.id, on: today, reason: 'HOME', note: null, byId: town.managerId, now: noon },
        allBeds,
      ),
    );
    const visitId = await book('2026-03-11');
    expect((await callOffAllAway(open.database, awaySpans, noon)).calledOff).toBe(0);
    expect(await statusesOf(visitId)).toEqual(['ASSIGNED']);
  });
});

it('whoever is on leave at home keeps visits, and loses those after coming back to the institution', async () => {
  const stay = await live('2026-03-01');
  await leave(stay.id, '2026-03-09', 'HOME', '2026-03-13');
  const visits = [await book('2026-03-11'), await book('2026-03-14')];
  expect(await atRisk()).toMatchObject([
    { visitId: visits[1], awayFrom: '2026-03-13', expectedBackOn: null },
  ]);
  const back = { stayId: stay.id, on: '2026-03-12', byId: town.managerId, now: at('2026-03-12') };
  done(await open.database.write((m) => endLeave(m, back, allBeds, afterwardsAt(back.now))));
  expect(await statusesOf(...visits)).toEqual(['ASSIGNED', 'CANCELLED']);
});

describe('a stay that is entered late', () => {
  const brought = async (visitId: number, day: Day, given: object = {}) => {
    for (const [kind, time] of [
      ['IN', '09:00'],
      ['OUT', '10:00'],
    ] as const) {
      await tapped(open, carer, tapOf(visitId, { kind, at: at(day, time), ...given }), at(day, '10:30'));
    }
  };
  const decide = (visitId: number, verdict: 'PAY' | 'BLOCK') =>
    open.database.write((m) => {
      const judge = { byId: town.managerId, now: at('2026-03-13', '10:45'), note: '已电话核实' };
      return decideEvidence(m, { ...judge, visitId, verdict }, reachOf(manager(town)));
    });

  it('has what was brought meanwhile looked at, though somebody had let it through', async () => {
    const [first, second, third] = [
      await book('2026-03-11'),
      await book('2026-03-12'),
      await book('2026-03-13'),
    ];
    const offline = { isOffline: true };
    await brought(first, '2026-03-11', offline);
    await brought(second, '2026-03-12', offline);
    await brought(third, '2026-03-13', { ...offline, latitude: null, longitude: null });
    expect(await visitNow(open, second)).toMatchObject({
      status: 'COMPLETED',
      decision: 'PAY',
      isOpen: false,
    });
    await decide(third, 'PAY');
    expect(await visitNow(open, third)).toMatchObject({ decision: 'LOOK', isOpen: false });
    await live('2026-03-12', { now: at('2026-03-13', '11:00') });
    expect(await visitNow(open, first)).toMatchObject({ decision: 'PAY', isOpen: false });
    for (const [id, decision, reasons] of [
      [second, 'LOOK', 'ELDER_AWAY OFFLINE'],
      [third, 'BLOCK', 'ELDER_AWAY NO_POSITION OFFLINE'],
    ] as const) {
      const waits = { status: 'COMPLETED', decision, reasons, isOpen: true };
      expect(await visitNow(open, id)).toMatchObject(waits);
    }
    await decide(second, 'BLOCK');
    // Nobody is asked again about what somebody decided who knew of the stay.
    await open.database.write((m) => callOffAway(m, elderId, awaySpans, at('2026-03-14')));
    expect(await visitNow(open, second)).toMatchObject({ isOpen: false });
    expect(await visitNow(open, third)).toMatchObject({ isOpen: true });
  });

  it('calls off what nobody began, closes its alarms, and doubts a tap that is uploaded afterwards', async () => {
    const [missed, waiting] = [await book('2026-03-11'), await book('2026-03-12')];
    await raiseAlerts(open.database, at('2026-03-11', '10:30'));
    await raiseAlerts(open.database, at('2026-03-12', '09:25'));
    expect(await statusesOf(missed, waiting)).toEqual(['NO_SHOW', 'ASSIGNED']);
    await live('2026-03-11', { now: at('2026-03-12', '09:30') });
    expect(await statusesOf(missed, waiting)).toEqual(['NO_SHOW', 'CANCELLED']);
    const alerts: { outcome: string }[] = await open.database.read((m) =>
      m.query('SELECT outcome FROM visit_alert WHERE visitId IN (?, ?)', [missed, waiting]),
    );
    expect(alerts.map(({ outcome }) => outcome)).toEqual(Array(3).fill('ELDER_AWAY'));
    for (const [kind, time] of [
      ['IN', '09:00'],
      ['OUT', '10:00'],
    ] as const) {
      const check = tapOf(missed, { kind, at: at('2026-03-11', time), isOffline: true });
      await tapped(open, carer, check, at('2026-03-12', '12:00'));
    }
    expect(await visitNow(open, missed)).toMatchObject({
      status: 'COMPLETED',
      decision: 'LOOK',
      reasons: 'ELDER_AWAY OFFLINE',
      isOpen: true,
    });
  });
});

it('a round of the server calls off before it alarms, and asks as much of ten elders as of one', async () => {
  const visitId = await book('2026-03-12');
  await live('2026-03-12');
  const clock = new SettableClock();
  clock.set(at('2026-03-12', '12:00'), 0);
  const failures: unknown[] = [];
  const scanner = new MissedVisitScanner({
    database: open.database,
    clock,
    pauseSeconds: 60,
    positionDays: 180,
    awaySpans,
    onFailure: (error) => failures.push(error),
  });
  await scanner.scan();
  expect(failures).toEqual([]);
  expect(await statusesOf(visitId)).toEqual(['CANCELLED']);
  const count = async () => {
    const asked = () => atRisk(at('2026-03-12', '13:00'));
    return (await statementsOf(open.database, asked)).statements.length;
  };
  await book('2026-03-11');
  const few = await count();
  for (let more = 0; more < 5; more += 1) {
    elderId = await addElder(town);
    booked(await calls.book({ elderId, startsAt: at('2026-03-18', `1${more}:00`) }));
  }
  expect(await count()).toBe(few);
});
