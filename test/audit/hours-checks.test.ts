import { afterAll, beforeAll, expect, it } from 'vitest';
import { runChecks } from '../../src/shared/audit-check.js';
import { hoursChecks } from '../../src/visits/audit-hours.js';
import { useHours } from '../../src/visits/hours-book.js';
import { misplacedHours } from '../../src/visits/misplaced-hours.js';
import { expectAuditClean } from '../support/audited.js';
import { addService, approveHours, bookIn } from '../support/hours.js';
import { hoursRules } from '../support/hours-cases.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, noon } from '../support/town.js';

let open: TestDatabase;
let reserved = { visitId: 0, hoursMinutes: 0 };
let used = 0;
let grantId = 0;
let otherElder = 0;
let stationId = 0;

beforeAll(async () => {
  open = await openTestDatabase();
  const town = await buildTown(open.database);
  ({ stationId } = town);
  const serviceId = await addService(open.database);
  await approveHours(
    open.database,
    town.countyId,
    hoursRules([{ minutes: 90, pays: { kind: 'PER_HOUR', fen: 4000 } }]),
  );
  const { elderId } = await addDiner(town);
  ({ elderId: otherElder } = await addDiner(town));
  const book = (day: string) =>
    open.database.write((manager) => bookIn(manager, { elderId, serviceId, stationId, day }));
  ({ visitId: used } = await book('2026-03-12'));
  await open.database.write(async (manager) => {
    await useHours(manager, [used], noon);
    // Brought, but for the caregiver, whom this is not about.
    await manager.query('UPDATE visit_booking SET hoursMinutes = 0 WHERE visitId = ?', [used]);
  });
  reserved = await book('2026-03-13');
  [{ id: grantId }] = await open.database.read((manager) => manager.query('SELECT id FROM hours_grant'));
  await expectAuditClean(open.database);
});
afterAll(() => open.drop());

async function broken(): Promise<number[]> {
  const said: string[] = [];
  await open.database.read((manager) => runChecks(manager, hoursChecks, (line) => said.push(line)));
  const names = said.filter((line) => line.startsWith('BROKEN')).map((line) => line.slice('BROKEN '.length));
  return names.map((name) => hoursChecks.findIndex((check) => check.name === name));
}

const postingOf = (kind: string, visitId: number) =>
  `(SELECT p.id FROM hours_posting p WHERE p.kind = '${kind}' AND p.visitId = ${visitId})`;
const entry = (kind: string, visitId: number, account: string) =>
  `WHERE postingId = ${postingOf(kind, visitId)} AND account = '${account}'`;

