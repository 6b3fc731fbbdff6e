import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { closeBed } from '../../src/beds/close-bed.js';
import { discharge } from '../../src/beds/discharge.js';
import { endStaysAfterEnd } from '../../src/beds/end-stays-after-end.js';
import { startLeave } from '../../src/beds/leave-stay.js';
import { transferStay } from '../../src/beds/transfer-stay.js';
import { endElder } from '../../src/elders/end-elder.js';
import type { Database } from '../../src/shared/database.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addBeds,
  addHome,
  addResident,
  admitted,
  allBeds,
  outcomeOf,
  tryAdmit,
  tryHold,
} from '../support/beds.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { buildTown, countRows, noon, type Town, today } from '../support/town.js';

let open: TestDatabase;
let second: Database;
let town: Town;
/** The same town, as another server sees it. */
let there: Town;
let homeId: number;

beforeAll(async () => {
  open = await openTestDatabase();
  ({ database: second } = await openDatabase(open.url, { identityKeys: testKeys }));
  town = await buildTown(open.database);
  there = { ...town, database: second, ids: new IdBlocks(second) };
  homeId = await addHome(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await second.close();
  await open.drop();
});

const servers = (): [Town, Town] => [town, there];
const newBed = async () => (await addBeds(town, homeId, [{}]))[0] as number;
const rounds = 6;

it('eight managers at two servers press for one bed: one gets it, and seven are told which is taken', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const bedId = await newBed();
    const elderIds = await Promise.all(Array.from({ length: 8 }, () => addResident(town)));
    const results = await Promise.all(
      elderIds.map((elderId, index) => tryAdmit(servers()[index % 2] as Town, { bedId, elderId })),
    );
    expect(results.map(outcomeOf).sort()).toEqual([...Array(7).fill('BED_NOT_FREE'), 'done']);
    for (const result of results) {
      if ('refused' in result) expect(result.message.en).toMatch(/一号楼, room R0-\w+, bed A is taken from/);
    }
    expect(await countRows(open, `bed_stay WHERE bedId = ${bedId}`)).toBe(1);
  }
});

it('an elder for whom six beds are pressed at two servers has one of them', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const elderId = await addResident(town);
    const bedIds = await addBeds(
      town,
      homeId,
      Array.from({ length: 6 }, () => ({})),
    );
    const results = await Promise.all(
      bedIds.map((bedId, index) => tryAdmit(servers()[index % 2] as Town, { bedId, elderId })),
    );
    expect(results.map(outcomeOf).sort()).toEqual(
      ['ELDER_HAS_BED', 'ELDER_HAS_BED', 'ELDER_HAS_BED', 'ELDER_HAS_BED', 'ELDER_HAS_BED', 'done'].sort(),
    );
    expect(await countRows(open, `bed_stay WHERE elderId = ${elderId}`)).toBe(1);
  }
});

it('a hold and an admission of another at once: one of the two', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const bedId = await newBed();
    const [held, admission] = await Promise.all([
      tryHold(town, { bedId, elderId: await addResident(town) }),
      tryAdmit(there, { bedId, elderId: await addResident(town) }),
    ]);
    expect([held, admission].map(outcomeOf).sort()).toEqual(['BED_NOT_FREE', 'done']);
  }
});

it('one request sent to two servers at once is one stay, and both are told of it', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const wish = { bedId: await newBed(), elderId: await addResident(town), requestId: randomUUID() };
    const results = await Promise.all([...servers(), ...servers()].map((server) => tryAdmit(server, wish)));
    const ids = results.map((result) => ('refused' in result ? result.refused : result.id));
    expect(new Set(ids).size).toBe(1);
    expect(results.map(outcomeOf)).toEqual(['done', 'done', 'done', 'done']);
    expect(await countRows(open, `bed_stay WHERE elderId = ${wish.elderId}`)).toBe(1);
  }
});

it('one request id that asks for two things at once is one of them', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const requestId = randomUUID();
    const results = await Promise.all(
      [town, there].map(async (server) =>
        tryAdmit(server, { bedId: await newBed(), elderId: await addResident(town), requestId }),
      ),
    );
    expect(results.map(outcomeOf).sort()).toEqual(['REQUEST_ID_REUSED', 'done']);
  }
});

