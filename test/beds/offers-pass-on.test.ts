import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { OfferPassedAs } from '../../entities/beds/bed-offer.entity.js';
import { openDatabase } from '../../ormconfig.js';
import { releaseHold } from '../../src/beds/hold-bed.js';
import { leaveWaitlist } from '../../src/beds/join-waitlist.js';
import { passOffersOn } from '../../src/beds/pass-offers-on.js';
import { setOffersPassOn, setWaitlistRule } from '../../src/beds/set-waitlist-rules.js';
import { waitlistTerms } from '../../src/beds/waitlist-terms.js';
import type { Database } from '../../src/shared/database.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { recordsOf } from '../support/audit-trail.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome, addResident, allBeds, outcomeOf, tryAdmit } from '../support/beds.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { buildTown, countRows, type Town } from '../support/town.js';
import { addApplicant, after, joined, placed, tryAccept, tryDecline, tryOffer } from '../support/waiting.js';

let open: TestDatabase;
let second: Database;
let town: Town;
/** The same town, as another server sees it. */
let there: Town;
let home: number;
let bedId: number;

beforeAll(async () => {
  open = await openTestDatabase();
  ({ database: second } = await openDatabase(open.url, { identityKeys: testKeys }));
  town = await buildTown(open.database);
  there = { ...town, database: second, ids: new IdBlocks(second) };
});
beforeEach(async () => {
  home = await addHome(town);
  [bedId = 0] = await addBeds(town, home, [{}]);
});
/** What one test leaves open is none of the next one's business. */
afterEach(async () => {
  for (let hours = 10_000; (await passOn(town, hours)).length > 0; hours += 100);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await second.close();
  await open.drop();
});

/** Elders in line, in their order. */
async function line(count: number): Promise<{ elderId: number; entryId: number }[]> {
  const waiting: { elderId: number; entryId: number }[] = [];
  for (let place = 0; place < count; place += 1) {
    const elderId = await addApplicant(town);
    const { id: entryId } = await joined(town, { elderId, facilityId: home, now: after(place / 100) });
    waiting.push({ elderId, entryId });
  }
  return waiting;
}

async function offered(hours = 1): Promise<number> {
  return placed(await tryOffer(town, { bedId, now: after(hours) })).offer?.id ?? 0;
}

const passOn = ({ database, ids }: Town, hours: number) => passOffersOn(database, { ids, now: after(hours) });

/** To whom the bed is offered, or was, in order. */
async function offeredTo(): Promise<number[]> {
  const rows: { elderId: number }[] = await open.database.read((manager) =>
    manager.query('SELECT elderId FROM bed_offer WHERE bedId = ? ORDER BY offeredAt, id', [bedId]),
  );
  return rows.map(({ elderId }) => elderId);
}

async function passedAs(offerId: number): Promise<OfferPassedAs | null> {
  const [row] = await open.database.read((manager) =>
    manager.query('SELECT passedOnAs FROM bed_offer WHERE id = ?', [offerId]),
  );
  return row.passedOnAs;
}

it('an offer that nobody answers goes to the next in line by itself, at its instant and once', async () => {
  const [first, next] = await line(3);
  const offerId = await offered();
  expect(await passOn(town, 72.9)).toEqual([]);
  expect(await passOn(town, 73)).toEqual(['OFFERED']);
  expect(await passOn(town, 73)).toEqual([]);
  expect(await offeredTo()).toEqual([first?.elderId, next?.elderId]);
  expect(await passedAs(offerId)).toBe('OFFERED');
  const records = await recordsOf(open.database);
  expect(records.filter(({ operation }) => operation === 'passOfferOn')).toEqual([
    expect.objectContaining({
      ...{ accountId: null, facilityId: home, elderId: first?.elderId, result: 'DONE' },
      subject: `waiting:${first?.entryId}`,
    }),
  ]);
  // The one who has it now may take it; the one before comes too late.
  expect(outcomeOf(await tryAccept(town, offerId, { now: after(74) }))).toBe('HOLD_EXPIRED');
});

it('it goes down the line as long as nobody takes the bed, and ends where nobody is left', async () => {
  const waiting = await line(3);
  await offered();
  const outcomes: OfferPassedAs[] = [];
  for (let round = 1; round <= 5; round += 1) outcomes.push(...(await passOn(town, 1 + round * 72)));
  expect(outcomes).toEqual(['OFFERED', 'OFFERED', 'NOBODY']);
  expect(await offeredTo()).toEqual(waiting.map(({ elderId }) => elderId));
  expect(
    await countRows(open, `bed_hold WHERE bedId = ${bedId} AND expiresAt > ${after(300).getTime()}`),
  ).toBe(0);
});

it('an offer that is declined, or whose elder leaves the line, need not wait for its expiry', async () => {
  const [first, next, last] = await line(3);
  const offerId = await offered();
  expect(outcomeOf(await tryDecline(town, offerId, after(2)))).toBe('done');
  expect(await passOn(town, 2)).toEqual(['OFFERED']);
  const leaving = { entryId: next?.entryId ?? 0, byId: town.managerId, now: after(3) };
  await open.database.write((manager) => leaveWaitlist(manager, leaving, allBeds));
  expect(await passOn(town, 3)).toEqual(['OFFERED']);
  expect(await offeredTo()).toEqual([first?.elderId, next?.elderId, last?.elderId]);
});

