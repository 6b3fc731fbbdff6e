import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import type { Database } from '../../src/shared/database.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome, addResident, outcomeOf, tryAdmit } from '../support/beds.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { buildTown, countRows, type Town } from '../support/town.js';
import {
  addApplicant,
  after,
  joined,
  placed,
  tryAccept,
  tryDecline,
  tryJoin,
  tryOffer,
} from '../support/waiting.js';

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

const rounds = 6;
const servers = (count: number) =>
  Array.from({ length: count }, (_, index) => (index % 2 === 0 ? town : there));

/** A home with free beds and as many in line, the first of whom has an offer. */
async function scene(beds: number, waiting: number) {
  const home = await addHome(town);
  const bedIds = await addBeds(
    town,
    home,
    Array.from({ length: beds }, () => ({})),
  );
  const elderIds: number[] = [];
  for (let place = 0; place < waiting; place += 1) {
    const elderId = await addApplicant(town);
    await joined(town, { elderId, facilityId: home, now: after(place / 100) });
    elderIds.push(elderId);
  }
  return { home, bedIds, elderIds };
}

async function offerOf(bedId: number): Promise<number> {
  return placed(await tryOffer(town, { bedId, now: after(1) })).offer?.id ?? 0;
}

it('an offer accepted by four at once at two servers is one stay', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { bedIds, elderIds } = await scene(1, 1);
    const offerId = await offerOf(bedIds[0] ?? 0);
    const results = await Promise.all(
      servers(4).map((server) => tryAccept(server, offerId, { now: after(2) })),
    );
    expect(results.map(outcomeOf).sort()).toEqual(['WRONG_STATE', 'WRONG_STATE', 'WRONG_STATE', 'done']);
    expect(await countRows(open, `bed_stay WHERE elderId = ${elderIds[0]}`)).toBe(1);
  }
});

it('an offer accepted and declined at once is one of the two', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { bedIds, elderIds } = await scene(1, 1);
    const offerId = await offerOf(bedIds[0] ?? 0);
    const [accepted, declined] = await Promise.all([
      tryAccept(town, offerId, { now: after(2) }),
      tryDecline(there, offerId, after(2)),
    ]);
    expect([accepted, declined].map(outcomeOf).sort()).toEqual(['WRONG_STATE', 'done']);
    const stays = outcomeOf(accepted) === 'done' ? 1 : 0;
    expect(await countRows(open, `bed_stay WHERE elderId = ${elderIds[0]}`)).toBe(stays);
    expect(await countRows(open, `bed_offer WHERE id = ${offerId} AND declinedAt IS NOT NULL`)).toBe(
      1 - stays,
    );
  }
});

it('an offer accepted at its last instant, while the bed is offered on: the one who comes too late has none', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { bedIds, elderIds } = await scene(1, 2);
    const offerId = await offerOf(bedIds[0] ?? 0);
    const [late, on] = await Promise.all([
      tryAccept(town, offerId, { now: after(73) }),
      tryOffer(there, { bedId: bedIds[0] ?? 0, now: after(73) }),
    ]);
    expect(outcomeOf(late)).toBe('HOLD_EXPIRED');
    expect(placed(on).elderId).toBe(elderIds[1]);
  }
});

it('four beds offered at once at two servers go to the first four in line, each one', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { bedIds, elderIds } = await scene(4, 6);
    const results = await Promise.all(
      bedIds.map((bedId, index) => tryOffer(servers(4)[index] as Town, { bedId, now: after(1) })),
    );
    const given = results.map((result) => placed(result).elderId);
    expect(given.sort((a, b) => a - b)).toEqual(elderIds.slice(0, 4));
  }
});

it('two beds offered at once to one elder by name: one of them', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { bedIds, elderIds } = await scene(2, 1);
    const entry = await joinedEntry(elderIds[0] ?? 0);
    const results = await Promise.all(
      bedIds.map((bedId, index) =>
        tryOffer(servers(2)[index] as Town, { bedId, entryId: entry, now: after(1) }),
      ),
    );
    expect(results.map(outcomeOf).sort()).toEqual(['ELDER_HAS_BED', 'done']);
  }
});

async function joinedEntry(elderId: number): Promise<number> {
  const [row] = await open.database.read((manager) =>
    manager.query('SELECT id FROM waitlist_entry WHERE openElderId = ?', [elderId]),
  );
  return Number(row.id);
}

it('one bed offered four times at once is offered once', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { bedIds } = await scene(1, 3);
    const results = await Promise.all(
      servers(4).map((server) => tryOffer(server, { bedId: bedIds[0] ?? 0, now: after(1) })),
    );
    expect(results.filter((result) => outcomeOf(result) === 'done')).toHaveLength(1);
    expect(await countRows(open, `bed_offer WHERE bedId = ${bedIds[0]}`)).toBe(1);
  }
});

it('one request to join, sent to two servers four times at once, is one place in line', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { home } = await scene(1, 0);
    const joining = { elderId: await addApplicant(town), facilityId: home, requestId: randomUUID() };
    const results = await Promise.all(servers(4).map((server) => tryJoin(server, joining)));
    expect(new Set(results.map((result) => placed(result).id)).size).toBe(1);
    const others = await Promise.all(
      servers(4).map(async (server) => tryJoin(server, { ...joining, requestId: randomUUID() })),
    );
    expect(others.map(outcomeOf)).toEqual(Array(4).fill('WRONG_STATE'));
  }
});

it('an offer taken while somebody past the line is admitted: the bed has one of them', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { bedIds, elderIds } = await scene(1, 1);
    const bedId = bedIds[0] ?? 0;
    const offerId = await offerOf(bedId);
    const [accepted, admission] = await Promise.all([
      tryAccept(town, offerId, { now: after(2) }),
      tryAdmit(there, { bedId, elderId: await addResident(town), now: after(2) }),
    ]);
    expect([accepted, admission].map(outcomeOf)).toEqual(['done', 'BED_NOT_FREE']);
    expect(await countRows(open, `bed_stay WHERE bedId = ${bedId} AND elderId = ${elderIds[0]}`)).toBe(1);
  }
});
