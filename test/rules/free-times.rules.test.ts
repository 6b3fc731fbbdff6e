import { describe, expect, it } from 'vitest';
import { chooseCaregivers } from '../../src/visits/choose-caregivers.rules.js';
import { oneMonthAfter } from '../../src/visits/duty.rules.js';
import {
  type Bringer,
  type BusyTime,
  type Errand,
  openingsOf,
  workingTimes,
} from '../../src/visits/free-times.rules.js';
import { placeVisits } from '../../src/visits/place-visits.rules.js';
import { nearestSlots, type SlotQuestion, slotsOf } from '../../src/visits/slots.rules.js';
import { waySeconds } from '../../src/visits/travel.rules.js';

const at = (time: string, day = '2026-03-10') => new Date(`${day}T${time}:00+08:00`).getTime();
const clock = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(11, 19);
const place = (latitude: number) => ({ latitudeMicro: latitude * 1_000_000, longitudeMicro: 112_500_000 });
const home = place(33);
const far = place(33.02);

const errand: Errand = {
  minutes: 60,
  skill: null,
  genderRule: 'ANY',
  elderGender: 'FEMALE',
  elderPlace: home,
  station: { place: home, mode: 'CYCLE' },
  caregivers: 1,
  secondAfterMin: 0,
  secondAfterMax: 0,
  preparationMinutes: 10,
  bufferMinutes: 5,
};
const busyAt = (from: string, to: string, where = home): BusyTime => ({
  visitId: 1,
  fromMs: at(from),
  toMs: at(to),
  preparationMinutes: 2,
  bufferMinutes: 3,
  place: where,
});
const bringer = (more: Partial<Bringer> = {}): Bringer => ({
  id: 1,
  gender: 'FEMALE',
  skills: new Map(),
  works: [{ fromMs: at('08:00'), toMs: at('17:00') }],
  busy: [],
  ...more,
});
const day = { fromMs: at('00:00'), toMs: at('23:59') };
const openings = (who: Bringer, what = errand) =>
  openingsOf(who, what, day).map(({ readyAtMs, doneByMs }) => `${clock(readyAtMs)}-${clock(doneByMs)}`);

describe('openings', () => {
  it('leave the preparation before the first visit and the buffer after the last', () => {
    expect(openings(bringer())).toEqual(['08:10:00-16:55:00']);
  });

  it('count the way from the station, to it, and between visits, each with its own buffer and preparation', () => {
    const way = waySeconds('CYCLE', far, home);
    expect(way).toBeGreaterThan(700);
    const busy = [busyAt('10:00', '11:00', far), busyAt('14:00', '15:00')];
    const minute = (text: string, seconds: number) => clock(at(text) + seconds * 1000);
    expect(openings(bringer({ busy }))).toEqual([
      `08:10:00-${minute('09:53', -way)}`,
      `${minute('11:13', way)}-13:53:00`,
      '15:13:00-16:55:00',
    ]);
    const away = { ...errand, elderPlace: far };
    expect(openings(bringer(), away)).toEqual([`${minute('08:10', way)}-${minute('16:55', -way)}`]);
  });

  it('do not open where less than the visit lies between two others', () => {
    const busy = [busyAt('09:00', '12:00'), busyAt('13:19', '17:00')];
    expect(openings(bringer({ busy }))).toEqual([]);
    expect(openings(bringer({ busy: [busyAt('08:10', '12:00'), busyAt('13:20', '16:50')] }))).toEqual([
      '12:13:00-13:13:00',
    ]);
  });

  it('respect visits outside of the hours of work, and each time of work by itself', () => {
    const works = [
      { fromMs: at('08:00'), toMs: at('12:00') },
      { fromMs: at('13:00'), toMs: at('17:00') },
    ];
    expect(openings(bringer({ works }))).toEqual(['08:10:00-11:55:00', '13:10:00-16:55:00']);
    const late = [busyAt('12:00', '13:30'), busyAt('16:30', '18:00')];
    expect(openings(bringer({ works, busy: late }))).toEqual(['08:10:00-11:53:00', '13:43:00-16:23:00']);
  });

  it('end with the certificate, and are none without the skill or the gender', () => {
    const bathing = { ...errand, skill: 'BATHING', genderRule: 'SAME' as const };
    const skilled = (expiresOn: string | null) => bringer({ skills: new Map([['BATHING', expiresOn]]) });
    expect(openings(skilled(null), bathing)).toEqual(['08:10:00-16:55:00']);
    expect(openings(skilled('2026-03-11'), bathing)).toEqual(['08:10:00-16:55:00']);
    expect(openings(skilled('2026-03-10'), bathing)).toEqual([]);
    expect(openings(bringer(), bathing)).toEqual([]);
    expect(openings({ ...skilled(null), gender: 'MALE' }, bathing)).toEqual([]);
    expect(openings(skilled(null), { ...bathing, elderGender: null })).toEqual([]);
  });
});

