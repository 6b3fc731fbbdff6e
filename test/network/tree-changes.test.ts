import { afterEach, beforeEach, expect, it } from 'vitest';
import { networkChecks } from '../../src/network/audit.js';
import { countFacilitiesByKind } from '../../src/network/count-facilities.js';
import { facilityById } from '../../src/network/find-facilities.js';
import { renameFacility } from '../../src/network/rename-facility.js';
import { covers, narrowed } from '../../src/network/scope.js';
import { ancestorsOf, withBeneath } from '../../src/network/tree.js';
import { opened, outcome, SmallNetwork, today } from './small-network.js';

let network: SmallNetwork;
beforeEach(async () => {
  network = await SmallNetwork.open();
});
afterEach(() => network.test.drop());

async function brokenChecks(): Promise<string[]> {
  const broken: string[] = [];
  for (const { name, sql } of networkChecks) {
    const rows: unknown[] = await network.database.read((manager) => manager.query(`${sql} LIMIT 5`));
    if (rows.length > 0) broken.push(name);
  }
  return broken;
}

async function pathOf(code: string, day: string): Promise<string[]> {
  const ids = await network.database.read((manager) => ancestorsOf(manager, [network.id(code)], day));
  const codes = new Map([...network.ids].map(([name, id]) => [id, name]));
  return (ids.get(network.id(code)) ?? []).map((id) => codes.get(id) ?? '?');
}

/** Facilities at or beneath, counted by the roll-up. */
async function sizeOf(code: string, day: string): Promise<number> {
  const counts = await network.database.read((manager) =>
    countFacilitiesByKind(manager, [network.id(code)], day),
  );
  return (counts.get(network.id(code)) ?? []).reduce((sum, { count }) => sum + count, 0);
}

it('reads ancestors from the root down, for many at once', async () => {
  expect(await pathOf('CANTEEN', today)).toEqual(['CITY', 'COUNTY', 'STREET', 'DAY']);
  expect(await pathOf('CITY', today)).toEqual([]);
  const ids = [network.id('DAY'), network.id('CITY'), 999_999];
  const ancestors = await network.database.read((manager) => ancestorsOf(manager, ids, today));
  expect([...ancestors.keys()]).toEqual(ids);
  expect(ancestors.get(999_999)).toEqual([]);
  expect(await network.database.read((manager) => ancestorsOf(manager, [], today))).toEqual(new Map());
  expect(await pathOf('CANTEEN', '2025-12-31')).toEqual([]);
});

it('gives each root everything beneath it once, also when one root lies beneath another', async () => {
  const beneath = withBeneath([network.id('COUNTY'), network.id('DAY'), network.id('OTHER'), 999_999], today);
  const rows: { rootId: number; count: number | string }[] = await network.database.read((manager) =>
    manager.query(
      `${beneath.sql} SELECT rootId, COUNT(*) AS count FROM beneath GROUP BY rootId`,
      beneath.parameters,
    ),
  );
  const counts = new Map(rows.map(({ rootId, count }) => [rootId, Number(count)]));
  expect(counts).toEqual(
    new Map([
      [network.id('COUNTY'), 6],
      [network.id('DAY'), 2],
      [network.id('OTHER'), 1],
    ]),
  );
  const none = withBeneath([], today);
  expect(
    await network.database.read((manager) =>
      manager.query(`${none.sql} SELECT rootId FROM beneath`, none.parameters),
    ),
  ).toEqual([]);
});

