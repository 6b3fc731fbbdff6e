import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Elder } from '../../entities/index.js';
import { changeElder, type ElderChange } from '../../src/elders/change-elder.js';
import { categoriesOfElders } from '../../src/elders/elder-categories.js';
import { endElder } from '../../src/elders/end-elder.js';
import { openField } from '../../src/elders/sealed-fields.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import type { Scope } from '../../src/network/scope.js';
import { proposeVersion } from '../../src/rule-versions/propose-version.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import { amount, oneRule } from '../support/rule-documents.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, type Diner, noon, today } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let diner: Diner;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
});
beforeEach(async () => {
  diner = await addDiner(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

async function change(wanted: Omit<ElderChange, 'elderId'>, scope: Scope = 'everywhere', id = diner.elderId) {
  const result = await open.database.write((manager) =>
    changeElder(manager, { elderId: id, ...wanted }, scope, today),
  );
  return isRefusal(result) ? `${result.refused} ${result.field?.join('.')}` : 'done';
}

const file = () =>
  open.database.read(async (manager) => {
    const elder = await manager.findOneByOrFail(Elder, { id: diner.elderId });
    const categories = (await categoriesOfElders(manager, [elder.id])).get(elder.id);
    const [phone, address] = (['phone', 'address'] as const).map((field) =>
      openField(cipherOf(manager), field, elder),
    );
    return { name: elder.name, homeStationId: elder.homeStationId, categories, phone, address };
  });

it('changes what is said and leaves the rest', async () => {
  const before = await file();
  expect(await change({ name: ' 李秀兰 ', phone: '139-0000 0000', address: '解放路 1 号' })).toBe('done');
  const said = { ...before, name: '李秀兰', phone: '13900000000', address: '解放路 1 号' };
  expect(await file()).toEqual(said);
  expect(await change({ categories: ['LEFT_BEHIND', 'LOW_INCOME', 'LEFT_BEHIND'] })).toBe('done');
  expect(await file()).toEqual({ ...said, categories: ['LOW_INCOME', 'LEFT_BEHIND'] });
  expect(await change({ phone: null })).toBe('done');
  expect(await change({ address: ' ', categories: [] })).toBe('done');
  expect(await file()).toEqual({ ...before, name: '李秀兰', phone: null, address: null });
  expect(await change({})).toBe('done');
});

it('decides the next meal, and leaves the one before as it was', async () => {
  const document = oneRule({ who: { categories: ['MINIMUM_LIVING'] }, gives: amount(700) });
  const days = { fromDay: '2026-03-01', toDay: null };
  const proposal = { ...days, code: 'POOR', facilityId: town.streetId, document, byId: null, now: noon };
  await open.database.write((manager) =>
    proposeVersion(manager, subsidyRules, proposal, { scope: 'everywhere', approved: true }),
  );
  const eaten = async (swipedAt: string) => {
    const request = tap(town, { cardUid: diner.uid, swipedAt: new Date(swipedAt), offline: true });
    return (await intakeOf(town).record(request)).receipt?.subsidyFen;
  };
  expect(await eaten('2026-03-09T12:00:00+08:00')).toBe(200);
  await change({ categories: ['MINIMUM_LIVING'] });
  expect(await eaten('2026-03-10T12:00:00+08:00')).toBe(700);
});

it('moves a file to an open station that the caller’s area covers, and to no other', async () => {
  const home = { homeStationId: town.stationId };
  const away = { homeStationId: town.otherStationId };
  expect(await change(away, [town.countyId])).toBe('HOME_STATION_UNKNOWN input.homeStationId');
  expect(await change({ homeStationId: town.streetId })).toBe('HOME_STATION_UNKNOWN input.homeStationId');
  expect(await change({ homeStationId: null }, [town.cityId])).toBe(
    'HOME_STATION_UNKNOWN input.homeStationId',
  );
  expect(await file()).toMatchObject(home);
  expect(await change(away, [town.cityId])).toBe('done');
  expect(await file()).toMatchObject(away);
  expect(await change({ name: '王' }, [town.countyId])).toBe('ELDER_UNKNOWN input.elderId');
  expect(await change({ name: '王' }, [town.otherCountyId])).toBe('done');
});

it.each<[Omit<ElderChange, 'elderId'>, string]>([
  [{ name: ' ' }, 'NAME_INVALID input.name'],
  [{ name: '王', phone: 'abc' }, 'PHONE_INVALID input.phone'],
  [{ address: 'x'.repeat(201) }, 'ADDRESS_INVALID input.address'],
])('refuses %j and writes nothing', async (wanted, refusal) => {
  const before = await file();
  expect(await change({ categories: ['DESTITUTE'], ...wanted })).toBe(refusal);
  expect(await file()).toEqual(before);
});

it('refuses an unknown elder and a file that has ended', async () => {
  expect(await change({ name: '王' }, 'everywhere', 999_999)).toBe('ELDER_UNKNOWN input.elderId');
  const ending = { elderId: diner.elderId, status: 'DECEASED', on: today } as const;
  await open.database.write((manager) => endElder(manager, ending, 'everywhere', today));
  expect(await change({ name: '王' })).toBe('ELDER_NOT_ACTIVE input.elderId');
});

it('of ten counters at once the last one stands, whole', async () => {
  const wanted = Array.from({ length: 10 }, (_, index) =>
    change(index % 2 ? { categories: ['DESTITUTE', 'LIVING_ALONE'] } : { categories: ['PREFERENTIAL'] }),
  );
  expect(new Set(await Promise.all(wanted))).toEqual(new Set(['done']));
  const { categories } = await file();
  expect([['DESTITUTE', 'LIVING_ALONE'], ['PREFERENTIAL']]).toContainEqual(categories);
});
