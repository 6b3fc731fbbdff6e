import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Visit } from '../../entities/index.js';
import { openDatabase } from '../../ormconfig.js';
import type { Database } from '../../src/shared/database.js';
import { lockTimes } from '../../src/visits/change-visit.js';
import { expireHours } from '../../src/visits/expire-hours.js';
import { giveBackHours, useHours } from '../../src/visits/hours-book.js';
import { expectAuditClean } from '../support/audited.js';
import { addService, approveHours, bookIn } from '../support/hours.js';
import { hoursRules } from '../support/hours-cases.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { addDiner, buildTown, noon, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let serviceId: number;
let elderId: number;
/** The same database as a second server sees it. */
let other: Database;
const servers = () => [open.database, other] as const;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  other = (await openDatabase(open.url, { identityKeys: testKeys })).database;
  serviceId = await addService(open.database);
  await approveHours(open.database, town.countyId, hoursRules([{ minutes: 240 }]));
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await other.close();
  await open.drop();
});
beforeEach(async () => {
  ({ elderId } = await addDiner(town));
});

const book = (database: Database, day: string, at = 600) =>
  database.write((manager) => bookIn(manager, { elderId, serviceId, stationId: town.stationId, day, at }));

const grants = () =>
  open.database.read((manager) =>
    manager.query('SELECT grantedMinutes, leftMinutes FROM hours_grant WHERE elderId = ? ORDER BY period', [
      elderId,
    ]),
  );

const kinds = async (visitId: number) => {
  const rows: { kind: string }[] = await open.database.read((manager) =>
    manager.query('SELECT kind FROM hours_posting WHERE visitId = ? ORDER BY step', [visitId]),
  );
  return rows.map(({ kind }) => kind);
};

it('twenty bookings of an hour of which the month covers four are four with hours, on two servers', async () => {
  const booked = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      book(servers()[index % 2 === 0 ? 0 : 1], `2026-03-${10 + index}`),
    ),
  );
  expect(booked.map(({ hoursMinutes }) => hoursMinutes).sort((one, two) => two - one)).toEqual([
    ...[60, 60, 60, 60],
    ...Array.from({ length: 16 }, () => 0),
  ]);
  expect(await grants()).toEqual([{ grantedMinutes: 240, leftMinutes: 0 }]);
});

it('two months needed for the first time by all at once are granted once each', async () => {
  await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      book(servers()[index % 2 === 0 ? 0 : 1], index < 6 ? `2026-05-${10 + index}` : `2026-06-${10 + index}`),
    ),
  );
  expect(await grants()).toEqual([
    { grantedMinutes: 240, leftMinutes: 0 },
    { grantedMinutes: 240, leftMinutes: 0 },
  ]);
});

describe.each([
  ['with the elder locked', true],
  ['should no lock hold', false],
])('%s', (_name, locks) => {
  /** What is done to a visit, without an error that says somebody else was first. */
  const does = (work: typeof useHours, visitId: number, database: Database) =>
    database
      .write(async (manager) => {
        if (locks) await lockTimes(manager, { elderIds: [elderId], caregiverIds: [] });
        await work(manager, [visitId], noon);
        return 'done';
      })
      .catch((error: Error) => error.message);

  it('a visit that is given back and used at once is one of them, and its minutes are somewhere once', async () => {
    for (let round = 0; round < 4; round++) {
      const { visitId } = await book(open.database, `2026-03-${10 + round}`);
      const works = [giveBackHours, giveBackHours, giveBackHours, giveBackHours];
      await Promise.all(works.map((work, index) => does(work, visitId, servers()[index % 2 === 0 ? 0 : 1])));
      expect(await kinds(visitId)).toEqual(['RESERVE', 'GIVE_BACK']);
      await open.database.write((manager) => manager.update(Visit, { id: visitId }, { status: 'CANCELLED' }));
    }
    expect(await grants()).toEqual([{ grantedMinutes: 240, leftMinutes: 240 }]);
  });

  it('a visit that four say was brought is used once', async () => {
    const { visitId } = await book(open.database, '2026-03-20');
    await Promise.all(
      Array.from({ length: 4 }, (_, index) => does(useHours, visitId, servers()[index % 2 === 0 ? 0 : 1])),
    );
    expect(await kinds(visitId)).toEqual(['RESERVE', 'USE']);
    await open.database.write((manager) =>
      manager.update(Visit, { id: visitId }, { startsAt: noon, endsAt: new Date(noon.getTime() + 1000) }),
    );
    await open.database.write(async (manager) => {
      await manager.query("UPDATE visit SET status = 'REQUESTED' WHERE id = ?", [visitId]);
      await manager.query('UPDATE visit_booking SET hoursMinutes = 0 WHERE visitId = ?', [visitId]);
    });
  });
});

it('a month that ends on two servers, while a visit of it is given back, loses no minute', async () => {
  const { visitId } = await book(open.database, '2026-02-10');
  await Promise.all([
    open.database.write((manager) => expireHours(manager, noon)),
    other.write((manager) => expireHours(manager, noon)),
    other.write(async (manager) => {
      await lockTimes(manager, { elderIds: [elderId], caregiverIds: [] });
      await giveBackHours(manager, [visitId], noon);
    }),
  ]);
  await open.database.write((manager) => manager.update(Visit, { id: visitId }, { status: 'CANCELLED' }));
  await open.database.write((manager) => expireHours(manager, noon));
  expect(await grants()).toEqual([{ grantedMinutes: 240, leftMinutes: 0 }]);
  const rows: { minutes: number | string }[] = await open.database.read((manager) =>
    manager.query(
      `SELECT SUM(e.minutes) AS minutes FROM hours_entry e JOIN hours_grant g ON g.id = e.ownerId
        WHERE e.account = 'EXPIRED' AND g.elderId = ?`,
      [elderId],
    ),
  );
  expect(Number(rows[0]?.minutes)).toBe(240);
});
