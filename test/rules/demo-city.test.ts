import { describe, expect, it } from 'vitest';
import type { FacilityKind } from '../../entities/network/facility.entity.js';
import { demoElder } from '../../seeds/elders/demo-elder.js';
import { eldersMax, identityOf } from '../../seeds/elders/identity.js';
import { nanyangCanteens } from '../../seeds/reference/nanyang/canteens.js';
import { demoCanteenCode, nanyangNetwork } from '../../seeds/reference/nanyang/network.js';
import { referenceRules } from '../../seeds/reference/reference-rules.js';
import { isResidentId } from '../../src/elders/resident-id.rules.js';
import { isCardUid } from '../../src/meals/card.rules.js';
import {
  divisionLiesWithin,
  divisionSuits,
  mayStandBeneath,
} from '../../src/network/facility-kinds.rules.js';
import { completedYears, isDay } from '../../src/shared/china-time.js';
import { isUuid } from '../../src/shared/uuid.js';

const network = nanyangNetwork();

describe('the network of Nanyang', () => {
  it("has the report's figures", () => {
    const counts = new Map<FacilityKind, number>();
    for (const { kind } of network) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({
      CITY_CENTER: 1,
      COUNTY_CENTER: 16,
      STREET_CENTER: 45,
      REGIONAL_CENTER: 27,
      DAY_CARE_CENTER: 443,
      HOME_CARE_STATION: 468,
      ELDER_CANTEEN: 304,
    });
  });

  it('obeys the rules of the tree, every parent before its children', () => {
    const seen = new Map<string, (typeof network)[number]>();
    for (const facility of network) {
      const parent = facility.parentCode === null ? null : seen.get(facility.parentCode);
      expect(parent, facility.code).not.toBe(undefined);
      expect(mayStandBeneath(facility.kind, parent?.kind ?? null), facility.code).toBe(true);
      expect(divisionSuits(facility.kind, facility.divisionCode), facility.code).toBe(true);
      if (parent) expect(divisionLiesWithin(facility.divisionCode, parent), facility.code).toBe(true);
      expect(facility.openedOn >= (parent?.openedOn ?? ''), facility.code).toBe(true);
      expect(isDay(facility.openedOn) && facility.openedOn < '2026-01-01', facility.code).toBe(true);
      seen.set(facility.code, facility);
    }
    expect(seen.size).toBe(network.length);
  });

  it('gives streets 001 to 099, towns 100 to 199, and no two facilities of a kind one place', () => {
    const places = new Set(network.map(({ kind, divisionCode }) => `${kind} ${divisionCode}`));
    expect(places.size).toBe(network.length);
    expect(new Set(network.map(({ name }) => name)).size).toBe(network.length);
    for (const { kind, name, divisionCode } of network) {
      if (divisionCode.length < 9) continue;
      const place = divisionCode.slice(6, 9);
      expect(place, name).toMatch(name.includes('街道') ? /^0(?!00)\d\d$/ : /^1\d\d$/);
      if (kind === 'REGIONAL_CENTER') expect(place).toMatch(/^1/);
    }
  });

  it('spreads every kind of the community over all counties, more to the larger ones', () => {
    for (const kind of ['DAY_CARE_CENTER', 'HOME_CARE_STATION', 'ELDER_CANTEEN']) {
      const inCounty = (county: string) =>
        network.filter((one) => one.kind === kind && one.divisionCode.startsWith(county)).length;
      const counties = network.filter((one) => one.kind === 'COUNTY_CENTER').map((one) => one.divisionCode);
      expect(Math.min(...counties.map(inCounty))).toBeGreaterThan(0);
      expect(inCounty('411381')).toBe(Math.max(...counties.map(inCounty)));
      expect(inCounty('411373')).toBe(Math.min(...counties.map(inCounty)));
    }
  });

  it('serves lunch around the clock at the first canteen, and in real windows at the others', () => {
    const [demo, ...others] = nanyangCanteens();
    expect(demo).toEqual({
      code: demoCanteenCode,
      priceFenMax: 3000,
      windows: [{ meal: 'LUNCH', fromMinute: 0, toMinute: 1440 }],
      delivery: { priceFen: 1200, cutoffMinutes: 0 },
    });
    expect(network.find(({ code }) => code === demoCanteenCode)?.name).toContain('体验食堂');
    const codes = network.filter(({ kind }) => kind === 'ELDER_CANTEEN').map(({ code }) => code);
    expect([...codes].sort()[0]).toBe(demoCanteenCode);
    expect(others).toHaveLength(303);
    for (const { windows } of others) {
      const lunch = windows.find(({ meal }) => meal === 'LUNCH');
      expect(lunch?.fromMinute).toBeGreaterThanOrEqual(10 * 60 + 30);
      expect(lunch?.toMinute).toBeLessThanOrEqual(13 * 60 + 30);
    }
    const serving = (meal: string) =>
      others.filter((one) => one.windows.some((window) => window.meal === meal));
    expect(serving('BREAKFAST').length).toBeGreaterThan(60);
    expect(serving('DINNER').length).toBeGreaterThan(100);
    const bringing = others.filter(({ delivery }) => delivery);
    expect(bringing.length).toBeGreaterThan(60);
    expect(bringing.every(({ priceFenMax, delivery }) => (delivery?.priceFen ?? 0) <= priceFenMax)).toBe(
      true,
    );
  });
});

