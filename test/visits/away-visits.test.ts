import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { discharge } from '../../src/beds/discharge.js';
import { endLeave } from '../../src/beds/leave-stay.js';
import { transferStay } from '../../src/beds/transfer-stay.js';
import { awaySpans } from '../../src/server/institution-stays.js';
import { SettableClock } from '../../src/shared/clock.js';
import { callOffAllAway } from '../../src/visits/call-off-away.js';
import { historiesOf } from '../../src/visits/find-agreements.js';
import { hoursOf } from '../../src/visits/find-hours.js';
import { MissedVisitScanner } from '../../src/visits/missed-visit-scanner.js';
import { raiseAlerts } from '../../src/visits/raise-alerts.js';
import {
  afterwardsAt,
  at,
  atRisk,
  book,
  calls,
  carer,
  closeAwayTown,
  done,
  elderId,
  homeId,
  leave,
  live,
  newAwayElder,
  open,
  startAwayTown,
  statusesOf,
  town,
} from '../support/away-town.js';
import { addBeds, allBeds } from '../support/beds.js';
import { addElder, booked, outcomeOf } from '../support/bookings.js';
import { statementsOf } from '../support/count-statements.js';
import { noon, today } from '../support/town.js';

beforeAll(startAwayTown);
beforeEach(newAwayElder);
afterAll(closeAwayTown);

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
    const told = await open.database.read((m) =>
      m.query('SELECT kind, happensAt, times FROM elder_notice WHERE elderId = ?', [elderId]),
    );
    const first = Math.min(...[at(today, '15:00'), at('2026-03-11', '09:00')].map((each) => each.getTime()));
    expect(told).toEqual([{ kind: 'VISIT_CANCELLED', happensAt: expect.anything(), times: 3 }]);
    expect(Number(told[0].happensAt)).toBe(first);
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
    const other = await addElder(town);
    booked(await calls.book({ elderId: other, startsAt: at('2026-03-18', `1${more}:00`) }));
  }
  expect(await count()).toBe(few);
});