it('a night is one time of work, whatever two rows of two days say', () => {
  const roster = {
    activeFrom: '2026-01-01',
    activeUntil: null,
    absences: [],
    hours: [
      { weekday: 2, fromMinute: 1320, toMinute: 1440, fromDay: '2026-01-01', toDay: null },
      { weekday: 3, fromMinute: 0, toMinute: 360, fromDay: '2026-01-01', toDay: null },
    ],
  };
  const works = workingTimes(roster, '2026-03-09', '2026-03-12');
  expect(works).toEqual([{ fromMs: at('22:00'), toMs: at('06:00', '2026-03-11') }]);
  const across = chooseCaregivers([bringer({ works })], errand, at('23:30'), {
    visitsBefore: new Map(),
    wishedId: null,
  });
  expect(across).toEqual([{ caregiverId: 1, fromMs: at('23:30'), toMs: at('00:30', '2026-03-11') }]);
});

describe('choosing', () => {
  const choice = { visitsBefore: new Map<number, number>(), wishedId: null };
  const chosen = (bringers: Bringer[], more: object = {}, what = errand) =>
    chooseCaregivers(bringers, what, at('10:00'), { ...choice, ...more })?.map(
      ({ caregiverId }) => caregiverId,
    );

  it('prefers who came before, then the shorter way, then the emptier day, then the lower number', () => {
    const [near, full, other] = [
      bringer({ id: 5, busy: [busyAt('08:10', '08:20')] }),
      bringer({ id: 4, busy: [busyAt('08:10', '08:20', far)] }),
      bringer({ id: 3, busy: [busyAt('13:00', '14:00')] }),
    ];
    expect(chosen([bringer({ id: 9 }), bringer({ id: 7 })])).toEqual([7]);
    expect(chosen([near, bringer({ id: 9 })])).toEqual([9]);
    expect(chosen([near, full, other])).toEqual([4]);
    expect(chosen([near, other], { visitsBefore: new Map([[3, 2]]) })).toEqual([3]);
    expect(chosen([near, other], { visitsBefore: new Map([[3, 2]]), presentIds: [5] })).toEqual([5]);
    expect(chosen([near, other], { wishedId: 3 })).toEqual([3]);
    expect(chosen([near, other], { wishedId: 8 })).toBe(undefined);
  });

  it('of two lets the second come later within its bounds, and takes the one who was wished for as either', () => {
    const bathing = { ...errand, caregivers: 2, secondAfterMin: 5, secondAfterMax: 20 };
    const late = bringer({ id: 2, works: [{ fromMs: at('10:05'), toMs: at('17:00') }] });
    const both = chooseCaregivers([bringer(), late], bathing, at('10:00'), choice);
    expect(both).toEqual([
      { caregiverId: 1, fromMs: at('10:00'), toMs: at('11:00') },
      { caregiverId: 2, fromMs: at('10:15'), toMs: at('11:00') },
    ]);
    expect(chosen([bringer(), late], { wishedId: 2 }, bathing)).toEqual([1, 2]);
    expect(chosen([late], {}, bathing)).toBe(undefined);
    const later = bringer({ id: 2, works: [{ fromMs: at('10:11'), toMs: at('17:00') }] });
    expect(chosen([bringer(), later], {}, bathing)).toBe(undefined);
    const three = [bringer(), late, bringer({ id: 3 })];
    expect(chosen(three, { wishedId: 2 }, bathing)).toEqual([1, 2]);
    expect(chosen(three, {}, bathing)).toEqual([1, 2]);
    expect(chosen(three, { visitsBefore: new Map([[3, 1]]) }, bathing)).toEqual([3, 1]);
  });
});

