import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { admit } from '../../src/beds/admit.js';
import { discharge } from '../../src/beds/discharge.js';
import { endLeave, startLeave } from '../../src/beds/leave-stay.js';
import type { Stay } from '../../src/beds/read-stays.js';
import { staysInInstitutions } from '../../src/beds/stays-in-institutions.js';
import { stayKey } from '../../src/elders/institution-stays.js';
import { SwipeIntake } from '../../src/meals/swipe-intake.js';
import { SwipeRecorder } from '../../src/meals/swipe-recorder.js';
import { institutionStays, openReviewsAfterStay } from '../../src/server/institution-stays.js';
import { batchLimits, swipeLimitsOf } from '../../src/server/services.js';
import type { Day } from '../../src/shared/china-time.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome, allBeds } from '../support/beds.js';
import { statementsOf } from '../support/count-statements.js';
import { tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testSettings } from '../support/test-server.js';
import { addDiner, buildTown, countRows, type Diner, noon, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let homeId: number;
let intake: SwipeIntake;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  homeId = await addHome(town);
  const settings = testSettings();
  intake = new SwipeIntake({
    recorder: new SwipeRecorder({
      database: open.database,
      ids: town.ids,
      limits: swipeLimitsOf(settings),
      stays: institutionStays,
    }),
    clock: { now: () => noon },
    ...batchLimits(settings, open.database.engine),
    onBatch: () => undefined,
  });
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

async function diner(): Promise<Diner> {
  const one = await addDiner(town);
  await open.database.write((manager) =>
    manager.query("UPDATE elder SET abilityLevel = 1, abilityExpiresOn = '2027-01-01' WHERE id = ?", [
      one.elderId,
    ]),
  );
  return one;
}

const acting = () => ({ byId: town.managerId, now: noon });
const done = (result: Stay | object): Stay => {
  if ('refused' in result) throw new Error(String(result.refused));
  return result as Stay;
};

async function live(
  elderId: number,
  from: Day,
  type: 'NURSING' | 'DAY_CARE' | 'HOME' = 'NURSING',
): Promise<Stay> {
  const [bedId = 0] = await addBeds(town, homeId, [{ type }]);
  const id = await town.ids.take(1);
  const wanted = { id, requestId: randomUUID(), bedId, elderId, from, holdId: null, contractSignedOn: null };
  return done(
    await open.database.write((manager) =>
      admit(manager, { ...wanted, ...acting() }, allBeds, [openReviewsAfterStay]),
    ),
  );
}

async function leave(stayId: number, on: Day, kind: 'HOME' | 'HOSPITAL'): Promise<void> {
  const id = await town.ids.take(1);
  done(
    await open.database.write((manager) =>
      startLeave(manager, { id, stayId, on, kind, expectedBackOn: null, ...acting() }, allBeds, [
        openReviewsAfterStay,
      ]),
    ),
  );
}

async function eat(uid: string, daysAgo = 0) {
  const swipedAt = new Date(noon.getTime() - daysAgo * 86_400_000);
  return intake.record(tap(town, { cardUid: uid, swipedAt, offline: daysAgo > 0 }));
}

const reviewsOf = (elderId: number) =>
  countRows(
    open,
    `swipe_review r JOIN swipe s ON s.id = r.id WHERE s.elderId = ${elderId} AND r.openCanteenId IS NOT NULL`,
  );

it('a resident gets no subsidy, a guest of day care and of a bed at home does', async () => {
  for (const [type, subsidyFen] of [
    ['NURSING', 0],
    ['DAY_CARE', 300],
    ['HOME', 300],
  ] as const) {
    const { elderId, uid } = await diner();
    await live(elderId, '2026-03-01', type);
    const answer = await eat(uid);
    expect({ type, fen: answer.receipt?.subsidyFen ?? 0 }).toEqual({ type, fen: subsidyFen });
  }
});

it('who is on leave at home gets it, and who is in hospital does not, from whichever bed', async () => {
  for (const [type, kind, subsidyFen] of [
    ['NURSING', 'HOME', 300],
    ['NURSING', 'HOSPITAL', 0],
    ['DAY_CARE', 'HOSPITAL', 0],
  ] as const) {
    const { elderId, uid } = await diner();
    const stay = await live(elderId, '2026-03-01', type);
    await leave(stay.id, '2026-03-09', kind);
    const answer = await eat(uid);
    expect({ type, kind, fen: answer.receipt?.subsidyFen ?? 0 }).toEqual({ type, kind, fen: subsidyFen });
  }
});

it('a stay that is entered late has its lunches looked at, from its first day on, and only once', async () => {
  const { elderId, uid } = await diner();
  for (const daysAgo of [3, 2, 1, 0])
    expect((await eat(uid, daysAgo)).receipt?.subsidyFen).toBeGreaterThan(0);
  const stay = await live(elderId, '2026-03-08');
  expect(await reviewsOf(elderId)).toBe(3);
  done(
    await open.database.write((manager) =>
      discharge(manager, { stayId: stay.id, on: today, reason: 'HOME', note: null, ...acting() }, allBeds),
    ),
  );
  await live(elderId, today);
  expect(await reviewsOf(elderId)).toBe(3);
});

it('a leave in hospital from day care, and the end of one at home, that are entered late have their lunches looked at', async () => {
  const { elderId, uid } = await diner();
  const guest = await live(elderId, '2026-03-01', 'DAY_CARE');
  for (const daysAgo of [2, 1]) await eat(uid, daysAgo);
  await leave(guest.id, '2026-03-09', 'HOSPITAL');
  expect(await reviewsOf(elderId)).toBe(1);

  const other = await diner();
  const stay = await live(other.elderId, '2026-03-01');
  await leave(stay.id, '2026-03-05', 'HOME');
  for (const daysAgo of [3, 2, 1])
    expect((await eat(other.uid, daysAgo)).receipt?.subsidyFen).toBeGreaterThan(0);
  expect(await reviewsOf(other.elderId)).toBe(0);
  done(
    await open.database.write((manager) =>
      endLeave(manager, { stayId: stay.id, on: '2026-03-08', ...acting() }, allBeds, [openReviewsAfterStay]),
    ),
  );
  expect(await reviewsOf(other.elderId)).toBe(2);
});

it('days are asked about elder by elder, touching days are none, and it is one statement however many', async () => {
  const { elderId } = await diner();
  const stay = await live(elderId, '2026-03-02');
  done(
    await open.database.write((manager) =>
      discharge(
        manager,
        { stayId: stay.id, on: '2026-03-05', reason: 'HOSPITAL', note: null, ...acting() },
        allBeds,
      ),
    ),
  );
  const days = ['2026-03-01', '2026-03-02', '2026-03-04', '2026-03-05'];
  const elderIds = Array.from({ length: 256 }, (_, index) => elderId + index);
  const { result, statements } = await statementsOf(open.database, () =>
    open.database.read((manager) => staysInInstitutions.on(manager, elderIds, days)),
  );
  expect(statements).toHaveLength(1);
  expect(days.filter((day) => result.has(stayKey(elderId, day)))).toEqual(['2026-03-02', '2026-03-04']);
  expect([...(await open.database.read((manager) => staysInInstitutions.on(manager, [], days)))]).toEqual([]);
});
