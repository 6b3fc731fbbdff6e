import { expect, it } from 'vitest';
import { type FacilityKind, facilityKinds } from '../../entities/network/facility.entity.js';
import {
  divisionLiesWithin,
  divisionSuits,
  kindRules,
  mayStandBeneath,
} from '../../src/network/facility-kinds.rules.js';
import {
  earlierEnd,
  facilityName,
  isFacilityCode,
  isOpenThroughout,
  placementToCut,
} from '../../src/network/placement.rules.js';

it('says for each pair of kinds whether the one may stand beneath the other', () => {
  const allowed = facilityKinds.flatMap((child) =>
    [null, ...facilityKinds]
      .filter((parent) => mayStandBeneath(child, parent))
      .map((parent) => `${child} < ${parent}`),
  );
  const centers = ['COUNTY_CENTER', 'STREET_CENTER', 'REGIONAL_CENTER'];
  const beneath = (child: string, parents: string[]) => parents.map((parent) => `${child} < ${parent}`);
  expect(allowed.sort()).toEqual(
    [
      'CITY_CENTER < null',
      'COUNTY_CENTER < CITY_CENTER',
      'STREET_CENTER < COUNTY_CENTER',
      'REGIONAL_CENTER < COUNTY_CENTER',
      ...beneath('DAY_CARE_CENTER', centers),
      ...beneath('HOME_CARE_STATION', centers),
      ...beneath('HAPPINESS_HOME', centers),
      ...beneath('ELDER_CANTEEN', [...centers, 'DAY_CARE_CENTER', 'HOME_CARE_STATION']),
      ...beneath('NEIGHBOR_POINT', [...centers, 'HAPPINESS_HOME']),
      ...beneath('NURSING_HOME', ['CITY_CENTER', ...centers]),
    ].sort(),
  );
});

it('leads from no kind back to itself', () => {
  const above = (kind: FacilityKind): FacilityKind[] =>
    kindRules[kind].beneath.flatMap((parent) => [parent, ...above(parent)]);
  for (const kind of facilityKinds) expect(above(kind)).not.toContain(kind);
});

it('asks for the digits of the level', () => {
  const code = '411302001001';
  const lengths = (kind: FacilityKind) =>
    Array.from({ length: 14 }, (_, length) => length).filter((length) =>
      divisionSuits(kind, code.padEnd(14, '0').slice(0, length)),
    );
  expect(lengths('CITY_CENTER')).toEqual([4]);
  expect(lengths('COUNTY_CENTER')).toEqual([6]);
  expect(lengths('STREET_CENTER')).toEqual([9]);
  expect(lengths('REGIONAL_CENTER')).toEqual([9]);
  expect(lengths('NURSING_HOME')).toEqual([6, 9, 12]);
  for (const kind of ['DAY_CARE_CENTER', 'HOME_CARE_STATION', 'ELDER_CANTEEN'] as const) {
    expect(lengths(kind)).toEqual([12]);
  }
  expect(lengths('HAPPINESS_HOME')).toEqual([12]);
  expect(lengths('NEIGHBOR_POINT')).toEqual([12]);
  for (const wrong of ['41A3', '４１１３', ' 411', '-411', '4113\n']) {
    expect(divisionSuits('CITY_CENTER', wrong)).toBe(false);
  }
});

it('keeps a division within its parent’s, and beneath a regional centre within the county', () => {
  const street = { kind: 'STREET_CENTER', divisionCode: '411302001' } as const;
  const region = { kind: 'REGIONAL_CENTER', divisionCode: '411302101' } as const;
  expect(divisionLiesWithin('411302001001', street)).toBe(true);
  expect(divisionLiesWithin('411302001', street)).toBe(true);
  expect(divisionLiesWithin('411302002001', street)).toBe(false);
  expect(divisionLiesWithin('411302', street)).toBe(false);
  expect(divisionLiesWithin('411302002001', region)).toBe(true);
  expect(divisionLiesWithin('411303101001', region)).toBe(false);
});

it('takes codes and names that can be printed on a plate', () => {
  for (const code of ['A', '4113-C-001', 'X'.repeat(32)]) expect(isFacilityCode(code)).toBe(true);
  for (const code of ['', '-A', 'A-', 'a', 'A B', 'X'.repeat(33), '长者', 'A\n']) {
    expect(isFacilityCode(code)).toBe(false);
  }
  expect(facilityName('  体验食堂 ')).toBe('体验食堂');
  expect(facilityName('𠮷'.repeat(100))).toBe('𠮷'.repeat(100));
  for (const name of ['', '   ', 'x'.repeat(101), 'a\u0000b', 'a\nb'])
    expect(facilityName(name)).toBeUndefined();
});

it('cuts the placement of the day, neither on an edge nor before the present one', () => {
  const past = { id: 1, parentId: 1, fromDay: '2026-01-01', toDay: '2026-06-01' };
  const present = { id: 2, parentId: 2, fromDay: '2026-06-01', toDay: '2026-12-01' };
  const planned = { id: 3, parentId: 3, fromDay: '2026-12-01', toDay: null };
  const cut = (on: string) => placementToCut([past, present, planned], on, '2026-11-02')?.id;
  expect(cut('2026-05-31')).toBeUndefined();
  expect(cut('2026-06-01')).toBeUndefined();
  expect(cut('2026-06-02')).toBe(2);
  expect(cut('2026-11-30')).toBe(2);
  expect(cut('2026-12-01')).toBeUndefined();
  expect(cut('2026-12-02')).toBe(3);
});

it('knows whether a parent is open for all of a time', () => {
  const parent = { openedOn: '2026-01-01', closedOn: '2026-12-01' };
  expect(isOpenThroughout(parent, '2026-01-01', '2026-12-01')).toBe(true);
  expect(isOpenThroughout(parent, '2025-12-31', '2026-12-01')).toBe(false);
  expect(isOpenThroughout(parent, '2026-01-01', '2026-12-02')).toBe(false);
  expect(isOpenThroughout(parent, '2026-01-01', null)).toBe(false);
  expect(isOpenThroughout({ ...parent, closedOn: null }, '2026-01-01', null)).toBe(true);
  expect(earlierEnd(null, null)).toBeNull();
  expect(earlierEnd('2026-01-02', null)).toBe('2026-01-02');
  expect(earlierEnd('2026-01-02', '2026-01-01')).toBe('2026-01-01');
});