it("gives Nanning's rule two versions that follow each other without a gap", () => {
  const [first, second] = referenceRules('nanyang/lunch-rule.json').ruleSets[0]?.versions ?? [];
  const givenBy = (version: typeof first) => version?.document.groups[0]?.rules[0]?.gives;
  expect([givenBy(first), givenBy(second)]).toMatchObject([{ fen: 200 }, { fen: 300 }]);
  expect(first?.toDay).toBe(second?.fromDay);
  expect(second?.toDay).toBe(null);
});

describe('made-up elders', () => {
  const count = 50_000;
  const elders = Array.from({ length: count }, (_, index) => demoElder(index));
  const share = (matches: (elder: (typeof elders)[number]) => boolean) =>
    elders.filter(matches).length / count;

  it('are the same each time', () => {
    expect(demoElder(0)).toEqual(elders[0]);
    expect(demoElder(49_999)).toEqual(elders[49_999]);
    expect(elders[0]).toEqual({
      name: '陈长林',
      idNumber: '411381196606300016',
      birthDate: '1966-06-30',
      registeredOn: '2026-06-30',
      abilityLevel: 0,
      abilityExpiresOn: '2027-06-30',
      categories: [],
      homeStationCode: 'NY-411381-H036',
      cardUid: 'B6DFE5F2',
      topUp: {
        requestId: '00000000-29b7-430f-b28f-d41911c00018',
        fen: 10_000,
        at: new Date('2026-06-30T12:08:00+08:00'),
      },
    });
  });

  it('have valid ID numbers, cards and requests, no two the same', () => {
    const invalid = elders.filter(
      ({ idNumber, birthDate, cardUid, topUp }) =>
        !isResidentId(idNumber) ||
        idNumber.slice(6, 14) !== birthDate.replaceAll('-', '') ||
        !isCardUid(cardUid) ||
        !isUuid(topUp.requestId),
    );
    expect(invalid).toEqual([]);
    expect(new Set(elders.map(({ idNumber }) => idNumber)).size).toBe(count);
    expect(new Set(elders.map(({ cardUid }) => cardUid)).size).toBe(count);
    expect(new Set(elders.map(({ topUp }) => topUp.requestId)).size).toBe(count);
  });

  it('stay valid and unlike each other at the far end, where the sequence numbers are highest', () => {
    const far = Array.from({ length: 20_000 }, (_, index) => identityOf(eldersMax - 1 - index).idNumber);
    expect(far.filter((idNumber) => !isResidentId(idNumber))).toEqual([]);
    expect(new Set([...far, ...elders.map(({ idNumber }) => idNumber)]).size).toBe(count + far.length);
    expect(() => identityOf(eldersMax)).toThrow(RangeError);
  });

  it('are 60 to 102 years old, fewer the older', () => {
    const ages = elders.map(({ birthDate }) => completedYears(birthDate, '2026-06-30'));
    expect(Math.min(...ages)).toBe(60);
    expect(Math.max(...ages)).toBeLessThanOrEqual(102);
    const from = (low: number, high: number) => ages.filter((age) => age >= low && age < high).length / count;
    expect(from(60, 70)).toBeCloseTo(0.555, 2);
    expect(from(70, 80)).toBeCloseTo(0.31, 2);
    expect(from(80, 90)).toBeCloseTo(0.1155, 2);
    expect(from(90, 103)).toBeCloseTo(0.0193, 2);
  });

  it('belong to levels and categories in believable proportions', () => {
    expect(share(({ abilityLevel }) => abilityLevel === 0)).toBeCloseTo(0.667, 1);
    expect(share(({ abilityLevel }) => abilityLevel === null)).toBeGreaterThan(0.1);
    expect(share(({ abilityLevel }) => (abilityLevel ?? 0) >= 2)).toBeGreaterThan(0.03);
    expect(share(({ abilityLevel }) => (abilityLevel ?? 0) >= 2)).toBeLessThan(0.12);
    expect(
      share(({ abilityLevel, abilityExpiresOn }) => (abilityLevel === null) !== (abilityExpiresOn === null)),
    ).toBe(0);
    expect(share(({ categories }) => categories.includes('DESTITUTE'))).toBeCloseTo(0.018, 2);
    expect(share(({ categories }) => categories.includes('MINIMUM_LIVING'))).toBeCloseTo(0.062, 2);
    expect(share(({ categories }) => categories.includes('LIVING_ALONE'))).toBeCloseTo(0.12, 1);
    expect(share(({ idNumber }) => Number(idNumber.charAt(16)) % 2 === 1)).toBeCloseTo(0.48, 1);
  });

  it('were registered at sixty or later, and paid in 20 to 300 yuan that day', () => {
    for (const { birthDate, registeredOn, topUp } of elders) {
      if (completedYears(birthDate, registeredOn) < 60 || registeredOn < '2023-07-01') {
        expect.fail(`${birthDate} ${registeredOn}`);
      }
      if (topUp.fen < 2000 || topUp.fen > 30_000) expect.fail(String(topUp.fen));
      if (registeredOn > '2026-06-30') expect.fail(registeredOn);
      if (!topUp.at.toISOString().startsWith(registeredOn)) expect.fail(topUp.at.toISOString());
    }
  });

  it('are spread over all 468 stations, mostly of their own county', () => {
    expect(new Set(elders.map(({ homeStationCode }) => homeStationCode)).size).toBe(468);
    expect(
      share(({ homeStationCode, idNumber }) => homeStationCode.slice(3, 9) === idNumber.slice(0, 6)),
    ).toBeGreaterThan(0.8);
  });
});