it('moves a facility with what stands beneath it, and leaves the days before as they were', async () => {
  expect(await network.move('DAY', 'REGION', '2026-11-02')).toBe('done');
  expect(await pathOf('CANTEEN', '2026-11-01')).toEqual(['CITY', 'COUNTY', 'STREET', 'DAY']);
  expect(await pathOf('CANTEEN', '2026-11-02')).toEqual(['CITY', 'COUNTY', 'REGION', 'DAY']);
  expect([await sizeOf('STREET', '2026-11-01'), await sizeOf('STREET', '2026-11-02')]).toEqual([4, 2]);
  expect([await sizeOf('REGION', '2026-11-01'), await sizeOf('REGION', '2026-11-02')]).toEqual([1, 3]);
  expect([await sizeOf('CITY', '2026-11-01'), await sizeOf('CITY', '2026-11-02')]).toEqual([8, 8]);
  expect(await network.placements('DAY')).toEqual([
    ['STREET', opened, '2026-11-02'],
    ['REGION', '2026-11-02', null],
  ]);
  expect(await brokenChecks()).toEqual([]);
});

it('changes nothing of an earlier month, and may be entered late within this one', async () => {
  expect(await network.move('DAY', 'REGION', '2026-10-31')).toBe('DATE_OUT_OF_RANGE');
  expect(await network.close('CANTEEN', '2026-10-31')).toBe('DATE_OUT_OF_RANGE');
  expect(await network.move('DAY', 'REGION', '2026-11-01')).toBe('done');
  expect(await pathOf('CANTEEN', '2026-10-31')).toEqual(['CITY', 'COUNTY', 'STREET', 'DAY']);
  expect(await network.close('CANTEEN', '2026-11-01')).toBe('done');
});

it('moves between two days without touching a move that is planned for later', async () => {
  expect(await network.move('DAY', 'COUNTY', '2027-01-01')).toBe('done');
  expect(await network.move('DAY', 'REGION', '2026-12-01')).toBe('done');
  expect(await network.move('DAY', 'STREET', '2027-06-01')).toBe('done');
  expect(await network.placements('DAY')).toEqual([
    ['STREET', opened, '2026-12-01'],
    ['REGION', '2026-12-01', '2027-01-01'],
    ['COUNTY', '2027-01-01', '2027-06-01'],
    ['STREET', '2027-06-01', null],
  ]);
  expect(await pathOf('DAY', today)).toEqual(['CITY', 'COUNTY', 'STREET']);
  expect(await brokenChecks()).toEqual([]);
});

it('refuses a move that the tree does not bear, and writes nothing', async () => {
  expect(await network.move('DAY', 'REGION', opened)).toBe('DATE_OUT_OF_RANGE');
  expect(await network.move('DAY', 'REGION', '2025-06-01')).toBe('DATE_OUT_OF_RANGE');
  expect(await network.move('DAY', 'STREET', today)).toBe('ALREADY_THERE');
  expect(await network.move('COUNTY', 'CANTEEN', today)).toBe('WOULD_BE_A_CYCLE');
  expect(await network.move('DAY', 'DAY', today)).toBe('WOULD_BE_A_CYCLE');
  expect(await network.move('CITY', 'CANTEEN', today)).toBe('WOULD_BE_A_CYCLE');
  expect(await network.move('CITY', 'CITY', today)).toBe('WOULD_BE_A_CYCLE');
  expect(await network.move('DAY', 'CITY', today)).toBe('KIND_NOT_ALLOWED_HERE');
  expect(await network.move('STREET', 'OTHER', today)).toBe('DIVISION_CODE_INVALID');
  expect(await network.close('REGION', '2027-01-01')).toBe('done');
  expect(await network.move('DAY', 'REGION', today)).toBe('PARENT_NOT_OPEN');
  network.ids.set('NOWHERE', 999_999);
  expect(await network.move('NOWHERE', 'CITY', today)).toBe('FACILITY_UNKNOWN');
  expect(await network.move('DAY', 'NOWHERE', today)).toBe('PARENT_UNKNOWN');
  expect(await network.placements('DAY')).toEqual([['STREET', opened, null]]);
  expect(await brokenChecks()).toEqual([]);
});

it('sees the circle that a planned move would close later', async () => {
  expect(await network.move('STREET', 'STATION', '2026-11-10')).toBe('WOULD_BE_A_CYCLE');
  expect(await network.move('STATION', 'REGION', '2026-11-05')).toBe('done');
  expect(await network.move('STREET', 'STATION', '2026-11-10')).toBe('KIND_NOT_ALLOWED_HERE');
  expect(await network.move('STATION', 'STREET', '2027-03-01')).toBe('done');
  expect(await network.move('STREET', 'STATION', '2026-11-10')).toBe('WOULD_BE_A_CYCLE');
});

