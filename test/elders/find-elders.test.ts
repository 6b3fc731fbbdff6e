import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Elder } from '../../entities/index.js';
import { findElder } from '../../src/elders/find-elder.js';
import { countFoundElders, type ElderFilter, findElders } from '../../src/elders/find-elders.js';
import { openIdentity } from '../../src/elders/shown-identities.js';
import { reportCardLost } from '../../src/meals/report-card-lost.js';
import type { Scope } from '../../src/network/scope.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, type Diner, today } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
/** Two at the town's station, one in the other county, one without a station. */
let wang: Diner;
let odd: Diner;
let other: Diner;
let nowhere: Diner;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  wang = await addDiner(town, { name: '王建国', balanceFen: 0 });
  odd = await addDiner(town, { name: '100%_!小明\\', balanceFen: 0 });
  other = await addDiner(town, { name: '王小明', balanceFen: 0, homeStationId: town.otherStationId });
  nowhere = await addDiner(town, { name: '欧阳明', balanceFen: 0 });
  await open.database.write((manager) =>
    manager.query('UPDATE elder SET homeStationId = NULL WHERE id = ?', [nowhere.elderId]),
  );
});
afterAll(() => open.drop());

async function found(filter: ElderFilter, scope: Scope = 'everywhere', page = { afterId: 0, rowsMax: 10 }) {
  const elders = await open.database.read((manager) => findElders(manager, filter, page, scope, today));
  const count = await open.database.read((manager) => countFoundElders(manager, filter, scope, today));
  if (page.rowsMax === 10) expect(count).toBe(elders.length);
  return elders.map(({ id }) => id);
}

const ids = (...diners: Diner[]) => diners.map(({ elderId }) => elderId);

const idNumberOf = ({ elderId }: Diner) =>
  open.database.read(async (manager) => {
    const { idNumber } = openIdentity(manager, await manager.findOneByOrFail(Elder, { id: elderId }));
    return idNumber as string;
  });

describe('a list of elders', () => {
  it('is everybody for who sees everything, in the order of id', async () => {
    expect(await found({})).toEqual(ids(wang, odd, other, nowhere));
  });

  it('is what the scope covers, and nobody for who covers nothing', async () => {
    expect(await found({}, [town.cityId])).toEqual(ids(wang, odd, other));
    expect(await found({}, [town.countyId])).toEqual(ids(wang, odd));
    expect(await found({}, [town.stationId])).toEqual(ids(wang, odd));
    expect(await found({}, [town.otherCountyId, town.otherStationId])).toEqual(ids(other));
    expect(await found({}, [town.otherCountyId, town.stationId])).toEqual(ids(wang, odd, other));
    expect(await found({}, [town.canteenIds[0]])).toEqual([]);
    expect(await found({}, [])).toEqual([]);
  });

  it('within a facility is what stands beneath it, when the scope covers it', async () => {
    expect(await found({ within: town.cityId })).toEqual(ids(wang, odd, other));
    expect(await found({ within: town.stationId })).toEqual(ids(wang, odd));
    expect(await found({ within: town.countyId }, [town.cityId])).toEqual(ids(wang, odd));
    expect(await found({ within: town.otherCountyId }, [town.countyId])).toEqual([]);
    expect(await found({ within: town.cityId }, [town.countyId])).toEqual([]);
    expect(await found({ within: 999_999 })).toEqual([]);
  });

  it('comes in pages', async () => {
    expect(await found({}, 'everywhere', { afterId: 0, rowsMax: 2 })).toEqual(ids(wang, odd));
    expect(await found({}, 'everywhere', { afterId: odd.elderId, rowsMax: 2 })).toEqual(ids(other, nowhere));
    expect(await found({}, [town.cityId], { afterId: odd.elderId, rowsMax: 2 })).toEqual(ids(other));
    expect(await found({}, 'everywhere', { afterId: nowhere.elderId, rowsMax: 2 })).toEqual([]);
  });
});

describe('a search for elders', () => {
  it('by a part of the name', async () => {
    expect(await found({ search: '王' })).toEqual(ids(wang, other));
    expect(await found({ search: '小明' })).toEqual(ids(odd, other));
    expect(await found({ search: ' 王小明 ' })).toEqual(ids(other));
    expect(await found({ search: '张' })).toEqual([]);
    expect(await found({ search: ' ' })).toEqual(ids(wang, odd, other, nowhere));
  });

  it.each(['%', '_', '!', '\\', '0%_', '%_!'])('takes %s as it is written', async (search) => {
    expect(await found({ search })).toEqual(ids(odd));
  });

  it.each(["'", "' OR 1 = 1 --", '"', '\u0000', '明'.repeat(10_000)])(
    'finds nobody called %j',
    async (search) => {
      expect(await found({ search })).toEqual([]);
    },
  );

  it('by the whole ID number, not by a part of it', async () => {
    const idNumber = await idNumberOf(other);
    expect(await found({ search: idNumber })).toEqual(ids(other));
    expect(await found({ search: idNumber.slice(0, 17) })).toEqual([]);
    expect(await found({ search: '11010519491231002X' })).toEqual([]);
  });

  it('by the uid of a card, in any letters, lost ones too', async () => {
    expect(await found({ search: ` ${wang.uid.toLowerCase()} ` })).toEqual(ids(wang));
    await open.database.write((manager) => reportCardLost(manager, odd.uid, 'everywhere', new Date()));
    expect(await found({ search: odd.uid })).toEqual(ids(odd));
    expect(await found({ search: '00000000' })).toEqual([]);
  });

  it('finds within the scope only, by whatever it searches', async () => {
    for (const search of ['王小明', other.uid, await idNumberOf(other)]) {
      expect(await found({ search }, [town.countyId])).toEqual([]);
      expect(await found({ search, within: town.countyId })).toEqual([]);
      expect(await found({ search }, [town.otherCountyId])).toEqual(ids(other));
    }
    expect(await found({ search: nowhere.uid }, [town.cityId])).toEqual([]);
  });
});

describe('one elder', () => {
  const one = ({ elderId }: Diner, scope: Scope) =>
    open.database.read((manager) => findElder(manager, elderId, scope, today));

  it('is found where the scope covers the home station', async () => {
    expect(await one(wang, 'everywhere')).toMatchObject({ id: wang.elderId, birthDate: '1950-01-01' });
    expect(await one(wang, [town.countyId])).toMatchObject({ id: wang.elderId });
    expect(await one(wang, [town.otherCountyId])).toBeUndefined();
    expect(await one(wang, [])).toBeUndefined();
  });

  it('without a home station is found by who sees everything', async () => {
    expect(await one(nowhere, 'everywhere')).toMatchObject({ id: nowhere.elderId });
    expect(await one(nowhere, [town.cityId])).toBeUndefined();
  });
});
