import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BedType } from '../../entities/beds/bed.entity.js';
import type { LeaveKind } from '../../entities/beds/stay-leave.entity.js';
import { discharge } from '../../src/beds/discharge.js';
import { startLeave } from '../../src/beds/leave-stay.js';
import { institutionStays, openReviewsAfterStay } from '../../src/server/institution-stays.js';
import type { Day } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome, admitted, allBeds } from '../support/beds.js';
import { addDiners, at, dueNow, flagsOfRule, type Place, scanRound, tapped } from '../support/flag-rounds.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, type Diner, noon, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let place: Place;
let homeId: number;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  place = { canteenId: town.canteenIds[0], readerId: town.readerIds[0] };
  homeId = await addHome(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

const days = ['2026-03-04', '2026-03-05', '2026-03-06', '2026-03-07', '2026-03-08', '2026-03-09'];

/** Somebody who eats at the canteen on each of the days, and may have a bed of any kind. */
async function guest(): Promise<Diner> {
  const [diner] = (await addDiners(town, 1)) as [Diner];
  const assessed = "UPDATE elder SET abilityLevel = 1, abilityExpiresOn = '2027-01-01' WHERE id = ?";
  await open.database.write((manager) => manager.query(assessed, [diner.elderId]));
  for (const day of days) await tapped(town, diner, place, at(day, '12:00:00'));
  return diner;
}

async function lives({ elderId }: Diner, from: Day, type: BedType): Promise<number> {
  const [bedId = 0] = await addBeds(town, homeId, [{ type }]);
  return (await admitted(town, { bedId, elderId, from })).id;
}

const acting = () => ({ byId: town.managerId, now: noon });

async function leaves(stayId: number, on: Day, kind: LeaveKind): Promise<void> {
  const request = { id: await town.ids.take(1), stayId, on, kind, expectedBackOn: null, ...acting() };
  const result = await open.database.write((manager) =>
    startLeave(manager, request, allBeds, [openReviewsAfterStay]),
  );
  if (isRefusal(result)) throw new Error(result.refused);
}

async function movesOut(stayId: number, on: Day): Promise<void> {
  const request = { stayId, on, reason: 'HOME', note: null, ...acting() };
  const result = await open.database.write((manager) => discharge(manager, request, allBeds));
  if (isRefusal(result)) throw new Error(result.refused);
}

/** The days of one person’s signs; each person is looked at alone. */
async function flaggedSince(known: number): Promise<string[]> {
  await scanRound(open.database, institutionStays);
  expect(await dueNow(open.database)).toEqual([]);
  return (await flagsOfRule(open.database, 'DURING_STAY'))
    .filter(({ id }) => id > known)
    .map(({ day, measured }) => `${day} ${measured}`);
}

async function lastFlag(): Promise<number> {
  return Math.max(0, ...(await flagsOfRule(open.database, 'DURING_STAY')).map(({ id }) => id));
}

it('from the day of moving in on, until the one before moving out; not on the day before, nor on that of leaving', async () => {
  const known = await lastFlag();
  const diner = await guest();
  const stayId = await lives(diner, '2026-03-05', 'NURSING');
  await movesOut(stayId, '2026-03-08');
  expect(await flaggedSince(known)).toEqual(['2026-03-05 1', '2026-03-06 1', '2026-03-07 1']);
});

it('in hospital from whichever bed it is a sign; on leave at home, in day care and in a bed at home it is none', async () => {
  const known = await lastFlag();
  const ofDayCare = await guest();
  await leaves(await lives(ofDayCare, '2026-03-04', 'DAY_CARE'), '2026-03-08', 'HOSPITAL');
  const resident = await guest();
  await leaves(await lives(resident, '2026-03-06', 'GENERAL'), '2026-03-07', 'HOME');
  await lives(await guest(), '2026-03-04', 'HOME');
  const signs = ['2026-03-06 1', '2026-03-08 1', '2026-03-09 1'];
  expect(await flaggedSince(known)).toEqual(signs);
});

it('a stay that is entered after the days were looked through has them looked through again', async () => {
  const diner = await guest();
  await scanRound(open.database, institutionStays);
  const known = await lastFlag();
  const stayId = await lives(diner, '2026-03-04', 'DAY_CARE');
  await leaves(stayId, '2026-03-07', 'HOSPITAL');
  expect(await flaggedSince(known)).toEqual(['2026-03-07 1', '2026-03-08 1', '2026-03-09 1']);
});
