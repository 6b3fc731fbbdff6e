import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { admit } from '../../src/beds/admit.js';
import { waitlistChecks } from '../../src/beds/audit-waitlist.js';
import { discharge } from '../../src/beds/discharge.js';
import { elderWaitingRecords } from '../../src/beds/elder-waiting-records.js';
import { endStaysAfterEnd } from '../../src/beds/end-stays-after-end.js';
import { countyWaitlist, explainPosition, placesOfElder } from '../../src/beds/find-waitlist.js';
import { leaveWaitlist } from '../../src/beds/join-waitlist.js';
import { endElder } from '../../src/elders/end-elder.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome, addResident, admitted, allBeds, outcomeOf, tryAdmit } from '../support/beds.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, countRows, noon, type Town, today } from '../support/town.js';
import {
  addApplicant,
  after,
  joined,
  lineAt,
  placed,
  tryAccept,
  tryDecline,
  tryJoin,
  tryOffer,
} from '../support/waiting.js';

let open: TestDatabase;
let town: Town;
let home: number;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
beforeEach(async () => {
  home = await addHome(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

const day = 24;
const newBed = async (wish = {}) => (await addBeds(town, home, [wish]))[0] as number;
const acting = () => ({ byId: town.managerId, now: noon });

/** Somebody who joined so many hours after noon. */
async function waits(hours: number, wish: Parameters<typeof addApplicant>[1] = {}): Promise<number> {
  const elderId = await addApplicant(town, wish);
  await joined(town, { elderId, facilityId: home, now: after(hours) });
  return elderId;
}

/** What was offered, and to whom; anything else is a mistake of the test. */
async function offered(bedId: number, hours = 0) {
  const { elderId, offer } = placed(await tryOffer(town, { bedId, now: after(hours) }));
  return { elderId, offerId: offer?.id ?? 0 };
}

it('hardship comes first, then the disabled, then the rest, inside a class by time of application', async () => {
  await newBed();
  const plain = await waits(0);
  const later = await waits(1);
  const poor = await waits(2, { categories: ['MINIMUM_LIVING'] });
  const destitute = await waits(3, { categories: ['DESTITUTE'] });
  const bereaved = await waits(1.5, { categories: ['BEREAVED_FAMILY'] });
  expect(await lineAt(town, home, after(4))).toEqual([destitute, bereaved, poor, plain, later]);
  const [bedId = 0] = await addBeds(town, home, [{ type: 'NURSING' }]);
  expect(bedId).toBeGreaterThan(0);
  const disabled = await addApplicant(town, { level: 4 });
  const light = await addApplicant(town, { level: 1 });
  await joined(town, { elderId: light, facilityId: home, type: 'NURSING' });
  await joined(town, { elderId: disabled, facilityId: home, type: 'NURSING', now: after(5) });
  expect(await lineAt(town, home, after(6), 'NURSING')).toEqual([disabled, light]);
});

it('a class rule counts from its day on, and no earlier', async () => {
  await newBed();
  const plain = await waits(0);
  const alone = await waits(1, { categories: ['LIVING_ALONE'] });
  expect(await lineAt(town, home)).toEqual([plain, alone]);
  const row = (place: number, rank: number, category: string | null) =>
    open.database.write((manager) =>
      manager.query(
        `INSERT INTO waitlist_class VALUES ('2026-03-11', ?, ?, ?, NULL, NULL, 0, '类', 'class')`,
        [place, rank, category],
      ),
    );
  await row(1, 1, 'LIVING_ALONE');
  await row(2, 2, null);
  expect(await lineAt(town, home, after(11))).toEqual([plain, alone]);
  expect(await lineAt(town, home, after(12))).toEqual([alone, plain]);
  await open.database.write((manager) =>
    manager.query("DELETE FROM waitlist_class WHERE fromDay = '2026-03-11'"),
  );
});

it('nobody joins unassessed, twice, with a bed, for a type that does not suit, or where there is none', async () => {
  await newBed();
  await addBeds(town, home, [{ type: 'NURSING' }]);
  const join = async (elderId: number, more = {}) =>
    outcomeOf(await tryJoin(town, { elderId, facilityId: home, ...more }));
  expect(await join(await addApplicant(town, { level: null }))).toBe('NOT_ASSESSED');
  expect(await join(await addResident(town, { expiresOn: today }))).toBe('NOT_ASSESSED');
  expect(await join(await addApplicant(town, { level: 4 }))).toBe('BED_NOT_SUITABLE');
  expect(await join(999_999)).toBe('ELDER_NOT_ACTIVE');
  const elderId = await addApplicant(town);
  expect(await join(elderId, { type: 'HOME' })).toBe('BED_NOT_FREE');
  expect(await join(elderId, { facilityId: 999_999 })).toBe('BED_NOT_FREE');
  expect(await join(elderId, { requestId: 'one' })).toBe('REQUEST_ID_MALFORMED');
  const requestId = randomUUID();
  const first = await joined(town, { elderId, facilityId: home, requestId });
  expect(await joined(town, { elderId, facilityId: home, requestId })).toEqual(first);
  expect(await join(elderId, { requestId, type: 'NURSING' })).toBe('REQUEST_ID_REUSED');
  expect(await join(elderId)).toBe('WRONG_STATE');
  const resident = await addResident(town);
  await admitted(town, {
    bedId: (await addBeds(town, await addHome(town), [{}]))[0] ?? 0,
    elderId: resident,
  });
  expect(await join(resident)).toBe('ELDER_HAS_BED');
  expect(await lineAt(town, home)).toEqual([elderId]);
});

it('a bed is offered to the first whom it suits, kept for them, and taken by them', async () => {
  const bedId = await newBed({ gender: 'FEMALE' });
  await waits(0, { gender: 'MALE' });
  const woman = await waits(1);
  const { elderId, offerId } = await offered(bedId, 2);
  expect(elderId).toBe(woman);
  expect(outcomeOf(await tryOffer(town, { bedId, now: after(3) }))).toBe('BED_NOT_FREE');
  expect(outcomeOf(await tryAdmit(town, { bedId, elderId: await addResident(town) }))).toBe('BED_NOT_FREE');
  const stay = await tryAccept(town, offerId, { now: after(4) });
  expect(stay).toMatchObject({ id: offerId, elderId: woman, bedId, from: today });
  expect(await lineAt(town, home, after(5))).not.toContain(woman);
  expect(outcomeOf(await tryAccept(town, offerId, { now: after(5) }))).toBe('WRONG_STATE');
  expect(outcomeOf(await tryDecline(town, offerId, after(5)))).toBe('WRONG_STATE');
});

it('an offer that nobody answers passes the bed on at its instant, and is no refusal', async () => {
  const bedId = await newBed();
  const [first, second] = [await waits(0), await waits(1)];
  const { elderId, offerId } = await offered(bedId, 2);
  expect(elderId).toBe(first);
  expect(outcomeOf(await tryOffer(town, { bedId, now: after(73.9) }))).not.toBe('done');
  const next = await offered(bedId, 74);
  expect(next.elderId).toBe(second);
  expect(outcomeOf(await tryAccept(town, offerId, { now: after(74) }))).toBe('HOLD_EXPIRED');
  expect(outcomeOf(await tryDecline(town, offerId, after(74)))).toBe('HOLD_EXPIRED');
  expect(await lineAt(town, home, after(75))).toEqual([first, second]);
  expect(outcomeOf(await tryDecline(town, next.offerId, after(75)))).toBe('done');
  // Both let it pass; once somebody has had it, it is offered to the first again.
  expect(outcomeOf(await tryOffer(town, { bedId, now: after(76) }))).toBe('WRONG_STATE');
  const { id: stayId } = await admitted(town, { bedId, elderId: await addResident(town), now: after(76) });
  const leaving = { stayId, on: '2026-03-13', reason: 'HOME', note: null, byId: town.managerId };
  await town.database.write((manager) => discharge(manager, { ...leaving, now: after(80) }, allBeds));
  expect((await offered(bedId, 81)).elderId).toBe(first);
});

it('two refusals within a year close the list to an elder for a year, to the day', async () => {
  const [one, other] = await addBeds(town, home, [{}, {}]);
  const elderId = await waits(0);
  const { offerId } = await offered(one as number, 1);
  expect(outcomeOf(await tryDecline(town, offerId, after(1), '  '))).toBe('NOTE_INVALID');
  expect(placed(await tryDecline(town, offerId, after(1)))).toMatchObject({ position: 1, offer: null });
  const again = await offered(other as number, 2);
  expect(placed(await tryDecline(town, again.offerId, after(2)))).toMatchObject({ position: 0 });
  expect(await lineAt(town, home, after(3))).toEqual([]);
  const early = await tryJoin(town, { elderId, facilityId: home, now: after(364 * day) });
  expect(early).toMatchObject({ refused: 'WRONG_STATE', field: ['elderId'] });
  expect('message' in early && early.message.en).toContain('2027-03-10');
  await open.database.write((manager) =>
    manager.query("UPDATE elder SET abilityExpiresOn = '2030-01-01' WHERE id = ?", [elderId]),
  );
  expect(outcomeOf(await tryJoin(town, { elderId, facilityId: home, now: after(365 * day) }))).toBe('done');
});

it('two refusals a year apart close nothing', async () => {
  const [one, other] = await addBeds(town, home, [{}, {}]);
  const elderId = await addResident(town, { expiresOn: '2030-01-01' });
  await joined(town, { elderId, facilityId: home });
  const { offerId } = await offered(one as number, 1);
  await tryDecline(town, offerId, after(1));
  const later = await offered(other as number, 365 * day);
  expect(placed(await tryDecline(town, later.offerId, after(365 * day)))).toMatchObject({ position: 1 });
});

it('silence is a refusal where the rule says so', async () => {
  const [one, other] = await addBeds(town, home, [{}, {}]);
  const elderId = await waits(0);
  await offered(one as number, 1);
  await offered(other as number, 80);
  expect(await lineAt(town, home, after(200))).toEqual([elderId]);
  const silence = (value: number) =>
    open.database.write((manager) => manager.query('UPDATE waitlist_rule SET silenceRefuses = ?', [value]));
  await silence(1);
  expect(await lineAt(town, home, after(200))).toEqual([]);
  expect(outcomeOf(await tryJoin(town, { elderId, facilityId: home, now: after(200) }))).toBe('WRONG_STATE');
  await silence(0);
});

it('nobody is let in past the line without a reason, which is kept and shown to who was passed over', async () => {
  const [bedId = 0, other = 0] = await addBeds(town, home, [{}, {}]);
  const [first, second] = [await waits(0), await waits(1)];
  const stranger = await addResident(town);
  expect(outcomeOf(await tryAdmit(town, { bedId, elderId: stranger, now: after(2) }))).toBe(
    'NOT_NEXT_IN_LINE',
  );
  expect(outcomeOf(await tryAdmit(town, { bedId, elderId: second, now: after(2) }))).toBe('NOT_NEXT_IN_LINE');
  const entryOf = async (elderId: number) =>
    (await open.database.read((manager) => placesOfElder(manager, elderId, 'everywhere', after(3))))[0]?.id ??
    0;
  const named = { bedId, entryId: await entryOf(second), now: after(2) };
  expect(outcomeOf(await tryOffer(town, named))).toBe('NOT_NEXT_IN_LINE');
  expect(placed(await tryOffer(town, { ...named, skipReason: '夫妻同住' }))).toMatchObject({
    elderId: second,
  });
  const id = await town.ids.take(1);
  const admission = {
    id,
    requestId: randomUUID(),
    bedId: other,
    elderId: stranger,
    from: today,
    holdId: null,
  };
  const result = await open.database.write((manager) =>
    admit(
      manager,
      { ...admission, contractSignedOn: null, skipReason: '急诊出院', byId: town.managerId, now: after(3) },
      allBeds,
    ),
  );
  expect(outcomeOf(result)).toBe('done');
  const entryId = await entryOf(first);
  const lines = await open.database.read((manager) => explainPosition(manager, entryId, allBeds, after(4)));
  expect(lines.map(({ en }) => en)).toEqual([
    'Position 1',
    'Class 4: Others',
    'Applied on 2026-03-10',
    '0 ahead are of a class that comes first',
    '0 ahead are of the same class and applied before',
    'On 2026-03-10 a bed was given past this entry, because: 夫妻同住',
    'On 2026-03-10 a bed was given past this entry, because: 急诊出院',
  ]);
  const nobodys = { beds: [], elders: [] };
  expect(await open.database.read((manager) => explainPosition(manager, entryId, nobodys, noon))).toEqual([]);
});

it('the destitute are let in at once, whoever waits', async () => {
  const bedId = await newBed();
  await waits(0, { categories: ['MINIMUM_LIVING'] });
  const destitute = await addApplicant(town, { categories: ['DESTITUTE'] });
  expect(outcomeOf(await tryAdmit(town, { bedId, elderId: destitute }))).toBe('done');
});

it('whom a bed does not suit is in nobody’s way', async () => {
  const bedId = await newBed({ gender: 'MALE' });
  await waits(0);
  const man = await addResident(town, { gender: 'MALE' });
  expect(outcomeOf(await tryAdmit(town, { bedId, elderId: man }))).toBe('done');
});

it('an offer is not taken by another family, nor for days out of range', async () => {
  const bedId = await newBed();
  const elderId = await waits(0);
  const { offerId } = await offered(bedId);
  const family = (id: number) => ({ beds: [], elders: { places: [], elderIds: [id] } });
  expect(outcomeOf(await tryAccept(town, offerId, { reach: family(elderId + 1) }))).toBe('STAY_UNKNOWN');
  expect(outcomeOf(await tryAccept(town, 1))).toBe('STAY_UNKNOWN');
  expect(outcomeOf(await tryAccept(town, offerId, { from: '2026-03-09' }))).toBe('DAY_OUT_OF_RANGE');
  expect(outcomeOf(await tryAccept(town, offerId, { from: '2026-03-25' }))).toBe('DAY_OUT_OF_RANGE');
  expect(outcomeOf(await tryAccept(town, offerId, { from: '2026-03-24', reach: family(elderId) }))).toBe(
    'done',
  );
});

it('who leaves the line gives an offer back; whose file ends is in line no more', async () => {
  const bedId = await newBed();
  const [first, second] = [await waits(0), await waits(1)];
  const { id: entryId } = placed(await tryOffer(town, { bedId, now: after(2) }));
  const leave = () =>
    open.database.write((manager) =>
      leaveWaitlist(manager, { entryId, ...acting(), now: after(3) }, allBeds),
    );
  expect(placed(await leave())).toMatchObject({ elderId: first, position: 0 });
  expect(placed(await leave())).toMatchObject({ position: 0 });
  expect((await offered(bedId, 4)).elderId).toBe(second);
  const ending = { elderId: second, status: 'DECEASED' as const, on: today };
  await open.database.write((manager) =>
    endElder(manager, ending, 'everywhere', today, [endStaysAfterEnd({ now: () => after(5) })]),
  );
  expect(await lineAt(town, home, after(6))).toEqual([]);
  expect(await countRows(open, `waitlist_entry WHERE elderId = ${second} AND endKind = 'FILE_ENDED'`)).toBe(
    1,
  );
});

it('the county is one list, and a wait is told by how beds became free', async () => {
  const other = await addHome(town);
  const beds = await addBeds(town, other, [{}, {}]);
  await newBed();
  for (const bedId of beds) {
    const { id: stayId } = await admitted(town, {
      bedId,
      elderId: await addResident(town),
      from: '2026-02-01',
    });
    const leaving = { stayId, on: '2026-03-01', reason: 'HOME', note: null, ...acting() };
    await town.database.write((manager) => discharge(manager, leaving, allBeds));
  }
  const [here, there] = [await waits(0), await addApplicant(town, { categories: ['MINIMUM_LIVING'] })];
  await joined(town, { elderId: there, facilityId: other, now: after(1) });
  await joined(town, { elderId: here, facilityId: other, now: after(2) });
  const asked = { within: town.countyId, type: undefined, first: 200, now: after(3) };
  const county = await open.database.read((manager) => countyWaitlist(manager, asked, 'everywhere'));
  const ours = county.filter(({ facilityId }) => [home, other].includes(facilityId));
  expect(ours.map(({ elderId, facilityId, position }) => [elderId, facilityId, position])).toEqual([
    [there, other, 1],
    [here, home, 1],
    [here, other, 2],
  ]);
  expect(ours.map(({ expectedWaitDays }) => expectedWaitDays)).toEqual([183, null, 365]);
  expect(await open.database.read((manager) => countyWaitlist(manager, asked, [other]))).toEqual([]);
});

it('each check of the audit can fail', async () => {
  const [bedId = 0, other = 0] = await addBeds(town, home, [{}, {}]);
  const elderId = await waits(0);
  const second = await waits(1);
  const { id: entryId } = placed(await tryOffer(town, { bedId, now: after(2) }));
  const { offer } = placed(
    await tryOffer(town, { bedId: other, entryId: await entryIdOf(second), now: after(2) }),
  );
  await tryDecline(town, offer?.id ?? 0, after(3));
  const write = (sql: string) => open.database.write((manager) => manager.query(sql));
  const broken = async () => {
    const said: string[] = [];
    await open.database.read((manager) => runChecks(manager, waitlistChecks, (line) => said.push(line)));
    return said.filter((line) => line.startsWith('BROKEN')).join('\n');
  };
  expect(await broken()).toBe('');
  const hold = (kind: string) => `UPDATE bed_hold SET endKind = '${kind}' WHERE id = ${offer?.id}`;
  const entry = (sets: string) => `UPDATE waitlist_entry SET ${sets} WHERE id = ${entryId}`;
  const pass = `INSERT INTO waitlist_pass (id, reasonSealed, passedAt, passedById) VALUES (1, NULL, ${after(2).getTime()}, ${town.managerId})`;
  const cases: [string, string[], string[]][] = [
    [
      'who waits is marked',
      [entry(`openElderId = ${second + 500_000}`)],
      [entry(`openElderId = ${elderId}`)],
    ],
    ['every place in line', [entry("bedType = 'HOME'")], [entry("bedType = 'GENERAL'")]],
    [
      'an offer is of the bed',
      [`UPDATE bed_offer SET bedId = ${bedId} WHERE id = ${offer?.id}`],
      [`UPDATE bed_offer SET bedId = ${other} WHERE id = ${offer?.id}`],
    ],
    ['an offer that was declined', [hold('ADMITTED')], [hold('RELEASED')]],
    [
      'an offer that passed on',
      [`UPDATE bed_offer SET passedOnAs = 'OFFERED', passOnAt = NULL WHERE id = ${offer?.id}`],
      [`UPDATE bed_offer SET passedOnAs = 'NOBODY' WHERE id = ${offer?.id}`],
    ],
    [
      'who was let in',
      [entry(`openElderId = NULL, endedAt = 5, endKind = 'ADMITTED'`)],
      [entry(`openElderId = ${elderId}, endedAt = NULL, endKind = NULL`)],
    ],
    [
      'whoever was passed over',
      [pass, `INSERT INTO waitlist_skip VALUES (1, ${entryId})`],
      ['DELETE FROM waitlist_skip WHERE passId = 1', 'DELETE FROM waitlist_pass WHERE id = 1'],
    ],
  ];
  expect(cases.length).toBe(waitlistChecks.length);
  for (const [name, breaks, mends] of cases) {
    for (const sql of breaks) await write(sql);
    expect(await broken(), name).toContain(name);
    for (const sql of mends) await write(sql);
  }
});

async function entryIdOf(elderId: number): Promise<number> {
  const entries = await open.database.read((manager) =>
    placesOfElder(manager, elderId, 'everywhere', after(2)),
  );
  return entries[0]?.id ?? 0;
}

it('an elder is handed what lists keep, and erased what was said', async () => {
  const bedId = await newBed();
  const elderId = await waits(0);
  const { offerId } = await offered(bedId, 1);
  await tryDecline(town, offerId, after(2));
  const collect = () => open.database.read((manager) => elderWaitingRecords.collect(manager, elderId));
  expect(await collect()).toMatchObject({
    entries: [{ bedType: 'GENERAL', joinedOn: today, endKind: null }],
    offers: [{ id: offerId, reason: '离家太远' }],
    passedOver: [],
  });
  await open.database.write((manager) => elderWaitingRecords.erase(manager, elderId));
  expect(await collect()).toMatchObject({ offers: [{ id: offerId, reason: null }] });
});