it.each<[what: string, change: () => [sql: string, undo: string], found: number[]]>([
  [
    'a posting that does not balance',
    () => {
      const where = entry('USE', used, 'FAMILY');
      return [
        `UPDATE hours_entry SET fen = fen - 1 ${where}`,
        `UPDATE hours_entry SET fen = fen + 1 ${where}`,
      ];
    },
    [0, 7],
  ],
  [
    "a kept sum that is not the ledger's",
    () => [
      `UPDATE hours_grant SET leftMinutes = leftMinutes + 1 WHERE id = ${grantId}`,
      `UPDATE hours_grant SET leftMinutes = leftMinutes - 1 WHERE id = ${grantId}`,
    ],
    [1],
  ],
  [
    'minutes below zero',
    () => {
      const where = entry('RESERVE', reserved.visitId, 'RESERVED');
      const both = `UPDATE hours_entry SET account = 'EXPIRED', minutes = -minutes ${where}`;
      return [
        both,
        both.replace("'EXPIRED'", "'RESERVED'").replace(/account = 'RESERVED'$/, "account = 'EXPIRED'"),
      ];
    },
    [0, 2, 6],
  ],
  [
    'money in the account of another station',
    () => {
      const where = entry('USE', used, 'STATION_RECEIVABLE');
      return [
        `UPDATE hours_entry SET ownerId = ownerId + 1 ${where}`,
        `UPDATE hours_entry SET ownerId = ownerId - 1 ${where}`,
      ];
    },
    [3],
  ],
  [
    'a funder that is not there',
    () => {
      const where = entry('USE', used, 'FUNDER');
      return [
        `UPDATE hours_entry SET ownerId = ownerId + 1000 ${where}`,
        `UPDATE hours_entry SET ownerId = ownerId - 1000 ${where}`,
      ];
    },
    [3],
  ],
  [
    'hours of somebody else',
    () => [
      `UPDATE hours_grant SET elderId = ${otherElder} WHERE id = ${grantId}`,
      `UPDATE hours_grant SET elderId = (SELECT v.elderId FROM visit v WHERE v.id = ${used}) WHERE id = ${grantId}`,
    ],
    [4],
  ],
  [
    'a correction of what was never used',
    () => [
      `UPDATE hours_posting SET kind = 'CORRECT' WHERE visitId = ${reserved.visitId}`,
      `UPDATE hours_posting SET kind = 'RESERVE' WHERE visitId = ${reserved.visitId}`,
    ],
    [5],
  ],
  [
    'a visit that was called off and kept its hours',
    () => [
      `UPDATE visit SET status = 'CANCELLED' WHERE id = ${reserved.visitId}`,
      `UPDATE visit SET status = 'REQUESTED' WHERE id = ${reserved.visitId}`,
    ],
    [6],
  ],
  [
    'a visit that says less was agreed than is reserved',
    () => [
      `UPDATE visit_booking SET hoursMinutes = 10 WHERE visitId = ${reserved.visitId}`,
      `UPDATE visit_booking SET hoursMinutes = ${reserved.hoursMinutes} WHERE visitId = ${reserved.visitId}`,
    ],
    [6],
  ],
  [
    'a family that owes another sum than the visit says',
    () => {
      return [
        `UPDATE visit SET selfPaidFen = selfPaidFen + 1 WHERE id = ${used}`,
        `UPDATE visit SET selfPaidFen = selfPaidFen - 1 WHERE id = ${used}`,
      ];
    },
    [7],
  ],
])('%s is found', async (_what, change, found) => {
  expect(await broken()).toEqual([]);
  const [sql, undo] = change();
  const run = (statement: string) => open.database.write((manager) => manager.query(statement));
  await run(sql);
  expect(await broken()).toEqual(found);
  await run(undo);
  expect(await broken()).toEqual([]);
});

it('the tables refuse by themselves a second use, a step without its turn, and minutes overdrawn', async () => {
  const refused = (sql: string) =>
    expect(open.database.write((manager) => manager.query(sql))).rejects.toThrow(/constraint|duplicate/i);
  const columns = 'kind, visitId, grantId, step, elderId, stationId, bookedOn, postedAt';
  const posting = (kind: string, step: number) =>
    `INSERT INTO hours_posting (${columns}) SELECT '${kind}', id, NULL, ${step}, elderId, stationId, '2026-03-10', 0 FROM visit WHERE id = ${used}`;
  await refused(posting('USE', 2));
  await refused(posting('USE', 3));
  await refused(posting('RESERVE', 4));
  await refused(posting('GRANT', 4));
  await refused(`UPDATE hours_grant SET leftMinutes = -1 WHERE id = ${grantId}`);
  await refused(`UPDATE hours_grant SET leftMinutes = grantedMinutes + 1 WHERE id = ${grantId}`);
});

it('hours of another month than the visit’s are found', async () => {
  const misplaced = () =>
    open.database.read(async (manager) => {
      const found: object[] = [];
      for await (const each of misplacedHours(manager)) found.push(each);
      return found;
    });
  const moved = (days: number) =>
    open.database.write((manager) =>
      manager.query('UPDATE visit SET startsAt = startsAt + ?, endsAt = endsAt + ? WHERE id = ?', [
        days * 86_400_000,
        days * 86_400_000,
        reserved.visitId,
      ]),
    );
  expect(await misplaced()).toEqual([]);
  await moved(30);
  expect(await misplaced()).toEqual([
    { visitId: reserved.visitId, day: '2026-04-12', grantId, fromDay: '2026-03-01', toDay: '2026-04-01' },
  ]);
  await moved(-30);
  expect(await misplaced()).toEqual([]);
});
