import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { type AwaySpan, type InstitutionStays, stayKey } from '../../src/elders/institution-stays.js';
import { addDays, dayOf } from '../../src/shared/china-time.js';
import type { Database } from '../../src/shared/database.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { callOffAway } from '../../src/visits/call-off-away.js';
import { cancelVisitsAfterEnd } from '../../src/visits/cancel-after-end.js';
import { lockTimes } from '../../src/visits/change-visit.js';
import { recordAbsence } from '../../src/visits/record-absence.js';
import { SlotsReader, visitSlots } from '../../src/visits/visit-slots.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addElder,
  addHomeServices,
  addWorker,
  bookingsOn,
  doorsOf,
  manager,
  on,
  outcomeOf,
  placeStation,
  stationPlace,
} from '../support/bookings.js';
import { approveHours } from '../support/hours.js';
import { hoursRules } from '../support/hours-cases.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';
import { conflicts, readWorld, type World } from '../support/visits-checker.js';

/** Everything that changes who is where, at two servers at once, around the end of a month in which hours run out. */
const [rounds, stepsPerRound] = [6, 40];
const days = ['2026-03-30', '2026-03-31', '2026-04-01', '2026-04-02'];

let open: TestDatabase;
let otherDatabase: Database;
let town: TwoCounties;
let workers: number[];
const norths = new Map<number, number>();
/** Who lives in an institution since when, and whose file has ended. */
const away = new Map<number, string>();
const ended = new Set<number>();
const stays: InstitutionStays = {
  on: async (_, elderIds, asked) =>
    new Set(
      elderIds.flatMap((id) =>
        asked.filter((day) => day >= (away.get(id) ?? '9')).map((day) => stayKey(id, day)),
      ),
    ),
};
const spansOf = {
  of: async (_: unknown, elderIds: readonly number[]): Promise<AwaySpan[]> =>
    elderIds.flatMap((elderId) => {
      const fromDay = away.get(elderId);
      return fromDay ? [{ elderId, fromDay, toDay: null, saidUntil: null, isExpected: false }] : [];
    }),
};
const asManager = () => ({ ...manager(town), stays });

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  otherDatabase = (await openDatabase(open.url, { identityKeys: testKeys })).database;
  await addHomeServices(open);
  await placeStation(town);
  const rule = {
    minutes: 150,
    pays: { kind: 'PER_HOUR' as const, fen: 3000 },
    lateCancellation: 'FORFEIT' as const,
  };
  await approveHours(open.database, town.countyId, hoursRules([rule]));
  const bath = { skills: ['BATHING'] };
  workers = [await addWorker(town, bath), await addWorker(town, bath), await addWorker(town)];
  for (let index = 0; index < 14; index += 1) {
    const north = (index * 5) % 23;
    norths.set(await addElder(town, { north }), north);
  }
});
afterAll(async () => {
  await otherDatabase.close();
  await open.drop();
});