describe('slots', () => {
  const question: SlotQuestion = {
    errand,
    bringers: [bringer(), bringer({ id: 2, busy: [busyAt('08:30', '11:30')] })],
    within: { fromMs: at('00:00'), toMs: at('00:00', '2026-03-11') },
    rasterMinutes: 30,
    elderBusy: [{ fromMs: at('14:00'), toMs: at('15:00') }],
    slotsMax: 200,
  };
  const shown = (slots: ReturnType<typeof slotsOf>) =>
    slots.map(({ fromMs, caregivers }) => `${clock(fromMs).slice(0, 5)} ${caregivers}`);

  it('lie on the raster, count who could come, and leave out the elder’s own appointments', () => {
    expect(shown(slotsOf(question))).toEqual([
      ...['08:30 1', '09:00 1', '09:30 1', '10:00 1', '10:30 1', '11:00 1', '11:30 1'],
      ...['12:00 2', '12:30 2', '13:00 2', '15:00 2', '15:30 2'],
    ]);
    expect(shown(slotsOf({ ...question, slotsMax: 2 }))).toEqual(['08:30 1', '09:00 1']);
    expect(shown(slotsOf({ ...question, within: { fromMs: at('12:59'), toMs: at('13:00') } }))).toEqual([]);
    expect(shown(slotsOf({ ...question, within: { fromMs: at('13:00'), toMs: at('13:01') } }))).toEqual([
      '13:00 2',
    ]);
  });

  it('are those that a booking finds caregivers for, and no others', () => {
    const table = { ...question, daysAway: new Set<string>(), visitsBefore: new Map<number, number>() };
    const free = new Set(slotsOf(question).map(({ fromMs }) => fromMs));
    for (let ms = at('00:00'); ms < at('00:00', '2026-03-11'); ms += 1_800_000) {
      const placed = placeVisits(table, { startsMs: [ms], wishedId: null });
      expect('trouble' in placed, clock(ms)).toBe(!free.has(ms));
    }
  });

  it('of two caregivers need both', () => {
    const both = { ...question, errand: { ...errand, caregivers: 2 } };
    expect(shown(slotsOf(both))).toEqual(['12:00 2', '12:30 2', '13:00 2', '15:00 2', '15:30 2']);
  });

  it('nearest to an instant come from both sides', () => {
    expect(shown(nearestSlots(question, at('14:00'), 5))).toEqual([
      ...['12:00 2', '12:30 2', '13:00 2', '15:00 2', '15:30 2'],
    ]);
    expect(shown(nearestSlots(question, at('02:00'), 2))).toEqual(['08:30 1', '09:00 1']);
    expect(shown(nearestSlots(question, at('23:00'), 2))).toEqual(['15:00 2', '15:30 2']);
  });
});

it('a series is placed whole, each visit as if those before it were booked', () => {
  const table = {
    errand,
    bringers: [bringer()],
    elderBusy: [],
    daysAway: new Set(['2026-03-12']),
    visitsBefore: new Map(),
  };
  expect(placeVisits(table, { startsMs: [at('10:00'), at('10:30')], wishedId: null })).toEqual({
    trouble: 'ELDER_BUSY',
    index: 1,
  });
  expect(placeVisits(table, { startsMs: [at('10:00'), at('11:00')], wishedId: null })).toEqual({
    trouble: 'NO_CAREGIVER_FREE',
    index: 1,
  });
  expect(placeVisits(table, { startsMs: [at('10:00'), at('23:30', '2026-03-11')], wishedId: null })).toEqual({
    trouble: 'TIME_OUT_OF_RANGE',
    index: 1,
  });
  expect(placeVisits(table, { startsMs: [at('10:00'), at('11:15')], wishedId: null })).toHaveLength(2);
});

it('a month after a day is the same day of the next month, or its last', () => {
  expect(['2026-01-31', '2026-02-28', '2026-12-15', '2028-01-30'].map(oneMonthAfter)).toEqual([
    '2026-02-28',
    '2026-03-28',
    '2027-01-15',
    '2028-02-29',
  ]);
});
