import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Elder, PublicHoliday } from '../../entities/index.js';
import { stayKey } from '../../src/elders/institution-stays.js';
import { addDays } from '../../src/shared/china-time.js';
import { visitById } from '../../src/visits/find-visits.js';
import { previewVisit } from '../../src/visits/preview-visit.js';
import { visitSlots } from '../../src/visits/visit-slots.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addAbsence,
  addElder,
  addHomeServices,
  addWorker,
  alternativesOf,
  booked,
  bookingsOn,
  caregiversAt,
  doorsOf,
  fieldOf,
  manager,
  on,
  outcomeOf,
  placeStation,
  relative,
  rowsOf,
  setTerms,
} from '../support/bookings.js';
import { statementsOf } from '../support/count-statements.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, noon, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let calls: ReturnType<typeof bookingsOn>;
let first: number;
let second: number;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  await addHomeServices(open);
  await placeStation(town);
  first = await addWorker(town, { name: '李护理', skills: ['BATHING'] });
  second = await addWorker(town, { name: '张护理', skills: ['BATHING'] });
  calls = bookingsOn(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

/** Days that nobody else of this file uses. */
let used = 0;
const newDay = () => {
  used += 1;
  return `2026-04-${String(used).padStart(2, '0')}`;
};

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
