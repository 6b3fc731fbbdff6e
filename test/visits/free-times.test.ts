import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { previewVisit } from '../../src/visits/preview-visit.js';
import { visitSlots } from '../../src/visits/visit-slots.js';
import { calls, closeBookingTown, open, startBookingTown, town } from '../support/booking-town.js';
import {
  addElder,
  addWorker,
  booked,
  caregiversAt,
  doorsOf,
  manager,
  on,
  outcomeOf,
  rowsOf,
  setTerms,
} from '../support/bookings.js';
import { statementsOf } from '../support/count-statements.js';
import { noon } from '../support/town.js';

beforeAll(startBookingTown);
afterAll(closeBookingTown);

describe('terms and free times', () => {
  it('count from midnight to midnight in China, up to the last minute of the horizon', async () => {
    const elderId = await addElder(town);
    const night = await addWorker(town, { from: 0, to: 1440 });
    await setTerms(open, town.countyId, { horizonDays: 5, rasterMinutes: 60 });
    const startsAt = on('2026-03-15', '23:59');
    const last = booked(await calls.book({ elderId, startsAt, caregiverId: night }));
    expect(last.endsAt).toEqual(on('2026-03-16', '00:59'));
    const refused = await calls.book({ elderId, startsAt: on('2026-03-16', '00:00'), caregiverId: night });
    expect(outcomeOf(refused)).toBe('TIME_OUT_OF_RANGE');
    const asked = {
      elderId,
      serviceCode: 'CLEANING',
      slotsMax: 200,
      from: noon,
      to: on('2026-04-01', '00:00'),
    };
    const slots = await visitSlots(doorsOf(open.database), asked, manager(town));
    const starts = slots.map(({ fromMs }) => new Date(fromMs + 8 * 3_600_000).toISOString());
    expect([starts[0], starts.at(-1)]).toEqual(['2026-03-10T12:00:00.000Z', '2026-03-15T22:00:00.000Z']);
    expect(starts.every((start) => start.slice(14, 16) === '00')).toBe(true);
    // The terms of a nearer place count before those above it.
    await setTerms(open, town.stationId, {});
    expect(
      outcomeOf(await calls.book({ elderId, startsAt: on('2026-03-16', '02:00'), caregiverId: night })),
    ).toBe('done');
    await open.database.write((m) =>
      m.query("UPDATE caregiver SET activeUntil = '2026-03-01' WHERE id = ?", [night]),
    );
  });

  it('take as many statements with a hundred visits more', async () => {
    const elderId = await addElder(town);
    const asked = {
      elderId,
      serviceCode: 'CLEANING',
      slotsMax: 20,
      from: noon,
      to: on('2026-03-24', '12:00'),
    };
    const count = async () => {
      const { statements } = await statementsOf(open.database, () =>
        visitSlots(doorsOf(open.database), asked, manager(town)),
      );
      return statements.length;
    };
    const before = await count();
    for (let index = 0; index < 20; index++) {
      const other = await addElder(town, { north: index });
      await addWorker(town);
      booked(await calls.book({ elderId: other, startsAt: on('2026-03-20', '13:00') }));
    }
    expect(await count()).toBe(before);
    expect(before).toBeLessThan(20);
  });

  it('a preview says what a booking then does, and writes nothing', async () => {
    const elderId = await addElder(town);
    const before = await rowsOf(open);
    const wanted = {
      elderId,
      serviceCode: 'CLEANING',
      startsAt: on('2026-03-14', '10:00'),
      caregiverId: null,
      recurrence: 'FREQ=WEEKLY;COUNT=2',
      skipHolidays: false,
      flexMinutes: 0,
      note: null,
    };
    const preview = await previewVisit(doorsOf(open.database), wanted, manager(town));
    if ('refused' in preview) throw new Error(String(preview.refused));
    expect(preview.visits.map(({ selfPaidFen }) => selfPaidFen)).toEqual([5000, 6000]);
    expect(await rowsOf(open)).toEqual(before);
    const visit = booked(await calls.book(wanted));
    expect(await caregiversAt(open, visit.id)).toEqual(
      preview.visits[0]?.caregivers.map(({ caregiverId }) => caregiverId),
    );
    const refused = await previewVisit(doorsOf(open.database), wanted, manager(town));
    expect(refused).toMatchObject({ refused: 'ELDER_BUSY', alternatives: { length: 5 } });
  });
});
