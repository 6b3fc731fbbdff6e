import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../src/shared/china-time.js';
import { visitById } from '../../src/visits/find-visits.js';
import {
  calls,
  closeBookingTown,
  first,
  newDay,
  open,
  second,
  startBookingTown,
  town,
} from '../support/booking-town.js';
import {
  addElder,
  addWorker,
  alternativesOf,
  booked,
  caregiversAt,
  fieldOf,
  manager,
  on,
  outcomeOf,
  relative,
} from '../support/bookings.js';

beforeAll(startBookingTown);
afterAll(closeBookingTown);

describe('moving and calling off', () => {
  it('keep a family to the notice, let the station go past it, and say so', async () => {
    const day = newDay();
    const elderId = await addElder(town);
    const visit = booked(await calls.book({ elderId, startsAt: on(day, '09:00') }));
    const inTime = on(day, '09:00').getTime() - 1440 * 60_000;
    const late = relative(town, [elderId], new Date(inTime + 1));
    for (const result of [
      await calls.cancel(visit.id, late),
      await calls.move(visit.id, on(day, '11:00'), late),
    ]) {
      expect([outcomeOf(result), fieldOf(result)]).toEqual(['TOO_LATE_TO_CANCEL', 'visitId']);
    }
    const stranger = relative(town, [await addElder(town)], new Date(inTime));
    const unknown = await calls.cancel(visit.id, stranger);
    expect([outcomeOf(unknown), fieldOf(unknown)]).toEqual(['VISIT_UNKNOWN', 'visitId']);
    expect(fieldOf(await calls.cancel(visit.id, undefined, 'THIS', null, ' '))).toBe('reason');
    booked(await calls.move(visit.id, on(day, '11:00'), manager(town, new Date(inTime + 1))));
    const stillInTime = relative(town, [elderId], new Date(inTime));
    const cancelled = booked(await calls.cancel(visit.id, stillInTime));
    expect(cancelled).toMatchObject({ status: 'CANCELLED', version: 3 });
    const events = await open.database.read((m) =>
      m.query('SELECT kind, isOverride, reasonSealed FROM visit_event WHERE visitId = ? ORDER BY version', [
        visit.id,
      ]),
    );
    expect(
      events.map((row: { kind: string; isOverride: boolean }) => [row.kind, Boolean(row.isOverride)]),
    ).toEqual([
      ['BOOK', false],
      ['RESCHEDULE', true],
      ['CANCEL', false],
    ]);
    expect(events[2].reasonSealed).not.toContain('家人');
    const again = await calls.cancel(visit.id);
    expect([outcomeOf(again), fieldOf(again)]).toEqual(['WRONG_STATUS', 'visitId']);
    expect(again).toMatchObject({ message: { en: 'the visit is CANCELLED and cannot become CANCELLED' } });
    // What cannot be at all is said before when it cannot be.
    for (const startsAt of [on(day, '15:00'), on('2026-03-01', '15:00'), on('2027-03-01', '15:00')]) {
      expect(outcomeOf(await calls.move(visit.id, startsAt))).toBe('WRONG_STATUS');
    }
    expect(outcomeOf(await calls.assign(visit.id, first))).toBe('WRONG_STATUS');
    const over = manager(town, on(addDays(day, 1), '10:00'));
    expect(outcomeOf(await calls.assign(visit.id, first, over))).toBe('WRONG_STATUS');
  });

  it('begin on whole minutes', async () => {
    const day = newDay();
    const elderId = await addElder(town);
    const odd = (ms: number) => new Date(on(day, '09:00').getTime() + ms);
    for (const ms of [1, 999, 1000, 59_999]) {
      const refused = await calls.book({ elderId, startsAt: odd(ms) });
      expect([outcomeOf(refused), fieldOf(refused)]).toEqual(['START_INVALID', 'input.startsAt']);
    }
    const visit = booked(await calls.book({ elderId, startsAt: odd(60_000) }));
    const refused = await calls.move(visit.id, odd(61_000));
    expect([outcomeOf(refused), fieldOf(refused)]).toEqual(['START_INVALID', 'startsAt']);
    const kept = await open.database.read((m) => visitById(m, visit.id));
    expect(kept.startsAt).toEqual(odd(60_000));
  });

  it('keep the caregiver where that can be, and the price of the new day', async () => {
    const elderId = await addElder(town);
    const visit = booked(await calls.book({ elderId, startsAt: on('2026-03-12', '13:00') }));
    expect(visit.selfPaidFen).toBe(5000);
    booked(await calls.assign(visit.id, second));
    const moved = booked(await calls.move(visit.id, on('2026-03-17', '13:00')));
    expect(moved).toMatchObject({ selfPaidFen: 6000, version: 3, endsAt: on('2026-03-17', '14:00') });
    expect(await caregiversAt(open, visit.id)).toEqual([second]);
    for (const [startsAt, code] of [
      [on('2026-03-09', '13:00'), 'TIME_OUT_OF_RANGE'],
      [on('2027-03-17', '13:00'), 'TIME_OUT_OF_RANGE'],
      [on('2026-03-17', '22:00'), 'NO_CAREGIVER_FREE'],
    ] as const) {
      const refused = await calls.move(visit.id, startsAt);
      expect([outcomeOf(refused), fieldOf(refused)]).toEqual([code, 'startsAt']);
      expect(alternativesOf(refused)).toBe(5);
    }
    expect(booked(await calls.move(visit.id, on('2026-03-17', '13:30')))).toMatchObject({ version: 4 });
  });

  it('assign who is free, and nobody who is not', async () => {
    const day = newDay();
    const [elderId, other] = [await addElder(town), await addElder(town)];
    const visit = booked(await calls.book({ elderId, startsAt: on(day, '09:00'), caregiverId: first }));
    booked(await calls.book({ elderId: other, startsAt: on(day, '09:30'), caregiverId: second }));
    const elsewhere = await addWorker(town, { stationId: town.streetId });
    for (const caregiverId of [second, elsewhere, 999_999]) {
      const refused = await calls.assign(visit.id, caregiverId);
      expect([outcomeOf(refused), fieldOf(refused)]).toEqual(['NO_CAREGIVER_FREE', 'caregiverId']);
    }
    expect((await calls.assign(visit.id, second)) as object).toMatchObject({ alternatives: { length: 5 } });
    await open.database.write(async (m) => {
      await m.query('DELETE FROM visit_caregiver WHERE visitId = ?', [visit.id]);
      await m.query("UPDATE visit SET status = 'REQUESTED' WHERE id = ?", [visit.id]);
    });
    expect(booked(await calls.assign(visit.id, first))).toMatchObject({ status: 'ASSIGNED' });
    const over = await calls.assign(visit.id, first, manager(town, on(day, '10:00')));
    expect([outcomeOf(over), fieldOf(over)]).toEqual(['TIME_OUT_OF_RANGE', 'visitId']);
  });
});
