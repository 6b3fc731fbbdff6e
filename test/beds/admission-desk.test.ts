import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import type { Actor } from '../../src/audit-log/audit-record.js';
import { AdmissionDesk } from '../../src/beds/admission-desk.js';
import { admit } from '../../src/beds/admit.js';
import type { AdmissionWanted } from '../../src/beds/admit-together.js';
import type { AfterStay } from '../../src/elders/institution-stays.js';
import { openReviewsAfterStay } from '../../src/server/institution-stays.js';
import { addDays } from '../../src/shared/china-time.js';
import { type Database, forUpdate } from '../../src/shared/database.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { everyKind, type Wish, wantedOf } from '../support/admission-kinds.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome, addResident, allBeds, outcomeOf } from '../support/beds.js';
import { statementsOf } from '../support/count-statements.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { buildTown, countRows, noon, type Town, today } from '../support/town.js';
import { joined } from '../support/waiting.js';

let open: TestDatabase;
let second: Database;
let town: Town;
/** The same town, as another server sees it. */
let there: Town;

beforeAll(async () => {
  open = await openTestDatabase();
  ({ database: second } = await openDatabase(open.url, { identityKeys: testKeys }));
  town = await buildTown(open.database);
  there = { ...town, database: second, ids: new IdBlocks(second) };
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await second.close();
  await open.drop();
});

const actor: Actor = {
  accountId: null,
  roles: ['MANAGER'],
  address: null,
  requestId: null,
  facilityId: null,
};

/** Hands wishes to a desk at once, as requests that came together. */
async function press(server: Town, wishes: readonly Wish[], desk = deskOf(server)) {
  const firstId = await server.ids.take(wishes.length);
  const wanted = await Promise.all(wishes.map((wish) => wantedOf(town, wish)));
  return Promise.allSettled(
    wishes.map(({ reach = allBeds }, index) => {
      const write = { id: firstId + index, at: noon, actor, operation: 'admit' };
      return desk.admit({ wanted: wanted[index] as AdmissionWanted, reach, write });
    }),
  );
}

function deskOf(
  { database }: Town,
  afterStays: readonly AfterStay[] = [openReviewsAfterStay],
): AdmissionDesk {
  return new AdmissionDesk({ database, afterStays });
}

const outcomes = (results: PromiseSettledResult<object>[]) =>
  results.map((result) => (result.status === 'fulfilled' ? outcomeOf(result.value) : 'failed'));

it('what is decided together is what is decided alone, of every kind of admission', async () => {
  const [together, alone] = [await everyKind(town), await everyKind(town)];
  const pressed = await statementsOf(open.database, () =>
    press(
      town,
      together.map(({ wish }) => wish),
    ),
  );
  const begins = pressed.statements.filter((statement) => /^(START|BEGIN)/.test(statement));
  expect(begins.length).toBeLessThanOrEqual(1);
  expect(outcomes(pressed.result)).toEqual(together.map(({ is }) => is));
  for (const { wish, is } of alone) {
    const wanted = await wantedOf(town, wish);
    const answer = await open.database.write((manager) => admit(manager, wanted, wish.reach ?? allBeds));
    expect(outcomeOf(answer)).toBe(is);
  }
  const rowsOf = async (kinds: typeof together) =>
    open.database.read((manager) =>
      manager.query(
        `SELECT CAST(fromDay AS CHAR) AS fromDay, CAST(trialEndsOn AS CHAR) AS trialEndsOn,
                (SELECT COUNT(*) FROM bed_hold h WHERE h.elderId = s.elderId AND h.endKind = 'ADMITTED') AS admitted,
                (SELECT COUNT(*) FROM bed_hold h WHERE h.elderId = s.elderId AND h.endKind = 'RELEASED') AS released,
                (SELECT COUNT(*) FROM bed_request q WHERE q.rowId = s.id AND q.operation = 'ADMIT') AS requests,
                (SELECT COUNT(*) FROM waitlist_pass p WHERE p.id = s.id) AS passes
           FROM bed_stay s WHERE s.elderId IN (${kinds.map(({ wish }) => wish.elderId).join(', ')}) ORDER BY s.elderId`,
      ),
    );
  const rows = await rowsOf(together);
  expect(rows).toHaveLength(together.filter(({ is }) => is === 'done').length + 1);
  expect(rows).toEqual(await rowsOf(alone));
});