/** Numbers that look random and come again: what fails is tried again with the same. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}
function pick<T>(list: readonly T[], roll: (below: number) => number): T {
  return list[roll(list.length)] as T;
}

const degrees = (north: number) => ({
  latitude: (stationPlace.latitudeMicro + north * 1000) / 1e6,
  longitude: stationPlace.longitudeMicro / 1e6,
});
const world = (): Promise<World> =>
  readWorld(open.database, {
    elderPlaces: new Map([...norths].map(([id, north]) => [id, degrees(north)])),
    station: degrees(0),
    hours: new Map(workers.map((id) => [id, [480, 1080] as const])),
  });

const counts: Record<string, number> = {};
const count = (what: string) => {
  counts[what] = (counts[what] ?? 0) + 1;
};

type Calls = ReturnType<typeof bookingsOn>;
async function step(calls: Calls, database: Database, visits: World['visits'], roll: (n: number) => number) {
  const elderId = pick([...norths.keys()], roll);
  const startsAt = on(pick(days, roll), `${8 + roll(10)}:${pick(['00', '10', '25', '45'], roll)}`);
  const visit = visits.length > 0 ? pick(visits, roll) : undefined;
  const what = roll(20);
  if (what < 9 || !visit) {
    const recurrence = roll(4) === 0 ? 'FREQ=DAILY;COUNT=2' : null;
    const serviceCode = roll(4) === 0 ? 'BATHING' : 'CLEANING';
    const caregiverId = roll(3) === 0 ? pick(workers, roll) : null;
    const wanted = { elderId, startsAt, recurrence, serviceCode, caregiverId, requestId: randomUUID() };
    const booker = asManager();
    // One of four is sent to both servers, as by somebody who hears nothing.
    const twice = roll(4) === 0 ? bookingsOn(town, otherDatabase).book(wanted, booker) : undefined;
    const [one, other] = await Promise.all([calls.book(wanted, booker), twice]);
    if (other && !isRefusal(one) && !isRefusal(other)) expect(other.id).toBe(one.id);
    return count(`book ${outcomeOf(one)}`);
  }
  if (what < 13) return count(`move ${outcomeOf(await calls.move(visit.id, startsAt, asManager()))}`);
  if (what < 15)
    return count(`assign ${outcomeOf(await calls.assign(visit.id, pick(workers, roll), asManager()))}`);
  if (what < 17) {
    // Late for what is to begin within a day, and on the family's account: hours are lost then.
    const late = { ...asManager(), now: new Date(visit.startsAt - 3_600_000) };
    return count(`cancel ${outcomeOf(await calls.cancel(visit.id, roll(2) === 0 ? late : asManager()))}`);
  }
  if (what === 17) {
    const absence = {
      caregiverId: pick(workers, roll),
      kind: 'OTHER' as const,
      byId: town.managerId,
      now: noon,
    };
    const endsAt = new Date(startsAt.getTime() + 1_800_000);
    const said = await database.write((m) =>
      recordAbsence(m, { ...absence, startsAt, endsAt }, 'everywhere'),
    );
    return count(`absence ${isRefusal(said) ? 'refused' : 'done'}`);
  }
  if (away.size + ended.size > 6) return undefined;
  await database.write(async (m) => {
    await lockTimes(m, { elderIds: [elderId], caregiverIds: [] });
    if (what === 18) {
      away.set(elderId, dayOf(noon));
      await callOffAway(m, elderId, spansOf, noon);
    } else {
      await m.query("UPDATE elder SET status = 'DECEASED', endedOn = '2026-03-10' WHERE id = ?", [elderId]);
      await cancelVisitsAfterEnd({ now: () => noon })(m, { elderId } as never);
      ended.add(elderId);
    }
  });
  return count(what === 18 ? 'stay' : 'end');
}

async function expectSound(): Promise<World> {
  const now = await world();
  expect(conflicts(now)).toEqual([]);
  const open_ = now.visits.filter(({ status }) => status === 'ASSIGNED' || status === 'REQUESTED');
  expect(open_.filter(({ elderId }) => away.has(elderId) || ended.has(elderId))).toEqual([]);
  await expectAuditClean(open.database);
  return now;
}

it('whatever happens at two servers at once, nobody is in two places and every minute of hours is somewhere once', async () => {
  const roll = dice(20_260_331);
  const servers = [
    [bookingsOn(town), open.database],
    [bookingsOn(town, otherDatabase), otherDatabase],
  ] as const;
  for (let round = 0; round < rounds; round += 1) {
    const { visits } = await world();
    await Promise.all(
      Array.from({ length: stepsPerRound }, (_, index) => {
        const [calls, database] = servers[index % 2] as (typeof servers)[number];
        return step(calls, database, visits, dice(roll(1_000_000_000)));
      }),
    );
    await expectSound();
  }
  for (const what of ['book done', 'move done', 'assign done', 'cancel done', 'absence done', 'stay', 'end'])
    expect(counts[what] ?? 0, `${what} of ${JSON.stringify(counts)}`).toBeGreaterThan(0);
}, 180_000);

it('free times that are asked for together are those asked for alone, and each can be booked', async () => {
  const doors = doorsOf(open.database);
  const roll = dice(7);
  const asked = [...norths.keys()].flatMap((elderId) =>
    ['CLEANING', 'BATHING'].map((serviceCode) => {
      const day = pick(days, roll);
      const to = on(addDays(day, 1 + roll(3)), '00:00');
      return { elderId, serviceCode, from: on(day, '00:00'), to, slotsMax: 200 };
    }),
  );
  const reader = new SlotsReader(doors);
  const together = await Promise.all(asked.map((each) => reader.of(each, asManager())));
  const alone = [];
  for (const each of asked) alone.push(await visitSlots(doors, each, asManager()));
  expect(together).toEqual(alone);
  expect(together.some((slots) => slots.length > 10)).toBe(true);
  const calls = bookingsOn(town);
  let booked = 0;
  for (const { elderId, serviceCode, ...span } of asked) {
    const slots = await visitSlots(doors, { elderId, serviceCode, ...span }, asManager());
    const isGone = away.has(elderId) || ended.has(elderId);
    if (isGone) expect(slots).toEqual([]);
    if (slots.length === 0) continue;
    const { fromMs } = pick(slots, roll);
    const result = await calls.book({ elderId, serviceCode, startsAt: new Date(fromMs) }, asManager());
    expect([elderId, serviceCode, new Date(fromMs), outcomeOf(result)]).toEqual([
      ...[elderId, serviceCode, new Date(fromMs), 'done'],
    ]);
    booked += 1;
  }
  expect(booked).toBeGreaterThan(5);
  await expectSound();
}, 120_000);
