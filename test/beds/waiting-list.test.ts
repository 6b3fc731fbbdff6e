import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { discharge } from '../../src/beds/discharge.js';
import { elderWaitingRecords } from '../../src/beds/elder-waiting-records.js';
import { endStaysAfterEnd } from '../../src/beds/end-stays-after-end.js';
import { countyWaitlist } from '../../src/beds/find-waitlist.js';
import { leaveWaitlist } from '../../src/beds/join-waitlist.js';
import { endElder } from '../../src/elders/end-elder.js';
import { addBeds, addHome, addResident, admitted, allBeds, outcomeOf } from '../support/beds.js';
import { countRows, today } from '../support/town.js';
import {
  addApplicant,
  after,
  joined,
  lineAt,
  placed,
  tryDecline,
  tryJoin,
  tryOffer,
} from '../support/waiting.js';
import {
  acting,
  closeWaitingTown,
  home,
  newBed,
  newWaitingHome,
  offered,
  open,
  startWaitingTown,
  town,
  waits,
} from '../support/waiting-town.js';

beforeAll(startWaitingTown);
beforeEach(newWaitingHome);
afterAll(closeWaitingTown);

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
