import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { closeBed } from '../../src/beds/close-bed.js';
import { discharge } from '../../src/beds/discharge.js';
import { releaseHold } from '../../src/beds/hold-bed.js';
import { freeBedsMax, offerFreeBeds } from '../../src/beds/offer-free-beds.js';
import { passOffersOn } from '../../src/beds/pass-offers-on.js';
import { setFreeBedsOffered, setOffersPassOn } from '../../src/beds/set-waitlist-rules.js';
import type { Scope } from '../../src/network/scope.js';
import type { Database } from '../../src/shared/database.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { recordsOf } from '../support/audit-trail.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome, addResident, admitted, allBeds, outcomeOf, tryHold } from '../support/beds.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { buildTown, countRows, type Town, today } from '../support/town.js';
import { addApplicant, after, joined, placed, tryAccept, tryDecline, tryOffer } from '../support/waiting.js';

let open: TestDatabase;
let second: Database;
let town: Town;
/** The same town, as another server sees it. */
let there: Town;
let home: number;

beforeAll(async () => {
  open = await openTestDatabase();
  ({ database: second } = await openDatabase(open.url, { identityKeys: testKeys }));
  town = await buildTown(open.database);
  there = { ...town, database: second, ids: new IdBlocks(second) };
});
/** A home of its own for each, and none but it offers its beds by itself. */
beforeEach(async () => {
  await open.database.write((manager) => manager.query('UPDATE waitlist_line SET offersFreeById = NULL'));
  home = await addHome(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await second.close();
  await open.drop();
});

const say = (offersFree: boolean, scope: Scope = 'everywhere', facilityId = home) =>
  open.database.write((manager) =>
    setFreeBedsOffered(
      manager,
      { facilityId, type: 'GENERAL', offersFree, byId: town.managerId, now: after(0) },
      scope,
    ),
  );

/** Elders in line, in their order, at a home that offers free beds by itself. */
async function line(count: number, wish: { gender?: 'FEMALE' | 'MALE' } = {}): Promise<number[]> {
  const waiting: number[] = [];
  for (let place = 0; place < count; place += 1) {
    const elderId = await addApplicant(town, wish);
    await joined(town, { elderId, facilityId: home, now: after(place / 100) });
    waiting.push(elderId);
  }
  await say(true);
  return waiting;
}

/** Rounds until all beds were looked at; how many were offered. */
async function offerAll(hours: number, server = town): Promise<number> {
  let [count, afterBedId] = [0, 0];
  do {
    const { database, ids } = server;
    const round = await offerFreeBeds(database, { ids, now: after(hours), afterBedId });
    count += round.offerIds.length;
    ({ afterBedId } = round);
  } while (afterBedId !== 0);
  return count;
}

async function offeredTo(bedId: number): Promise<number[]> {
  const rows: { elderId: number }[] = await open.database.read((manager) =>
    manager.query('SELECT elderId FROM bed_offer WHERE bedId = ? ORDER BY offeredAt, id', [bedId]),
  );
  return rows.map(({ elderId }) => elderId);
}

it('a bed that a discharge makes free is offered to the next in line, once, and with a record', async () => {
  const [bedId = 0] = await addBeds(town, home, [{}]);
  const elderId = await addResident(town);
  const { id: stayId } = await admitted(town, { bedId, elderId, from: '2026-03-09' });
  const [first, next] = await line(2);
  expect(await offerAll(1)).toBe(0);
  const leaving = { stayId, on: today, reason: 'HOME', note: null, byId: town.managerId, now: after(1) };
  expect(outcomeOf(await open.database.write((manager) => discharge(manager, leaving, allBeds)))).toBe(
    'done',
  );
  expect(await offerAll(2)).toBe(1);
  expect(await offerAll(2)).toBe(0);
  expect(await offeredTo(bedId)).toEqual([first]);
  expect(await countRows(open, `elder_notice WHERE elderId = ${first}`)).toBe(1);
  const records = await recordsOf(open.database);
  expect(records.filter(({ operation }) => operation === 'offerFreeBed')).toEqual([
    expect.objectContaining({ accountId: null, facilityId: home, elderId: first, result: 'DONE' }),
  ]);
  // What was not taken passes on as every offer does.
  await passOffersOn(open.database, { ids: town.ids, now: after(80) });
  expect(await offeredTo(bedId)).toEqual([first, next]);
});

it('each of several free beds goes to another, and whom none suits goes on waiting', async () => {
  const [forMen = 0, one = 0, other = 0, more = 0] = await addBeds(town, home, [
    { gender: 'MALE' },
    {},
    {},
    {},
  ]);
  const women = await line(2);
  expect(await offerAll(1)).toBe(2);
  expect([await offeredTo(one), await offeredTo(other)].flat()).toEqual(women);
  expect([await offeredTo(forMen), await offeredTo(more)].flat()).toEqual([]);
  const man = await addApplicant(town, { gender: 'MALE' });
  await joined(town, { elderId: man, facilityId: home, now: after(1) });
  expect(await offerAll(2)).toBe(1);
  expect(await offeredTo(forMen)).toEqual([man]);
});

it('a bed that is not free for good, or in no such line, is offered to nobody', async () => {
  const [taken = 0, held = 0, closed = 0, nursing = 0, later = 0] = await addBeds(town, home, [
    {},
    {},
    {},
    { type: 'NURSING' },
    { inServiceFrom: '2026-12-01' },
  ]);
  await admitted(town, { bedId: taken, elderId: await addResident(town), from: '2026-03-20' });
  await tryHold(town, { bedId: held, elderId: await addResident(town) });
  const closing = { bedId: closed, from: '2026-03-18', to: null, reason: 'REPAIR' as const };
  await open.database.write((manager) =>
    closeBed(manager, { ...closing, byId: town.managerId, now: after(0) }, 'everywhere'),
  );
  await line(4);
  expect(await offerAll(1)).toBe(0);
  // The hold expires by itself, and then its bed is free.
  expect(await offerAll(25)).toBe(1);
  expect(await countRows(open, `bed_offer WHERE bedId IN (${[taken, closed, nursing, later]})`)).toBe(0);
});

it('an offer that the facility took back, or that waits for a manager, is the facility’s to make again', async () => {
  const [bedId = 0] = await addBeds(town, home, [{}]);
  const [first = 0, next = 0] = await line(3);
  expect(await offerAll(1)).toBe(1);
  const [offer] = await open.database.read((manager) =>
    manager.query('SELECT id FROM bed_offer WHERE bedId = ?', [bedId]),
  );
  const releasing = { id: Number(offer.id), byId: town.managerId, now: after(2) };
  await open.database.write((manager) => releaseHold(manager, releasing, allBeds));
  expect(await offerAll(3)).toBe(0);
  // Who was told in vain let nothing pass: the bed is not given past them.
  const again = placed(await tryOffer(town, { bedId, now: after(4) }));
  expect(again.elderId).toBe(first);
  await open.database.write((manager) =>
    setOffersPassOn(
      manager,
      { facilityId: home, type: 'GENERAL', passesOn: false, now: after(4) },
      'everywhere',
    ),
  );
  await tryDecline(town, again.offer?.id ?? 0, after(5));
  // Until it was looked at whether it passes on, and after.
  expect(await offerAll(5)).toBe(0);
  await passOffersOn(open.database, { ids: town.ids, now: after(5) });
  expect(await offerAll(6)).toBe(0);
  const byHand = placed(await tryOffer(town, { bedId, now: after(7) }));
  expect(byHand.elderId).toBe(next);
  expect(outcomeOf(await tryAccept(town, byHand.offer?.id ?? 0, { now: after(8) }))).toBe('done');
});

it('whoever is in line later is offered a bed that nobody wanted', async () => {
  const [bedId = 0] = await addBeds(town, home, [{}]);
  await line(1);
  await offerAll(1);
  await passOffersOn(open.database, { ids: town.ids, now: after(80) });
  expect(await offerAll(80)).toBe(0);
  const elderId = await addApplicant(town);
  await joined(town, { elderId, facilityId: home, now: after(81) });
  expect(await offerAll(82)).toBe(1);
  expect((await offeredTo(bedId)).at(-1)).toBe(elderId);
});

it('a facility says so for itself, and nobody for another', async () => {
  expect(await say(true)).toMatchObject({ refused: 'WRONG_STATE', field: ['facilityId'] });
  await addBeds(town, home, [{}]);
  await line(1);
  expect(await say(false)).toMatchObject({ facilityId: home, offersFree: false, passesOn: null });
  expect(await say(false)).toMatchObject({ offersFree: false });
  expect(await offerAll(1)).toBe(0);
  const foreign = await say(true, [await addHome(town)]);
  expect(foreign).toEqual(await say(true, 'everywhere', 999_999));
  expect(foreign).toMatchObject({ refused: 'WRONG_STATE' });
  expect(await offerAll(1)).toBe(0);
  expect(await say(true, [home])).toMatchObject({ offersFree: true });
  expect(await offerAll(1)).toBe(1);
});

it('a round looks at so many beds at most, and the next one goes on after them', async () => {
  const many = Array.from({ length: freeBedsMax + 3 }, () => ({ gender: 'MALE' as const }));
  await addBeds(town, home, many);
  const [bedId = 0] = await addBeds(town, home, [{}]);
  const [elderId] = await line(1);
  const { database, ids } = town;
  const one = await offerFreeBeds(database, { ids, now: after(1), afterBedId: 0 });
  expect(one.offerIds).toEqual([]);
  expect(one.afterBedId).toBeGreaterThan(0);
  const two = await offerFreeBeds(database, { ids, now: after(1), afterBedId: one.afterBedId });
  expect(two).toMatchObject({ offerIds: [expect.any(Number)], afterBedId: 0 });
  expect(await offeredTo(bedId)).toEqual([elderId]);
});

it('four rounds at two servers and a manager at once offer each bed once, to different people', async () => {
  for (let round = 0; round < 4; round += 1) {
    home = await addHome(town);
    const beds = await addBeds(town, home, [{}, {}]);
    const waiting = await line(3);
    const counts = Promise.all([town, there, town, there].map((server) => offerAll(1, server)));
    const [byServers, byHand] = await Promise.all([
      counts,
      tryOffer(there, { bedId: beds[1] ?? 0, now: after(1) }),
    ]);
    const made = byServers.reduce((sum, count) => sum + count, outcomeOf(byHand) === 'done' ? 1 : 0);
    expect(made).toBe(2);
    const offered = [...(await offeredTo(beds[0] ?? 0)), ...(await offeredTo(beds[1] ?? 0))];
    expect(offered.sort()).toEqual(waiting.slice(0, 2).sort());
  }
});
