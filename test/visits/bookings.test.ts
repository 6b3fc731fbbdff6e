import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Elder } from '../../entities/index.js';
import { stayKey } from '../../src/elders/institution-stays.js';
import { visitSlots } from '../../src/visits/visit-slots.js';
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
  addAbsence,
  addElder,
  alternativesOf,
  booked,
  caregiversAt,
  doorsOf,
  fieldOf,
  manager,
  on,
  outcomeOf,
  relative,
  rowsOf,
} from '../support/bookings.js';
import { noon } from '../support/town.js';

beforeAll(startBookingTown);
afterAll(closeBookingTown);

describe('a booking', () => {
  it('is assigned at once, at the price of its day, with its booking and its first event', async () => {
    const elderId = await addElder(town);
    const visit = booked(
      await calls.book({
        elderId,
        startsAt: on('2026-03-16', '09:00'),
        note: ' 请按门铃 ',
        caregiverId: first,
      }),
    );
    expect(visit).toMatchObject({
      elderId,
      stationId: town.stationId,
      status: 'ASSIGNED',
      startsAt: on('2026-03-16', '09:00'),
      endsAt: on('2026-03-16', '10:00'),
      subsidyFen: 0,
      selfPaidFen: 6000,
      version: 1,
    });
    expect(await caregiversAt(open, visit.id)).toEqual([first]);
    const [row] = await open.database.read((m) =>
      m.query('SELECT noteSealed, promisedAt, seriesId FROM visit_booking WHERE visitId = ?', [visit.id]),
    );
    expect(row.noteSealed).not.toContain('门铃');
    expect([Number(row.promisedAt), row.seriesId]).toEqual([visit.startsAt.getTime(), null]);
  });

  it('prefers who came before, keeps the way between two doors, and gives the other caregiver else', async () => {
    const day = newDay();
    const [near, far] = [await addElder(town), await addElder(town, { north: 20 })];
    booked(await calls.book({ elderId: near, startsAt: on(day, '09:00'), caregiverId: second }));
    // 2.2 km by bicycle and the buffer are some 19 minutes.
    const named = await calls.book({ elderId: far, startsAt: on(day, '10:15'), caregiverId: second });
    expect([outcomeOf(named), fieldOf(named)]).toEqual(['NO_CAREGIVER_FREE', 'input.caregiverId']);
    const anybody = booked(await calls.book({ elderId: far, startsAt: on(day, '10:15') }));
    expect(await caregiversAt(open, anybody.id)).toEqual([first]);
    booked(await calls.cancel(anybody.id));
    const later = booked(await calls.book({ elderId: far, startsAt: on(day, '10:20'), caregiverId: second }));
    expect(await caregiversAt(open, later.id)).toEqual([second]);
  });

  it('of two takes two of the gender with the skill, and is refused with one', async () => {
    const day = newDay();
    const elderId = await addElder(town);
    const woman = (await isWoman(elderId)) ? elderId : await addElder(town);
    const visit = booked(
      await calls.book({ elderId: woman, startsAt: on(day, '09:00'), serviceCode: 'BATHING' }),
    );
    expect((await caregiversAt(open, visit.id)).sort()).toEqual([first, second].sort());
    await addAbsence(open, second, [on(day, '12:00'), on(day, '18:00')]);
    const refused = await calls.book({ elderId: woman, startsAt: on(day, '13:00'), serviceCode: 'BATHING' });
    expect(outcomeOf(refused)).toBe('NO_CAREGIVER_FREE');
    const man = woman === elderId ? await addElder(town) : elderId;
    const same = await calls.book({ elderId: man, startsAt: on(newDay(), '09:00'), serviceCode: 'BATHING' });
    expect(outcomeOf(same)).toBe('NO_CAREGIVER_FREE');
  });

  it('is answered again by its id, whatever became of it, and refused with other content', async () => {
    const day = newDay();
    const elderId = await addElder(town);
    const wanted = { elderId, requestId: randomUUID(), startsAt: on(day, '09:00'), note: '带钥匙' };
    const visit = booked(await calls.book(wanted));
    const before = await rowsOf(open);
    expect(await calls.book({ ...wanted, requestId: wanted.requestId.toUpperCase() })).toEqual(visit);
    booked(await calls.move(visit.id, on(day, '14:00')));
    const late = manager(town, on(day, '20:00'));
    expect(await calls.book(wanted, late)).toMatchObject({ id: visit.id, startsAt: on(day, '14:00') });
    for (const other of [
      { note: null },
      { startsAt: on(day, '14:00') },
      { serviceCode: 'BATHING' },
      { caregiverId: first },
      { flexMinutes: 5 },
      { recurrence: 'FREQ=DAILY;COUNT=2' },
      { elderId: await addElder(town) },
    ]) {
      const refused = await calls.book({ ...wanted, ...other });
      expect([outcomeOf(refused), fieldOf(refused)]).toEqual(['REQUEST_ID_REUSED', 'input.requestId']);
    }
    expect(await rowsOf(open)).toEqual({ ...before, visit_event: (before.visit_event ?? 0) + 1 });
  });

  it('is refused by name, with nothing written', async () => {
    const day = newDay();
    const elderId = await addElder(town);
    const gone = await addElder(town);
    const elsewhere = await addElder(town);
    const busy = await addElder(town);
    booked(await calls.book({ elderId: busy, startsAt: on(day, '09:00') }));
    await open.database.write((m) =>
      m.query("UPDATE elder SET status = 'DECEASED', endedOn = '2026-03-09' WHERE id = ?", [gone]),
    );
    await open.database.write((m) =>
      m.query('UPDATE elder SET homeStationId = NULL WHERE id = ?', [elsewhere]),
    );
    const before = await rowsOf(open);
    const startsAt = on(day, '09:00');
    const family = relative(town, [elderId]);
    const cases: [string, string, Parameters<typeof calls.book>[0], ReturnType<typeof manager>?][] = [
      ['REQUEST_ID_MALFORMED', 'input.requestId', { elderId, startsAt, requestId: 'x' }],
      ['NOTE_INVALID', 'input.note', { elderId, startsAt, note: '说'.repeat(201) }],
      ['NOTE_INVALID', 'input.note', { elderId, startsAt, note: '一\n二' }],
      ['NOTE_INVALID', 'input.flexMinutes', { elderId, startsAt, flexMinutes: 721 }],
      ['NOTE_INVALID', 'input.flexMinutes', { elderId, startsAt, flexMinutes: -1 }],
      ['ELDER_NOT_ACTIVE', 'input.elderId', { elderId: 999_999, startsAt }],
      ['ELDER_NOT_ACTIVE', 'input.elderId', { elderId: gone, startsAt }],
      ['ELDER_NOT_ACTIVE', 'input.elderId', { elderId: busy, startsAt }, family],
      ['RECURRENCE_INVALID', 'input.recurrence', { elderId, startsAt, recurrence: 'FREQ=SECONDLY;COUNT=5' }],
      ['SERVICE_NOT_OFFERED', 'input.serviceCode', { elderId, startsAt, serviceCode: 'NOTHING' }],
      ['SERVICE_NOT_OFFERED', 'input.serviceCode', { elderId, startsAt, serviceCode: 'NEXT-YEAR' }],
      ['SERVICE_NOT_OFFERED', 'input.serviceCode', { elderId: elsewhere, startsAt }],
      ['TIME_OUT_OF_RANGE', 'input.startsAt', { elderId, startsAt: new Date(noon.getTime() - 60_000) }],
      ['TIME_OUT_OF_RANGE', 'input.startsAt', { elderId, startsAt: new Date('1970-01-01T00:00:00Z') }],
      ['TIME_OUT_OF_RANGE', 'input.startsAt', { elderId, startsAt: new Date('9999-12-31T00:00:00Z') }],
      [
        'TIME_OUT_OF_RANGE',
        'input.startsAt',
        { elderId, startsAt: new Date(noon.getTime() + 3_540_000) },
        family,
      ],
      ['ELDER_BUSY', 'input.startsAt', { elderId: busy, startsAt: on(day, '09:59') }],
      ['NO_CAREGIVER_FREE', 'input.startsAt', { elderId, startsAt: on(day, '07:00') }],
      ['NO_CAREGIVER_FREE', 'input.startsAt', { elderId, startsAt: on(day, '17:30') }],
      ['NO_CAREGIVER_FREE', 'input.caregiverId', { elderId, startsAt, caregiverId: 999_999 }],
    ];
    for (const [code, field, wanted, booker] of cases) {
      const result = await calls.book(wanted, booker);
      expect([outcomeOf(result), fieldOf(result)], JSON.stringify(wanted)).toEqual([code, field]);
      const hasOthers = ['TIME_OUT_OF_RANGE', 'ELDER_BUSY', 'NO_CAREGIVER_FREE'].includes(code);
      expect(alternativesOf(result), code).toBe(hasOthers ? 5 : 0);
    }
    expect(await rowsOf(open)).toEqual(before);
    expect(
      outcomeOf(await calls.book({ elderId, startsAt: new Date(noon.getTime() + 3_600_000) }, family)),
    ).toBe('done');
  });

  it('offers slots that can then be booked, each of them', async () => {
    const day = newDay();
    const [elderId, other] = [await addElder(town), await addElder(town, { north: 10 })];
    booked(await calls.book({ elderId: other, startsAt: on(day, '09:00'), caregiverId: first }));
    booked(await calls.book({ elderId, startsAt: on(day, '09:30') }));
    const refused = await calls.book({ elderId, startsAt: on(day, '10:00') });
    if (!('alternatives' in refused)) throw new Error('nothing was refused');
    expect(refused.refused).toBe('ELDER_BUSY');
    expect(refused.alternatives).toHaveLength(5);
    for (const { fromMs } of refused.alternatives) {
      const visit = booked(await calls.book({ elderId, startsAt: new Date(fromMs) }));
      booked(await calls.cancel(visit.id));
    }
  });

  it('is not made for days in an institution', async () => {
    const elderId = await addElder(town);
    const [away, home] = [newDay(), newDay()];
    const stays = { on: async () => new Set([stayKey(elderId, away)]) };
    const booker = { ...manager(town), stays };
    const refused = await calls.book({ elderId, startsAt: on(away, '09:00') }, booker);
    expect([outcomeOf(refused), fieldOf(refused)]).toEqual(['TIME_OUT_OF_RANGE', 'input.startsAt']);
    expect(outcomeOf(await calls.book({ elderId, startsAt: on(home, '09:00') }, booker))).toBe('done');
    const wanted = { elderId, serviceCode: 'CLEANING', slotsMax: 200 };
    const slots = await visitSlots(
      doorsOf(open.database),
      { ...wanted, from: on(away, '00:00'), to: on(home, '09:00') },
      booker,
    );
    expect(slots).toEqual([expect.objectContaining({ fromMs: on(home, '08:00').getTime() })]);
  });
});

async function isWoman(elderId: number): Promise<boolean> {
  const { visitedElder } = await import('../../src/visits/errands.js');
  const found = await open.database.read(async (m) =>
    visitedElder(m, await m.findOneByOrFail(Elder, { id: elderId })),
  );
  return found.gender === 'FEMALE';
}