it('two residents who swap into each other’s beds, and two who want one, wait for nobody for ever', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const [first = 0, other = 0, free = 0] = await addBeds(town, homeId, [{}, {}, {}]);
    const stays = await Promise.all(
      [first, other].map(async (bedId) =>
        admitted(town, { bedId, elderId: await addResident(town), from: '2026-03-01' }),
      ),
    );
    const move = (server: Town, stayId: number, bedId: number) => moved(server, { stayId, bedId, on: today });
    const swapped = await Promise.all([
      move(town, stays[0]?.id ?? 0, other),
      move(there, stays[1]?.id ?? 0, first),
    ]);
    expect(swapped.map(outcomeOf)).toEqual(['BED_NOT_FREE', 'BED_NOT_FREE']);
    const wanting = await Promise.all([
      move(town, stays[0]?.id ?? 0, free),
      move(there, stays[1]?.id ?? 0, free),
    ]);
    expect(wanting.map(outcomeOf).sort()).toEqual(['BED_NOT_FREE', 'done']);
    expect(await countRows(open, `bed_stay WHERE openBedId IN (${first}, ${other}, ${free})`)).toBe(2);
  }
});

async function moved(server: Town, wanted: { stayId: number; bedId: number; on: string }) {
  const id = await server.ids.take(1);
  const acting = { byId: town.managerId, now: noon };
  return server.database.write((manager) =>
    transferStay(manager, { id, requestId: randomUUID(), ...wanted, ...acting }, allBeds),
  );
}

it('discharged twice at once, moved and discharged, sent on leave and discharged: each happens once', async () => {
  const acting = { byId: town.managerId, now: noon };
  for (let round = 0; round < rounds; round += 1) {
    const bedId = await newBed();
    const { id: stayId } = await admitted(town, {
      bedId,
      elderId: await addResident(town),
      from: '2026-03-01',
    });
    const end = (server: Town) =>
      server.database.write((manager) =>
        discharge(manager, { stayId, on: today, reason: 'HOME', note: null, ...acting }, allBeds),
      );
    const leaveId = await there.ids.take(1);
    const leave = there.database.write((manager) =>
      startLeave(
        manager,
        { id: leaveId, stayId, on: '2026-03-09', kind: 'HOME', expectedBackOn: null, ...acting },
        allBeds,
      ),
    );
    const [one, other, away] = await Promise.all([end(town), end(there), leave]);
    expect([one, other].map(outcomeOf).sort()).toEqual(['WRONG_STATE', 'done']);
    expect(['done', 'WRONG_STATE']).toContain(outcomeOf(away));
    const open_ = await countRows(open, `stay_leave WHERE stayId = ${stayId} AND openStayId IS NOT NULL`);
    expect(open_).toBe(0);
    expect(await countRows(open, `stay_leave WHERE stayId = ${stayId}`)).toBe(
      outcomeOf(away) === 'done' ? 1 : 0,
    );
  }
});

it('a death that is entered while the elder is admitted ends the stay, or comes before it', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const bedId = await newBed();
    const elderId = await addResident(town);
    const ending = { elderId, status: 'DECEASED' as const, on: today };
    const [admission, ended] = await Promise.all([
      tryAdmit(town, { bedId, elderId, from: '2026-03-05' }),
      second.write((manager) =>
        endElder(manager, ending, 'everywhere', today, [endStaysAfterEnd({ now: () => noon })]),
      ),
    ]);
    expect(outcomeOf(ended)).toBe('done');
    expect(['done', 'ELDER_NOT_ACTIVE']).toContain(outcomeOf(admission));
    expect(await countRows(open, `bed_stay WHERE elderId = ${elderId} AND toDay IS NULL`)).toBe(0);
    const left = await countRows(open, `bed_stay WHERE elderId = ${elderId} AND endReason = 'FILE_ENDED'`);
    expect(left).toBe(outcomeOf(admission) === 'done' ? 1 : 0);
  }
});

it('a bed is closed or given, when both are said at once', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const bedId = await newBed();
    const closing = {
      bedId,
      from: today,
      to: null,
      reason: 'REPAIR' as const,
      byId: town.managerId,
      now: noon,
    };
    const [admission, closed] = await Promise.all([
      tryAdmit(town, { bedId, elderId: await addResident(town) }),
      second.write((manager) => closeBed(manager, closing, 'everywhere')),
    ]);
    expect([admission, closed].map(outcomeOf).sort()).toEqual(['BED_NOT_FREE', 'done']);
  }
});

it('a hold that expires is free for all at that instant, and one of those who press then has the bed', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const bedId = await newBed();
    const holder = await addResident(town);
    const expiresAt = new Date(noon.getTime() + 3_600_000);
    expect(outcomeOf(await tryHold(town, { bedId, elderId: holder, expiresAt }))).toBe('done');
    const before = new Date(expiresAt.getTime() - 1);
    const other = await addResident(town);
    expect(outcomeOf(await tryAdmit(there, { bedId, elderId: other, now: before }))).toBe('BED_NOT_FREE');
    const results = await Promise.all([
      tryAdmit(town, { bedId, elderId: holder, now: expiresAt }),
      tryAdmit(there, { bedId, elderId: other, now: expiresAt }),
    ]);
    expect(results.map(outcomeOf).sort()).toEqual(['BED_NOT_FREE', 'done']);
  }
});