it('many at once ask as many questions as two do', async () => {
  const homeId = await addHome(town);
  const asked = async (count: number) => {
    const bedIds = await addBeds(
      town,
      homeId,
      Array.from({ length: count }, () => ({})),
    );
    const wishes: Wish[] = [];
    for (const bedId of bedIds) wishes.push({ bedId, elderId: await addResident(town) });
    const { result, statements } = await statementsOf(open.database, () => press(town, wishes));
    expect(outcomes(result)).toEqual(bedIds.map(() => 'done'));
    return statements.map((statement) => statement.slice(0, 30));
  };
  const few = await asked(2);
  expect(await asked(40)).toEqual(few);
  // SQLite's rows are inserted by prepared statements, which are not counted.
  expect(few.length).toBeLessThanOrEqual(12);
});

it('each has its own record in the audit log', async () => {
  const homeId = await addHome(town);
  const bedIds = await addBeds(town, homeId, [{}, {}]);
  const wishes = [];
  for (const bedId of bedIds) wishes.push({ bedId, elderId: await addResident(town) });
  const before = await countRows(open, "audit_record WHERE operation = 'admit' AND result = 'DONE'");
  const refused = await countRows(open, "audit_record WHERE operation = 'admit' AND result = 'BED_NOT_FREE'");
  await press(town, [...wishes, { bedId: 999_999, elderId: await addResident(town) }]);
  expect(await countRows(open, "audit_record WHERE operation = 'admit' AND result = 'DONE'")).toBe(
    before + 2,
  );
  expect(await countRows(open, "audit_record WHERE operation = 'admit' AND result = 'BED_NOT_FREE'")).toBe(
    refused + 1,
  );
});

it('one that fails spoils none of its neighbours', async () => {
  const homeId = await addHome(town);
  const bedIds = await addBeds(town, homeId, [{}, {}, {}]);
  const elderIds = await Promise.all(bedIds.map(() => addResident(town)));
  const faulty: AfterStay = async (_manager, days) => {
    if (days.some(({ elderId }) => elderId === elderIds[1])) throw new Error('a fault that nobody foresaw');
  };
  const wishes = bedIds.map((bedId, index) => ({ bedId, elderId: elderIds[index] ?? 0 }));
  const results = await press(town, wishes, deskOf(town, [faulty]));
  expect(outcomes(results)).toEqual(['done', 'failed', 'done']);
  expect(await countRows(open, `bed_stay WHERE facilityId = ${homeId}`)).toBe(2);
  expect(
    await countRows(open, `bed_request q JOIN bed_stay s ON s.id = q.rowId AND s.facilityId = ${homeId}`),
  ).toBe(2);
});

it('ten elders, eight beds and two servers, each elder and each bed wanted many times: none twice', async () => {
  for (let round = 0; round < (engine === 'mysql' ? 4 : 2); round += 1) {
    const homeId = await addHome(town);
    const bedIds = await addBeds(
      town,
      homeId,
      Array.from({ length: 8 }, () => ({})),
    );
    const elderIds = await Promise.all(Array.from({ length: 10 }, () => addResident(town)));
    const all = bedIds.flatMap((bedId) => elderIds.map((elderId) => ({ bedId, elderId })));
    const desks = [town, there].map((server) => deskOf(server));
    const results = await Promise.all(
      [town, there].map((server, index) =>
        press(server, index === 0 ? all : [...all].reverse(), desks[index] as AdmissionDesk),
      ),
    );
    const told = results.flatMap(outcomes);
    expect(told.filter((each) => each === 'done')).toHaveLength(8);
    expect(told.filter((each) => !['done', 'BED_NOT_FREE', 'ELDER_HAS_BED'].includes(each))).toEqual([]);
    expect(await countRows(open, `bed_stay WHERE facilityId = ${homeId}`)).toBe(8);
  }
});