it('an offer that was taken, or taken back by the facility, passes nothing on', async () => {
  await line(2);
  const taken = await offered();
  expect(outcomeOf(await tryAccept(town, taken, { now: after(2) }))).toBe('done');
  expect(await passOn(town, 80)).toEqual(['TAKEN']);
  const [other = 0] = await addBeds(town, home, [{}]);
  const offerId = placed(await tryOffer(town, { bedId: other, now: after(3) })).offer?.id ?? 0;
  const releasing = { id: offerId, byId: town.managerId, now: after(4) };
  await open.database.write((manager) => releaseHold(manager, releasing, allBeds));
  expect(await passOn(town, 80)).toEqual([]);
  expect(await passedAs(offerId)).toBe('TAKEN_BACK');
  expect(await countRows(open, `bed_offer WHERE bedId = ${other}`)).toBe(1);
});

it('a bed that was given or closed meanwhile passes to nobody', async () => {
  await line(2);
  const offerId = await offered();
  await tryDecline(town, offerId, after(2));
  const elderId = await addApplicant(town, { categories: ['DESTITUTE'] });
  expect(outcomeOf(await tryAdmit(town, { bedId, elderId, now: after(2) }))).toBe('done');
  expect(await passOn(town, 2)).toEqual(['NOT_FREE']);
  expect(await offeredTo()).toHaveLength(1);
});

it('where the rule or the facility says so, the bed waits for a manager', async () => {
  await line(3);
  const say = (passesOn: boolean | null) =>
    open.database.write((manager) =>
      setOffersPassOn(manager, { facilityId: home, type: 'GENERAL', passesOn, now: after(1) }, 'everywhere'),
    );
  expect(await say(false)).toMatchObject({ passesOn: false, passesOnNow: false });
  // Said again it is as once.
  expect(await say(false)).toMatchObject({ passesOn: false });
  const first = await offered();
  expect(await passOn(town, 73)).toEqual(['WAITS']);
  expect(await offeredTo()).toHaveLength(1);
  expect(await passedAs(first)).toBe('WAITS');
  const second = placed(await tryOffer(town, { bedId, now: after(74) })).offer?.id ?? 0;
  // A rule that lets no bed pass on counts from its day on, where the facility says nothing else.
  const rule = await open.database.read((manager) => waitlistTerms(manager, '2026-03-10'));
  const from = '2026-03-16';
  const set = { from, rule: { ...rule, passesOn: false }, now: after(1) };
  await open.database.write((manager) => setWaitlistRule(manager, set, 'everywhere'));
  expect(await say(true)).toMatchObject({ passesOn: true, passesOnNow: true });
  expect(await passOn(town, 74 + 72)).toEqual(['OFFERED']);
  expect(await passedAs(second)).toBe('OFFERED');
  expect(await say(null)).toMatchObject({ passesOn: null });
  expect(await passOn(town, 74 + 150)).toEqual(['WAITS']);
  await open.database.write((manager) =>
    manager.query('DELETE FROM waitlist_rule WHERE fromDay = ?', [from]),
  );
});

const rounds = 5;
const servers = (count: number) =>
  Array.from({ length: count }, (_, index) => (index % 2 === 0 ? town : there));

it('four rounds at two servers at once offer a bed on once', async () => {
  for (let round = 0; round < rounds; round += 1) {
    home = await addHome(town);
    [bedId = 0] = await addBeds(town, home, [{}]);
    const waiting = await line(4);
    await offered();
    const outcomes = await Promise.all(servers(4).map((server) => passOn(server, 73)));
    expect(outcomes.flat()).toEqual(['OFFERED']);
    expect(await offeredTo()).toEqual(waiting.slice(0, 2).map(({ elderId }) => elderId));
    expect(await countRows(open, `elder_notice WHERE elderId = ${waiting[1]?.elderId}`)).toBe(1);
  }
});

it('a manager who offers the bed on while it passes on by itself: one of the two does', async () => {
  for (let round = 0; round < rounds; round += 1) {
    home = await addHome(town);
    [bedId = 0] = await addBeds(town, home, [{}]);
    await line(3);
    await offered();
    const [outcome, byHand] = await Promise.all([
      passOn(town, 73),
      tryOffer(there, { bedId, now: after(73) }),
    ]);
    const isByHand = outcomeOf(byHand) === 'done';
    expect(outcome).toEqual([isByHand ? 'NOT_FREE' : 'OFFERED']);
    if (!isByHand) expect(outcomeOf(byHand)).toBe('BED_NOT_FREE');
    expect(await offeredTo()).toHaveLength(2);
  }
});

it('an answer while the bed passes on, and an admission past the line: the bed has one of them', async () => {
  for (let round = 0; round < rounds; round += 1) {
    home = await addHome(town);
    [bedId = 0] = await addBeds(town, home, [{}]);
    await line(2);
    const offerId = await offered();
    const [declined, , admission] = await Promise.all([
      tryDecline(town, offerId, after(2)),
      passOn(there, 2),
      tryAdmit(there, { bedId, elderId: await addResident(town), now: after(2) }),
    ]);
    expect(outcomeOf(declined)).toBe('done');
    expect(['BED_NOT_FREE', 'NOT_NEXT_IN_LINE']).toContain(outcomeOf(admission));
    // Whatever came first, what is left is done by the next round.
    await passOn(town, 2);
    expect(await offeredTo()).toHaveLength(2);
  }
});
