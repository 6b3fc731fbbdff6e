import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildCareTown,
  type Carer,
  type CareTown,
  careRows,
  expectCareClean,
  later,
  metresAway,
  newCarer,
  newVisit,
  tapOf,
  tapped,
  toldOf,
  uploaded,
  visitNow,
} from '../support/care.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';

let open: TestDatabase;
let town: CareTown;
let carers: Carer[];

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildCareTown(open.database);
  carers = [await newCarer(town), await newCarer(town)];
});
afterAll(async () => {
  await expectCareClean(open);
  await open.drop();
});

interface DrawnTap {
  who: number;
  kind: 'IN' | 'OUT';
  minutes: number;
  metres: number;
  /** How far the device's clock is from the server's, in minutes. */
  driftMinutes: number;
}

const drawnTap = fc.record<DrawnTap>({
  who: fc.constantFrom(0, 1),
  kind: fc.constantFrom('IN', 'OUT'),
  minutes: fc.integer({ min: -60, max: 330 }),
  metres: fc.constantFrom(0, 90, 300, 900),
  driftMinutes: fc.constantFrom(0, 0, 0, -1440, 1440),
});

/** An order in which taps arrive, in parts, some of them twice. */
const drawnUploads = fc.array(fc.array(fc.nat(11), { minLength: 1, maxLength: 5 }), { maxLength: 8 });

