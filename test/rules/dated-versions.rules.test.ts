import { describe, expect, it } from 'vitest';
import type { VersionStatus } from '../../entities/rule-version.js';
import { overlapWith, versionOn, versionsAt } from '../../src/rule-versions/dated-versions.rules.js';

const version = (number: number, fromDay: string, toDay: string | null = null) => ({
  version: number,
  fromDay,
  toDay,
});

describe('of the versions of a set', () => {
  it.each<[string, number | undefined]>([
    ['2026-02-28', undefined],
    ['2026-03-01', 1],
    ['2026-03-31', 1],
    ['2026-04-01', 2],
    ['2026-04-30', 2],
    ['2026-05-01', undefined],
  ])('on %s the one that began last counts, until it ends: %s', (day, number) => {
    const versions = [version(2, '2026-04-01', '2026-05-01'), version(1, '2026-03-01')];
    expect(versionOn(versions, day)?.version).toBe(number);
  });

  it('two that begin on one day follow each other by their numbers', () => {
    for (const versions of [
      [version(1, '2026-03-01'), version(2, '2026-03-01')],
      [version(2, '2026-03-01'), version(1, '2026-03-01')],
    ]) {
      expect(versionOn(versions, '2026-03-01')?.version).toBe(2);
    }
  });

  it('one of each set counts at a place, from the top of the tree down', () => {
    const [root, city, station] = [1, 2, 3];
    const at = (code: string, facilityId: number) => ({ ...version(1, '2026-03-01'), code, facilityId });
    const versions = [at('A', station), at('B', root), at('C', 9), at('D', city)];
    const found = versionsAt(versions, [root, city, station], (ofCode) => versionOn(ofCode, '2026-03-01'));
    expect(found.map(({ code }) => code)).toEqual(['B', 'D', 'A']);
  });

  it('those of one place stand in the order of their codes, in whatever order they are given', () => {
    const at = (code: string) => ({ ...version(1, '2026-03-01'), code, facilityId: 1 });
    const versions = ['B', 'A1', 'A-1'].map(at);
    const found = versionsAt(versions, [1], (ofCode) => versionOn(ofCode, '2026-03-01'));
    expect(found.map(({ code }) => code)).toEqual(['A-1', 'A1', 'B']);
  });
});

describe('a new version overlaps', () => {
  const today = '2026-03-10';
  const standing = (status: VersionStatus, fromDay: string) => ({ ...version(7, fromDay), status });

  it.each<[string, VersionStatus, string, { fromDay: string; toDay: string | null }, boolean]>([
    ['a later one that it lasts into', 'APPROVED', '2026-04-01', version(0, '2026-03-20'), true],
    ['none that begins as it ends', 'APPROVED', '2026-04-01', version(0, '2026-03-20', '2026-04-01'), false],
    ['one that begins a day earlier', 'APPROVED', '2026-04-01', version(0, '2026-03-20', '2026-04-02'), true],
    ['no later one that is not approved', 'PROPOSED', '2026-04-01', version(0, '2026-03-20'), false],
    ['no earlier one, which it replaces', 'APPROVED', '2026-03-01', version(0, '2026-03-20'), false],
    ['one of today, which counts already', 'APPROVED', today, version(0, today), true],
    ['none of its own day that is to come', 'APPROVED', '2026-03-11', version(0, '2026-03-11'), false],
  ])('%s', (_name, status, fromDay, given, overlaps) => {
    const refusal = overlapWith([standing(status, fromDay)], given, today);
    expect(refusal?.message.en ?? null).toBe(overlaps ? 'Its days overlap those of version 7' : null);
  });
});