it('moves beneath a facility that closes only as long as that one is open', async () => {
  expect(await network.close('REGION', '2027-01-01')).toBe('done');
  expect(await network.move('DAY', 'COUNTY', '2027-01-01')).toBe('done');
  expect(await network.move('DAY', 'REGION', '2026-12-01')).toBe('done');
  expect(await brokenChecks()).toEqual([]);
});

it('closes only what is empty from that day on, and keeps the past', async () => {
  expect(await network.close('DAY', '2026-11-10')).toBe('NOT_EMPTY');
  expect(await network.close('CANTEEN', opened)).toBe('DATE_OUT_OF_RANGE');
  expect(await network.close('CANTEEN', '2026-11-10')).toBe('done');
  expect(await network.close('CANTEEN', '2026-11-11')).toBe('ALREADY_CLOSED');
  expect(await network.close('DAY', '2026-11-09')).toBe('NOT_EMPTY');
  expect(await network.close('DAY', '2026-11-10')).toBe('done');
  expect([await sizeOf('STREET', '2026-11-09'), await sizeOf('STREET', '2026-11-10')]).toEqual([4, 2]);
  expect(await network.move('DAY', 'REGION', '2026-11-10')).toBe('ALREADY_CLOSED');
  expect(await pathOf('CANTEEN', '2027-01-01')).toEqual(['CITY', 'COUNTY', 'STREET', 'DAY']);
  expect(await brokenChecks()).toEqual([]);
});

it('does not close what a planned move will fill', async () => {
  expect(await network.move('DAY', 'REGION', '2027-01-01')).toBe('done');
  expect(await network.close('REGION', '2026-12-01')).toBe('NOT_EMPTY');
});

it('refuses what cannot be added, in order of precedence, and names the field', async () => {
  const good = {
    code: 'NEW',
    name: 'New',
    kind: 'HOME_CARE_STATION',
    divisionCode: '411302001002',
    parentId: network.id('STREET'),
  } as const;
  const answer = async (change: Parameters<typeof network.tryToAdd>[0]) => {
    const result = await network.tryToAdd(change);
    return 'refused' in result ? [result.refused, result.field?.at(-1)] : ['done'];
  };
  const parentId = network.id('STREET');
  expect(await answer({ ...good, code: 'new', name: '' })).toEqual(['CODE_INVALID', 'code']);
  expect(await answer({ ...good, name: ' ', openedOn: '2027-01-01' })).toEqual(['NAME_INVALID', 'name']);
  expect(await answer({ ...good, openedOn: '2026-11-03' })).toEqual(['DATE_OUT_OF_RANGE', 'openedOn']);
  expect(await answer({ ...good, openedOn: '1900-01-01' })).toEqual(['DATE_OUT_OF_RANGE', 'openedOn']);
  expect(await answer({ ...good, parentId: 999_999 })).toEqual(['PARENT_UNKNOWN', 'parentId']);
  expect(await answer({ ...good, parentId: null })).toEqual(['KIND_NOT_ALLOWED_HERE', 'parentId']);
  expect(await answer({ ...good, kind: 'CITY_CENTER' })).toEqual(['KIND_NOT_ALLOWED_HERE', 'parentId']);
  for (const divisionCode of ['411302001', '411302002001', '41130200100X', '']) {
    expect(await answer({ ...good, divisionCode })).toEqual(['DIVISION_CODE_INVALID', 'divisionCode']);
  }
  expect(await answer({ ...good, openedOn: '2025-12-31' })).toEqual(['PARENT_NOT_OPEN', 'parentId']);
  expect(await answer({ ...good, code: 'STATION' })).toEqual(['CODE_TAKEN', 'code']);
  expect(await answer({ ...good, parentId })).toEqual(['done']);
  const [{ count }] = await network.test.writer.query('SELECT COUNT(*) AS count FROM facility');
  expect(Number(count)).toBe(9);
  expect(await brokenChecks()).toEqual([]);
});

