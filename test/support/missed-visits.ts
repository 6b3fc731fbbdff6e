import { SettableClock } from '../../src/shared/clock.js';
import { MissedVisitScanner } from '../../src/visits/missed-visit-scanner.js';
import { raiseAlerts } from '../../src/visits/raise-alerts.js';
import { buildCareTown, type Carer, type CareTown, expectCareClean, later, newCarer } from './care.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';

/** One town with a carer for all tests of a file, and nothing to look at for each; the functions below set the bindings. */
export let open: TestDatabase;
export let town: CareTown;
export let own: Carer;
/** What went wrong while a scanner looked. */
export let failures: unknown[];

export async function startMissedVisits(): Promise<void> {
  open = await openTestDatabase();
  town = await buildCareTown(open.database);
  own = await newCarer(town);
}

export async function nothingToLookAt(): Promise<void> {
  failures = [];
  // What other tests left behind is looked at by none.
  await open.database.write(async (manager) => {
    await manager.query(
      "UPDATE visit SET status = 'CANCELLED' WHERE status IN ('REQUESTED', 'ASSIGNED', 'IN_PROGRESS')",
    );
    await manager.query('UPDATE visit_evidence SET openStationId = NULL');
    await manager.query('UPDATE visit_watch SET leasedUntil = 0');
  });
}

export async function closeMissedVisits(): Promise<void> {
  await expectCareClean(open);
  await open.drop();
}

export const look = (minutes: number) => raiseAlerts(open.database, later(minutes));

interface AlertRow {
  id: number;
  kind: string;
  level: string;
  facilityId: number;
  outcome: string | null;
}
export function alertsOf(visitId: number): Promise<AlertRow[]> {
  return open.database.read((manager) =>
    manager.query(
      'SELECT id, kind, level, facilityId, outcome FROM visit_alert WHERE visitId = ? ORDER BY id',
      [visitId],
    ),
  );
}
export const shortly = async (visitId: number) =>
  (await alertsOf(visitId)).map(({ kind, level, outcome }) => `${kind} ${level} ${outcome}`);

export function scannerAt(minutes: number, pauseSeconds = 60): MissedVisitScanner {
  const clock = new SettableClock();
  clock.set(later(minutes), 0);
  return new MissedVisitScanner({
    database: open.database,
    clock,
    pauseSeconds,
    positionDays: 180,
    onFailure: (error) => failures.push(error),
  });
}
