import fc from 'fast-check';
import { expect, it } from 'vitest';
import { genderOf } from '../../src/elders/resident-id.rules.js';
import { openField } from '../../src/elders/sealed-fields.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addAbsence,
  addElder,
  addHomeServices,
  addWorker,
  bookingsOn,
  on,
  outcomeOf,
  placeStation,
  stationPlace,
} from '../support/bookings.js';
import { openTestDatabase } from '../support/test-database.js';
import { buildTown } from '../support/town.js';
import { conflicts, couldCome, readWorld, type World } from '../support/visits-checker.js';

const days = ['2026-03-16', '2026-03-17'];
const norths = [0, 4, 12, 25];

/** A time on two days, by five minutes, within the hours of work and around their edges. */
const time = fc.record({ day: fc.nat({ max: 1 }), five: fc.integer({ min: 84, max: 226 }) });
const elder = fc.nat({ max: norths.length - 1 });
const worker = fc.nat({ max: 2 });
const visit = fc.nat({ max: 30 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('book' as const),
      elder,
      time,
      bath: fc.boolean(),
      named: fc.option(worker),
      daily: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('move' as const), visit, time }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('cancel' as const), visit }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('assign' as const), visit, worker }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('absence' as const), worker, time, hours: fc.nat({ max: 3 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const degrees = (north: number) => ({
  latitude: (stationPlace.latitudeMicro + north * 1000) / 1e6,
  longitude: stationPlace.longitudeMicro / 1e6,
});
const startOf = ({ day, five }: { day: number; five: number }) =>
  on(days[day] as string, `${Math.floor(five / 12)}:${(five % 12) * 5}`);

/** A town with three caregivers and four elders, on a database of its own. */
async function build() {
  const open = await openTestDatabase();
  const town = await buildTown(open.database);
  await addHomeServices(open);
  await placeStation(town);
  const bath = { skills: ['BATHING'] };
  const workers = [
    await addWorker(town, bath),
    await addWorker(town, { ...bath, from: 540, to: 900 }),
    await addWorker(town, { gender: 'MALE' }),
  ];
  const elders: number[] = [];
  for (const north of norths) elders.push(await addElder(town, { north }));
  const genders = await open.database.read(async (m) => {
    const rows = await m.query('SELECT id, idNumberSealed FROM elder');
    return new Map<number, string>(
      rows.map((row: { id: number }) => [
        row.id,
        genderOf(openField(cipherOf(m), 'idNumber', row as never) ?? ''),
      ]),
    );
  });
  const hours = [[480, 1080] as const, [540, 900] as const, [480, 1080] as const];
  const world = () =>
    readWorld(open.database, {
      elderPlaces: new Map(elders.map((id, index) => [id, degrees(norths[index] as number)])),
      station: degrees(0),
      hours: new Map(workers.map((id, index) => [id, hours[index] as readonly [number, number]])),
    });
  return { open, town, workers, elders, genders, world, calls: bookingsOn(town) };
}
type Built = Awaited<ReturnType<typeof build>>;

/** Who could come to a visit by the checker's own arithmetic, as the first and as a second who comes later. */
function free(
  world: World,
  built: Built,
  asked: { serviceId: number; elderId: number; startsAt: number; minutes: number },
  except = 0,
) {
  const endsAt = asked.startsAt + asked.minutes * 60_000;
  const elderGender = built.genders.get(asked.elderId) as string;
  const fits = (id: number, startsAt: number) =>
    couldCome(world, id, { ...asked, elderGender, startsAt, endsAt }, except);
  const firsts = built.workers.filter((id) => fits(id, asked.startsAt));
  // Whole minutes up to half an hour later, as the pair of this service is agreed.
  const seconds = built.workers.filter((id) =>
    Array.from({ length: 31 }, (_, minute) => asked.startsAt + minute * 60_000).some((startsAt) =>
      fits(id, startsAt),
    ),
  );
  return { firsts, seconds };
}

/** Whether somebody can come, with a certain one among them when one is named. */
function isFree(
  { firsts, seconds }: ReturnType<typeof free>,
  caregivers: number,
  named: number | null,
): boolean {
  if (caregivers === 1) return named === null ? firsts.length > 0 : firsts.includes(named);
  return firsts.some((first) =>
    seconds.some((second) => first !== second && (named === null || first === named || second === named)),
  );
}

async function play(built: Built, steps: readonly Step[], done: Record<string, number>): Promise<void> {
  const { open, workers, elders, calls, world } = built;
  for (const each of steps) {
    const before = await world();
    if (each.does === 'absence') {
      const from = startOf(each.time).getTime();
      await addAbsence(open, workers[each.worker] as number, [
        new Date(from),
        new Date(from + (each.hours + 1) * 3_600_000),
      ]);
      continue;
    }
    const result = await stepResult(each, before);
    if (!result) continue;
    const { outcome, expected } = result;
    done[`${each.does} ${outcome}`] = (done[`${each.does} ${outcome}`] ?? 0) + 1;
    if (expected !== undefined) expect(outcome, JSON.stringify(each)).toBe(expected);
    const after = await world();
    expect(conflicts(after), JSON.stringify(each)).toEqual([]);
    if (outcome !== 'done') expect(after.visits).toEqual(before.visits);
  }

  async function stepResult(each: Exclude<Step, { does: 'absence' }>, before: World) {
    if (each.does === 'book') return bookResult(each, before);
    const visit = before.visits[each.visit % Math.max(before.visits.length, 1)];
    if (!visit) return undefined;
    if (each.does === 'cancel') {
      const outcome = outcomeOf(await calls.cancel(visit.id));
      return { outcome, expected: visit.status === 'ASSIGNED' ? 'done' : 'WRONG_STATUS' };
    }
    const isWished = visit.parts.some(({ caregiverId }) => caregiverId === visit.wishedId);
    const named =
      each.does === 'assign' ? (workers[each.worker] as number) : isWished ? visit.wishedId : null;
    const startsAt = each.does === 'move' ? startOf(each.time).getTime() : visit.startsAt;
    const { caregivers } = before.services.get(visit.serviceId) as { caregivers: number };
    const minutes = (visit.endsAt - visit.startsAt) / 60_000;
    const isBusy = before.visits.some(
      (other) =>
        other.id !== visit.id &&
        other.elderId === visit.elderId &&
        other.status !== 'CANCELLED' &&
        other.startsAt < startsAt + minutes * 60_000 &&
        startsAt < other.endsAt,
    );
    const can = isFree(free(before, built, { ...visit, startsAt, minutes }, visit.id), caregivers, named);
    const moved =
      each.does === 'move'
        ? await calls.move(visit.id, new Date(startsAt))
        : await calls.assign(visit.id, workers[each.worker] as number);
    const placed = isBusy ? 'ELDER_BUSY' : can ? 'done' : 'NO_CAREGIVER_FREE';
    return { outcome: outcomeOf(moved), expected: visit.status === 'ASSIGNED' ? placed : 'WRONG_STATUS' };
  }

  async function bookResult(each: Extract<Step, { does: 'book' }>, before: World) {
    const elderId = elders[each.elder] as number;
    const startsAt = startOf(each.time);
    const named = each.named === null ? null : (workers[each.named] as number);
    const minutes = each.bath ? 90 : 60;
    const [service] = [...before.services.values()].filter(
      ({ caregivers, skill }) => (caregivers === 2) === each.bath && (each.bath || skill === null),
    );
    const asked = { elderId, serviceId: Number(service?.id), startsAt: startsAt.getTime(), minutes };
    const isBusy = before.visits.some(
      (other) =>
        other.elderId === elderId &&
        other.status !== 'CANCELLED' &&
        other.startsAt < asked.startsAt + minutes * 60_000 &&
        asked.startsAt < other.endsAt,
    );
    const can = isFree(free(before, built, asked), each.bath ? 2 : 1, named);
    const result = await calls.book({
      elderId,
      startsAt,
      caregiverId: named,
      serviceCode: each.bath ? 'BATHING' : 'CLEANING',
      recurrence: each.daily ? 'FREQ=DAILY;COUNT=2' : null,
    });
    if (isRefusal(result)) {
      // What is offered instead is free by the checker too.
      for (const { fromMs } of result.alternatives) {
        const other = free(await world(), built, { ...asked, startsAt: fromMs });
        expect(isFree(other, each.bath ? 2 : 1, each.bath ? null : named)).toBe(true);
      }
    }
    const expected = each.daily ? undefined : isBusy ? 'ELDER_BUSY' : can ? 'done' : 'NO_CAREGIVER_FREE';
    return { outcome: outcomeOf(result), expected };
  }
}

it('whatever is booked, moved, called off and assigned, nobody is in two places, and no refusal is without need', async () => {
  const done: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 30 }), async (steps) => {
      const built = await build();
      try {
        await play(built, steps, done);
        await expectAuditClean(built.open.database);
      } finally {
        await built.open.drop();
      }
    }),
    { numRuns: 12, seed: 20_260_310, endOnFailure: true },
  );
  // The steps that this seed makes must come to all that can become of them.
  for (const kind of [
    'book done',
    'book ELDER_BUSY',
    'book NO_CAREGIVER_FREE',
    'move done',
    'cancel done',
    'assign done',
    'assign NO_CAREGIVER_FREE',
  ]) {
    expect(done[kind] ?? 0, `${kind} of ${JSON.stringify(done)}`).toBeGreaterThan(0);
  }
}, 240_000);
