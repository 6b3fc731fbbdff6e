import { Visit, VisitCaregiver } from '../../entities/index.js';
import { lockTimes } from '../../src/visits/change-visit.js';
import { hoursOf } from '../../src/visits/find-hours.js';
import { offerHours, type useHours } from '../../src/visits/hours-book.js';
import { addService, approveHours, type BookedVisit, bookIn } from './hours.js';
import { hoursRules } from './hours-cases.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';
import { addDiner, noon } from './town.js';
import { buildTwoCounties, type TwoCounties } from './two-counties.js';
import { addCaregiver } from './visits.js';

/** One town for all tests of a file, and a new elder for each; the bindings are set by the functions below. */
export let test: TestDatabase;
export let town: TwoCounties;
export let elderId: number;
let serviceId: number;
let caregiverId: number;
/** Two hours a month at 40 yuan for everybody of 60 and over, of which the family pays a tenth. */
const twoHours = hoursRules([
  {
    code: 'TWO',
    who: { ageFrom: 60 },
    minutes: 120,
    pays: { kind: 'PER_HOUR', fen: 4000 },
    selfPaidPercent: 10,
  },
]);

export async function startHoursTown(): Promise<void> {
  test = await openTestDatabase();
  town = await buildTwoCounties(test.database);
  serviceId = await addService(test.database);
  await approveHours(test.database, town.countyId, twoHours);
}

export async function newHoursElder(): Promise<void> {
  ({ elderId } = await addDiner(town));
  caregiverId = await addCaregiver(test.database, { stationId: town.stationId });
}

const visit = (day: string, more: Partial<BookedVisit> = {}): BookedVisit => ({
  elderId,
  serviceId,
  stationId: town.stationId,
  day,
  ...more,
});
export const book = (day: string, more: Partial<BookedVisit> = {}) =>
  test.database.write((manager) => bookIn(manager, visit(day, more)));
export const questionOf = (day: string, more: Partial<BookedVisit> = {}) => {
  return { minutes: 60, priceFen: 5000, ...visit(day, more) };
};
export const offer = (days: string[], moved?: number[]) =>
  test.database.read((manager) =>
    offerHours(
      manager,
      days.map((day) => questionOf(day)),
      moved ? { moved } : {},
    ),
  );
export const does = (work: typeof useHours, ...visitIds: number[]) =>
  test.database.write(async (manager) => {
    await lockTimes(manager, { elderIds: [elderId], caregiverIds: [] });
    await work(manager, visitIds, noon);
  });
export const setStatus = (visitId: number, status: 'COMPLETED' | 'CANCELLED') =>
  test.database.write(async (manager) => {
    await manager.update(Visit, { id: visitId }, { status });
    if (status === 'CANCELLED') return;
    const { startsAt, endsAt } = await manager.findOneByOrFail(Visit, { id: visitId });
    await manager.insert(VisitCaregiver, { visitId, caregiverId, startsAt, endsAt });
  });

/** Granted, reserved, used, lost and left minutes of the elder's month. */
export async function sums(month = '2026-03') {
  const found = await test.database.read((manager) =>
    hoursOf(manager, { elderId, month }, 'everywhere', '2026-03-10'),
  );
  if (!found) throw new Error('no such elder');
  const { grantedMinutes, reservedMinutes, usedMinutes, lostMinutes, leftMinutes } = found;
  return [grantedMinutes, reservedMinutes, usedMinutes, lostMinutes, leftMinutes];
}

export const paid = { hoursMinutes: 60, subsidyFen: 3600, selfPaidFen: 1400 };
export const unpaid = { hoursMinutes: 0, subsidyFen: 0, selfPaidFen: 5000 };
