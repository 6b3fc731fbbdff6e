import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PublicHoliday } from '../../entities/index.js';
import {
  calls,
  closeBookingTown,
  first,
  open,
  second,
  startBookingTown,
  town,
} from '../support/booking-town.js';
import { addElder, booked, fieldOf, manager, on, outcomeOf, relative, rowsOf } from '../support/bookings.js';

beforeAll(startBookingTown);
afterAll(closeBookingTown);

describe('a series', () => {
  it('is booked whole, skips holidays when asked to, and is refused whole', async () => {
    const elderId = await addElder(town);
    await open.database.write((m) =>
      m.insert(PublicHoliday, [
        { day: '2026-05-01', kind: 'HOLIDAY', nameZh: '劳动节', nameEn: 'Labour Day' },
        { day: '2026-05-09', kind: 'WORKDAY', nameZh: '调休', nameEn: 'Worked instead' },
      ]),
    );
    const wanted = { elderId, startsAt: on('2026-04-24', '15:00'), recurrence: 'FREQ=WEEKLY;COUNT=3' };
    const family = relative(town, [elderId]);
    const visit = booked(await calls.book({ ...wanted, skipHolidays: true }, family));
    const startsOf = async (requestId: string) => {
      const rows = await open.database.read((m) =>
        m.query('SELECT startsAt, occurrence FROM visit WHERE requestId = ? ORDER BY occurrence', [
          requestId,
        ]),
      );
      return rows.map((row: { startsAt: string; occurrence: number }) => [
        row.occurrence,
        new Date(Number(row.startsAt)).toISOString().slice(0, 10),
      ]);
    };
    const [{ requestId }] = await open.database.read((m) =>
      m.query('SELECT requestId FROM visit WHERE id = ?', [visit.id]),
    );
    expect(await startsOf(requestId)).toEqual([
      [0, '2026-04-24'],
      [1, '2026-05-08'],
    ]);
    const again = { ...wanted, requestId, skipHolidays: true };
    expect(await calls.book(again, family)).toEqual(visit);
    expect(outcomeOf(await calls.book({ ...again, skipHolidays: false }))).toBe('REQUEST_ID_REUSED');
    const before = await rowsOf(open);
    const clash = await calls.book({ ...wanted, startsAt: on('2026-04-17', '15:30') });
    expect([outcomeOf(clash), fieldOf(clash)]).toEqual(['ELDER_BUSY', 'input.recurrence']);
    expect(clash).toMatchObject({ message: { en: expect.stringMatching(/^2026-04-24: /) } });
    const tooFar = await calls.book({ ...wanted, startsAt: on('2026-06-01', '09:00') });
    expect([outcomeOf(tooFar), fieldOf(tooFar)]).toEqual(['TIME_OUT_OF_RANGE', 'input.recurrence']);
    expect(await rowsOf(open)).toEqual(before);
  });

  it('keeps out of the following one whose time has passed, though nobody has heard of it yet', async () => {
    const elderId = await addElder(town);
    const requestId = randomUUID();
    const startsAt = on('2026-05-11', '12:00');
    booked(await calls.book({ elderId, startsAt, requestId, recurrence: 'FREQ=DAILY;COUNT=4' }));
    const rows: { id: number }[] = await open.database.read((m) =>
      m.query('SELECT id FROM visit WHERE requestId = ? ORDER BY occurrence', [requestId]),
    );
    const [, second = 0, third = 0, fourth = 0] = rows.map(({ id }) => id);
    // The third is brought forward to the first day; on the morning of the second day it is over.
    booked(await calls.move(third, on('2026-05-11', '14:00')));
    const later = manager(town, on('2026-05-12', '09:00'));
    booked(await calls.move(second, on('2026-05-12', '13:00'), later, 'THIS_AND_FOLLOWING'));
    booked(await calls.cancel(second, later, 'THIS_AND_FOLLOWING'));
    const found: { id: number; status: string; version: number }[] = await open.database.read((m) =>
      m.query('SELECT id, status, version FROM visit WHERE requestId = ? ORDER BY occurrence', [requestId]),
    );
    expect(found.map(({ id, status, version }) => [id, status, version]).slice(1)).toEqual([
      [second, 'CANCELLED', 3],
      [third, 'ASSIGNED', 2],
      [fourth, 'CANCELLED', 3],
    ]);
  });

  it('is moved and called off by this one alone, or with the following', async () => {
    const elderId = await addElder(town);
    const requestId = randomUUID();
    const startsAt = on('2026-04-20', '16:00');
    const visit = booked(
      await calls.book({ elderId, startsAt, requestId, recurrence: 'FREQ=DAILY;COUNT=5' }),
    );
    const rows = await open.database.read((m) =>
      m.query('SELECT id FROM visit WHERE requestId = ? ORDER BY occurrence', [requestId]),
    );
    const ids: number[] = rows.map((row: { id: number }) => row.id);
    expect(ids[0]).toBe(visit.id);
    const states = async () => {
      const found = await open.database.read((m) =>
        m.query('SELECT status, startsAt, version FROM visit WHERE requestId = ? ORDER BY occurrence', [
          requestId,
        ]),
      );
      return found.map(
        (row: { status: string; startsAt: string; version: number }) =>
          `${row.status} ${new Date(Number(row.startsAt) + 8 * 3_600_000).toISOString().slice(8, 16)} ${row.version}`,
      );
    };
    booked(await calls.move(ids[1] as number, on('2026-04-21', '15:00')));
    booked(
      await calls.move(ids[2] as number, on('2026-04-22', '16:30'), manager(town), 'THIS_AND_FOLLOWING'),
    );
    booked(await calls.cancel(ids[3] as number, manager(town), 'THIS_AND_FOLLOWING'));
    expect(await states()).toEqual([
      'ASSIGNED 20T16:00 1',
      'ASSIGNED 21T15:00 2',
      'ASSIGNED 22T16:30 2',
      'CANCELLED 23T16:30 3',
      'CANCELLED 24T16:30 3',
    ]);
    const other = await addElder(town);
    for (const caregiverId of [first, second]) {
      booked(
        await calls.book({
          elderId: caregiverId === first ? other : await addElder(town),
          startsAt: on('2026-04-22', '09:00'),
          caregiverId,
        }),
      );
    }
    const before = await rowsOf(open);
    const refused = await calls.move(
      ids[0] as number,
      on('2026-04-20', '09:00'),
      manager(town),
      'THIS_AND_FOLLOWING',
    );
    expect([outcomeOf(refused), fieldOf(refused)]).toEqual(['NO_CAREGIVER_FREE', 'startsAt']);
    expect(await rowsOf(open)).toEqual(before);
  });
});