it('renames, and refuses an empty name or an unknown facility', async () => {
  const rename = (facilityId: number, name: string) =>
    network.database.write(async (manager) =>
      outcome(await renameFacility(manager, { facilityId, name }, 'everywhere', today)),
    );
  expect(await rename(network.id('DAY'), ' 新名称 ')).toBe('done');
  expect(await rename(network.id('DAY'), '')).toBe('NAME_INVALID');
  expect(await rename(999_999, 'x')).toBe('FACILITY_UNKNOWN');
  const facility = await network.database.read((manager) => facilityById(manager, network.id('DAY')));
  expect(facility).toMatchObject({ code: 'DAY', name: '新名称', openedOn: opened, closedOn: null });
});

it('covers what lies beneath the scope today, and hides the rest', async () => {
  const read = <T>(work: Parameters<typeof network.database.read<T>>[0]) => network.database.read(work);
  const street = [network.id('STREET')];
  const at = (code: string, day = today) => read((m) => covers(m, street, network.id(code), day));
  expect([await at('STREET'), await at('CANTEEN'), await at('COUNTY'), await at('OTHER')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(await read((m) => covers(m, 'everywhere', 1, today))).toBe(true);
  expect(await read((m) => covers(m, [], network.id('CITY'), today))).toBe(false);
  expect(await read((m) => narrowed(m, street, undefined, today))).toEqual(street);
  expect(await read((m) => narrowed(m, street, network.id('DAY'), today))).toEqual([network.id('DAY')]);
  expect(await read((m) => narrowed(m, street, network.id('COUNTY'), today))).toEqual([]);

  expect(await network.move('CANTEEN', 'REGION', today, street)).toBe('PARENT_UNKNOWN');
  expect(await network.move('OTHER', 'DAY', today, street)).toBe('FACILITY_UNKNOWN');
  expect(await network.close('REGION', today, street)).toBe('FACILITY_UNKNOWN');
  const root = {
    code: 'CITY2',
    name: 'x',
    kind: 'CITY_CENTER',
    divisionCode: '4114',
    parentId: null,
  } as const;
  expect(outcome(await network.tryToAdd(root, street))).toBe('PARENT_UNKNOWN');

  expect(await network.move('CANTEEN', 'REGION', '2026-11-01')).toBe('done');
  expect([await at('CANTEEN', '2026-10-31'), await at('CANTEEN')]).toEqual([true, false]);
});

it('the audit finds every kind of broken tree', async () => {
  const insert = (facility: string, parent: string, fromDay: string, toDay: string | null) =>
    network.test.writer.query(
      'INSERT INTO facility_placement (facilityId, parentId, fromDay, toDay) VALUES (?, ?, ?, ?)',
      [network.id(facility), network.id(parent), fromDay, toDay],
    );
  expect(await brokenChecks()).toEqual([]);
  await insert('CITY', 'CANTEEN', '2026-05-01', null);
  await insert('DAY', 'REGION', '2026-05-01', null);
  await network.test.writer.query('UPDATE facility_placement SET toDay = ? WHERE facilityId = ?', [
    '2026-03-01',
    network.id('STATION'),
  ]);
  await network.test.writer.query('DELETE FROM facility_placement WHERE facilityId = ?', [
    network.id('OTHER'),
  ]);
  await network.test.writer.query('UPDATE facility SET closedOn = ? WHERE id = ?', [
    '2026-04-01',
    network.id('DAY'),
  ]);
  expect(await brokenChecks()).toEqual(networkChecks.map(({ name }) => name));
  // Even then no question runs for ever.
  expect((await pathOf('CANTEEN', today)).length).toBeGreaterThan(0);
  expect(await sizeOf('CITY', today)).toBeLessThanOrEqual(8);
});
