import { describe, expect, it } from 'vitest';
import { eldersOfHomes } from '../../seeds/beds/applicants.js';
import { findingsOf } from '../../seeds/beds/assessments.js';
import { bedsCount, demoHomeCodes, homesCount, nanyangHomes } from '../../seeds/beds/homes.js';
import { bedsOf } from '../../seeds/beds/rooms.js';
import { nanyangNetwork } from '../../seeds/reference/nanyang/network.js';
import { assessed } from '../../src/elders/assessment.rules.js';
import {
  divisionLiesWithin,
  divisionSuits,
  mayStandBeneath,
} from '../../src/network/facility-kinds.rules.js';

const homes = nanyangHomes();
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('the nursing homes of the demo city', () => {
  it('are 117 with 25,000 beds, 72 % of them nursing beds, half of them small', () => {
    expect(homes).toHaveLength(homesCount);
    expect(sum(homes.map(({ size }) => size))).toBe(bedsCount);
    expect(sum(homes.map(({ beds }) => beds.NURSING))).toBe(18_000);
    const sizes = homes.map(({ size }) => size).sort((one, other) => one - other);
    expect(sizes[0]).toBeGreaterThan(40);
    expect(sizes[58]).toBeLessThan(190);
    expect(sizes.filter((size) => size >= 500).length).toBeGreaterThan(3);
    for (const { size, beds } of homes) expect(sum(Object.values(beds))).toBe(size);
  });

  it('are to have residents in 46.5 % of their beds, a tenth of them full', () => {
    expect(sum(homes.map(({ size, occupancy }) => size * occupancy)) / bedsCount).toBeCloseTo(0.465, 5);
    const full = homes.filter(({ occupancy }) => occupancy >= 0.8).length;
    expect(full).toBeGreaterThan(6);
    expect(full).toBeLessThan(16);
  });

  it('stand where the network lets them, under names and codes of their own', () => {
    const network = new Map(nanyangNetwork().map((facility) => [facility.code, facility]));
    for (const { code, kind, divisionCode, parentCode, openedOn } of homes) {
      const parent = network.get(parentCode);
      if (!parent) throw new Error(`${code} stands nowhere`);
      expect(mayStandBeneath(kind, parent.kind), code).toBe(true);
      expect(divisionSuits(kind, divisionCode), code).toBe(true);
      expect(divisionLiesWithin(divisionCode, parent), code).toBe(true);
      expect(openedOn >= parent.openedOn, code).toBe(true);
    }
    expect(new Set(homes.map(({ code }) => code)).size).toBe(homesCount);
    expect(new Set(homes.map(({ name }) => name)).size).toBe(homesCount);
    for (const code of demoHomeCodes) expect(homes.some((home) => home.code === code)).toBe(true);
  });

  it('have rooms of one type and gender, and every bed a label of its own in its room', () => {
    for (const home of homes) {
      const beds = bedsOf(home, '2026-11-20');
      expect(beds).toHaveLength(home.size);
      const places = beds.map(({ building, room, label }) => `${building} ${room} ${label}`);
      expect(new Set(places).size).toBe(home.size);
      const rooms = new Map<string, string>();
      for (const { building, room, floor, gender, type, registeredOn, inServiceFrom } of beds) {
        const key = `${building} ${room}`;
        const content = `${floor} ${gender} ${type} ${registeredOn}`;
        expect(rooms.get(key) ?? content).toBe(content);
        rooms.set(key, content);
        expect(registeredOn >= home.openedOn && inServiceFrom > registeredOn, home.code).toBe(true);
      }
    }
  });

  it('have more elders to choose from the larger the city is, the same ones for the same home', () => {
    const [small, large] = [eldersOfHomes(3000), eldersOfHomes(6000)];
    expect(large.size).toBeGreaterThan(small.size);
    for (const [home, numbers] of small) expect(large.get(home)).toEqual(numbers);
    expect(eldersOfHomes(10).size).toBe(0);
    const all = [...large.values()].flat();
    expect(new Set(all).size).toBe(all.length);
  });
});

it('scores an assessment so that its level comes out', () => {
  const name = { zh: '', en: '' };
  const indicators = Array.from({ length: 30 }, (_, index) => ({
    ...{ code: `I${index}`, groupCode: null, name },
    scoreMax: index < 4 ? null : index < 16 ? 4 : 3,
  }));
  const limits = [90, 66, 46, 30, 0];
  const levels = limits.map((scoreMin, level) => ({ level, scoreMin, name }));
  const terms = {
    validityMonths: 12,
    comaLevel: 4,
    worseBy: 1,
    riskEventsMin: 2,
    riskDays: 30,
    changeDays: 30,
  };
  const scale = { id: 1, code: 'S', name, ...terms, indicators, levels };
  for (const [level] of limits.entries()) {
    for (let index = 0; index < 20; index += 1) {
      expect(assessed(findingsOf(level, scale, index), scale).level).toBe(level);
    }
  }
});