it('a storm of one request at two servers is one stay, and everybody is told of it', async () => {
  const [bedId = 0] = await addBeds(town, await addHome(town), [{}]);
  const elderId = await addResident(town);
  const wish = { bedId, elderId, more: { requestId: randomUUID() } };
  const storm = Array.from({ length: 30 }, () => wish);
  const results = (await Promise.all([press(town, storm), press(there, storm)])).flat();
  expect(new Set(outcomes(results))).toEqual(new Set(['done']));
  const ids = results.map((result) =>
    result.status === 'fulfilled' && 'id' in result.value ? result.value.id : 0,
  );
  expect(new Set(ids).size).toBe(1);
  expect(await countRows(open, `bed_stay WHERE elderId = ${elderId}`)).toBe(1);
});

it('the first two in line may come into two beds at once', async () => {
  const homeId = await addHome(town);
  const bedIds = await addBeds(town, homeId, [{}, {}]);
  const elderIds = await Promise.all(bedIds.map(() => addResident(town)));
  for (const elderId of elderIds) await joined(town, { elderId, facilityId: homeId });
  const wishes = bedIds.map((bedId, index) => ({ bedId, elderId: elderIds[index] ?? 0 }));
  expect(outcomes(await press(town, wishes))).toEqual(['done', 'done']);
  expect(await countRows(open, `waitlist_entry WHERE facilityId = ${homeId} AND endKind = 'ADMITTED'`)).toBe(
    2,
  );
});

it('those who ask on either side of midnight are each decided by their own day', async () => {
  const homeId = await addHome(town);
  const bedIds = await addBeds(town, homeId, [{}, {}]);
  const elderIds = await Promise.all(bedIds.map(() => addResident(town)));
  // 23:59:59.999 and 00:00 in China.
  const midnight = Date.parse(`${addDays(today, 1)}T00:00:00+08:00`);
  const results = await press(town, [
    { bedId: bedIds[0] ?? 0, elderId: elderIds[0] ?? 0, more: { from: today, now: new Date(midnight - 1) } },
    {
      bedId: bedIds[1] ?? 0,
      elderId: elderIds[1] ?? 0,
      more: { from: addDays(today, 1), now: new Date(midnight) },
    },
  ]);
  const states = results.map(
    (result) => result.status === 'fulfilled' && 'state' in result.value && result.value.state,
  );
  expect(states).toEqual(['OCCUPIED', 'OCCUPIED']);
});

it('a home that closes while one of its beds waits for another of the batch takes nobody in', async () => {
  const [homeId, closing] = [await addHome(town), await addHome(town)];
  const [bedId = 0] = await addBeds(town, homeId, [{}]);
  const [closingBed = 0] = await addBeds(town, closing, [{}]);
  const elderIds = [await addResident(town), await addResident(town)];
  let pressed: ReturnType<typeof press> | undefined;
  await second.write(async (manager) => {
    // As whoever closes a facility does it: its beds are locked before it is looked who has them.
    await manager.query(`SELECT id FROM bed WHERE facilityId = ?${forUpdate(manager)}`, [closing]);
    pressed ??= press(town, [
      { bedId, elderId: elderIds[0] ?? 0 },
      { bedId: closingBed, elderId: elderIds[1] ?? 0 },
    ]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await manager.query('UPDATE facility SET closedOn = ? WHERE id = ?', [addDays(today, 1), closing]);
  });
  expect(outcomes((await pressed) ?? [])).toEqual(['done', 'BED_NOT_FREE']);
});