/** The ids of a visit's taps, in the same order for every visit. */
const idOf = (visitId: number, index: number) =>
  `${visitId.toString(16).padStart(8, '0')}-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;

async function upload(visitId: number, taps: readonly DrawnTap[], parts: readonly (readonly number[])[]) {
  const whole = taps.map((_, index) => index);
  let now = 600;
  // What a network lost on the way is sent again at last, so that everything has come in once.
  for (const part of [...parts, whole]) {
    now += 7;
    for (const who of [0, 1]) {
      const checks = part
        .map((index) => ({ index: index % taps.length, tap: taps[index % taps.length] as DrawnTap }))
        .filter(({ tap }) => tap.who === who)
        .map(({ index, tap }) =>
          tapOf(visitId, {
            requestId: idOf(visitId, index),
            kind: tap.kind,
            at: later(tap.minutes + tap.driftMinutes),
            sentAt: later(now + tap.driftMinutes),
            ...metresAway(tap.metres),
            isOffline: true,
          }),
        );
      if (checks.length === 0) continue;
      const told = await uploaded(town, carers[who] as Carer, checks, later(now));
      expect(told.filter((one) => 'refused' in one)).toEqual([]);
    }
  }
}

/** What follows from the taps, worked out apart. */
function expected(taps: readonly DrawnTap[]) {
  const bounded = ({ minutes }: DrawnTap) => Math.min(Math.max(minutes, -30), 300);
  const people = [0, 1].map((who) => {
    const own = taps.filter((tap) => tap.who === who);
    const arrivals = own.filter(({ kind }) => kind === 'IN').map(bounded);
    const arrived = Math.min(...arrivals);
    const departures = own.filter(({ kind }) => kind === 'OUT').map(bounded);
    return { arrived, left: Math.max(...departures.filter((minute) => minute >= arrived)) };
  });
  const clock = (minutes: number) => {
    const at = 12 * 60 + minutes;
    return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
  };
  const firstAt = Math.min(...people.map(({ arrived }) => arrived));
  if (firstAt === Number.POSITIVE_INFINITY) {
    return { status: 'ASSIGNED', checkedInAt: null, checkedOutAt: null };
  }
  const isOver = people.every(({ left }) => left !== Number.NEGATIVE_INFINITY);
  return {
    status: isOver ? 'COMPLETED' : 'IN_PROGRESS',
    checkedInAt: clock(firstAt),
    checkedOutAt: isOver ? clock(Math.max(...people.map(({ left }) => left))) : null,
  };
}

it('whatever the order, the parts and the repetitions, the same taps lead to the same end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(drawnTap, { minLength: 1, maxLength: 7 }),
      fc.array(drawnUploads, { minLength: 2, maxLength: 2 }),
      async (taps, orders) => {
        const ends: object[] = [];
        for (const parts of [[], ...orders]) {
          const { visitId } = await newVisit(town, carers);
          await upload(visitId, taps, parts);
          const { version: _version, events: _events, ...end } = await visitNow(town, visitId);
          ends.push(end);
        }
        for (const end of ends) expect(end).toEqual(ends[0]);
        expect(ends[0]).toMatchObject({ ...expected(taps), taps: taps.length });
      },
    ),
    // A run is some forty transactions, each of them a flush of the log on a server.
    { numRuns: engine === 'mysql' ? 8 : 30, seed: 5, endOnFailure: true },
  );
}, 300_000);

describe('a tap that was stored', () => {
  const offline = (given: object = {}) => ({ isOffline: true, ...given });
  const alone = () => newVisit(town, [carers[0] as Carer]);
  const send = (check: ReturnType<typeof tapOf>, now: Date) => tapped(town, carers[0] as Carer, check, now);

  it('out before in waits for its tap in, and then ends the visit', async () => {
    const { visitId } = await alone();
    const out = tapOf(visitId, offline({ kind: 'OUT', at: later(55) }));
    expect(toldOf(await send(out, later(600)))).toBe('recorded');
    expect(await visitNow(town, visitId)).toMatchObject({ status: 'ASSIGNED', taps: 1, version: 1 });
    expect(toldOf(await send(tapOf(visitId, offline({ at: later(1) })), later(601)))).toBe('recorded');
    expect(await visitNow(town, visitId)).toMatchObject({
      status: 'COMPLETED',
      checkedInAt: '12:01',
      checkedOutAt: '12:55',
      events: 'CHECK_IN IN_PROGRESS, CHECK_OUT COMPLETED',
      decision: 'PAY',
    });
  });

  it('out before in breaks no invariant when the visit is left to nobody meanwhile', async () => {
    const { visitId } = await alone();
    const out = tapOf(visitId, { kind: 'OUT', at: later(60), isOffline: true });
    expect(toldOf(await tapped(town, carers[0] as Carer, out, later(70)))).toBe('recorded');
    const left = (sql: string) => open.database.write((manager) => manager.query(sql, [visitId]));
    await left('DELETE FROM visit_caregiver WHERE visitId = ?');
    await left("UPDATE visit SET status = 'REQUESTED' WHERE id = ?");
    await expectCareClean(open);
  });

  it('of a cancelled visit is kept for review, and the visit stays cancelled', async () => {
    const { visitId } = await newVisit(town, [carers[0] as Carer], { status: 'CANCELLED' });
    expect(toldOf(await send(tapOf(visitId, offline()), later(600)))).toBe('for review');
    expect(await visitNow(town, visitId)).toMatchObject({
      status: 'CANCELLED',
      checkedInAt: null,
      version: 1,
      decision: 'BLOCK',
      reasons: 'CANCELLED OFFLINE',
      isOpen: true,
    });
  });

  it('far away is kept, and blocks the payment', async () => {
    const { visitId } = await alone();
    expect(toldOf(await send(tapOf(visitId, offline(metresAway(900))), later(600)))).toBe('recorded');
    await send(tapOf(visitId, offline({ kind: 'OUT', at: later(60) })), later(600));
    expect(await visitNow(town, visitId)).toMatchObject({ decision: 'BLOCK', isOpen: true });
  });

  it('with a clock a day wrong is never taken as it is', async () => {
    for (const day of [-1440, 1440]) {
      const { visitId } = await alone();
      const check = tapOf(visitId, offline({ at: later(day), sentAt: later(600 + day) }));
      expect(toldOf(await send(check, later(600)))).toBe('for review');
      const out = { kind: 'OUT' as const, at: later(60) };
      await send(tapOf(visitId, offline(out)), later(600));
      expect(await visitNow(town, visitId)).toMatchObject({
        status: 'COMPLETED',
        checkedInAt: '12:00',
        decision: 'LOOK',
        isOpen: true,
      });
    }
    const { visitId } = await alone();
    expect(toldOf(await send(tapOf(visitId, offline({ at: later(-1440) })), later(600)))).toBe('for review');
    const before = await careRows(town);
    const future = tapOf(visitId, offline({ at: later(1440) }));
    expect(toldOf(await send(future, later(600)))).toBe('TIME_OUT_OF_RANGE at');
    expect(await careRows(town)).toBe(before);
  });

  it('before a visit can be at all is refused, offline too', async () => {
    const { visitId } = await newVisit(town, [carers[0] as Carer], { from: later(2000).toISOString() });
    const before = await careRows(town);
    expect(toldOf(await send(tapOf(visitId, offline()), later(1)))).toBe('TIME_OUT_OF_RANGE at');
    expect(await careRows(town)).toBe(before);
  });

  it('without a position asks for a look', async () => {
    const { visitId } = await alone();
    const nowhere = { latitude: null, longitude: null };
    expect(toldOf(await send(tapOf(visitId, offline(nowhere)), later(600)))).toBe('recorded');
    await send(tapOf(visitId, offline({ kind: 'OUT', at: later(60) })), later(600));
    expect(await visitNow(town, visitId)).toMatchObject({ decision: 'LOOK', reasons: 'NO_POSITION OFFLINE' });
  });

  it('that comes after the visit was completed makes it longer, and completes it once', async () => {
    const { visitId } = await alone();
    await send(tapOf(visitId, offline({ at: later(10) })), later(600));
    await send(tapOf(visitId, offline({ kind: 'OUT', at: later(50) })), later(600));
    await send(tapOf(visitId, offline({ kind: 'OUT', at: later(60) })), later(700));
    await send(tapOf(visitId, offline({ at: later(2) })), later(700));
    expect(await visitNow(town, visitId)).toMatchObject({
      status: 'COMPLETED',
      checkedInAt: '12:02',
      checkedOutAt: '13:00',
      events: 'CHECK_IN IN_PROGRESS, CHECK_OUT COMPLETED, CHECK_OUT COMPLETED, CHECK_IN COMPLETED',
    });
  });
});
