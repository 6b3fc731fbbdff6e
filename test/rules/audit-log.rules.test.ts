import { describe, expect, it } from 'vitest';
import { auditRow } from '../../src/audit-log/audit-record.js';
import { genesis, linkHash } from '../../src/audit-log/chain.rules.js';
import { boundedDetails, maskedInput } from '../../src/audit-log/masking.rules.js';
import { latestPruneDay } from '../../src/audit-log/prune.rules.js';

const actor = { accountId: 1, roles: ['ADMIN'], address: '10.0.0.1', requestId: 'r', facilityId: null };
const record = auditRow(7, new Date(1000), actor, { operation: 'addFacility', result: 'DONE' });

describe('what was asked', () => {
  it('keeps ids, days, numbers, flags and words of an enumeration', () => {
    const kept = { elderId: '12', on: '2026-03-10', fen: 500, offline: true, status: 'DECEASED', none: null };
    expect(maskedInput(kept)).toEqual(kept);
    const requestId = '0191f3a0-0000-7000-8000-000000000001';
    expect(maskedInput({ requestId })).toEqual({ requestId });
    expect(maskedInput({ at: new Date(0) })).toEqual({ at: '1970-01-01T00:00:00.000Z' });
  });

  it.each([
    ['a name', { name: '王小明' }],
    ['a name in Latin letters', { name: 'Wang' }],
    ['a name in capital letters', { name: 'WANG_XIAOMING' }],
    ['a name that is searched for', { search: 'WANG' }],
    ['a card that is searched for', { search: '04123456' }],
    ['a note in capital letters', { note: 'DEMENTIA', reason: 'ILL', consentVersion: 'WANG' }],
    ['an ID number', { idNumber: '110105194912310021' }],
    ['an ID number where an id belongs', { elderId: '110105194912310021' }],
    ['a phone number', { search: '13800138000' }],
    ['a phone number as a number', { phone: 13800138000 }],
    ['a card', { cardUid: '04123456' }],
    ['a new card', { newCardUid: '04B00001' }],
    ['a one-time code', { code: '123456' }],
    ['a password', { password: 'DECEASED' }],
    ['a place on the map', { latitude: 33, longitude: 112 }],
    ['the ability of an elder', { abilityLevel: 3 }],
    ['a reason', { reason: 'moved to her son' }],
  ])('hides %s', (_what, input) => {
    for (const value of Object.values(maskedInput({ input }) as Record<string, object>)) {
      for (const shown of Object.values(value)) expect(shown).toBe('***');
    }
  });

  it('hides within lists, and cuts long and deep ones', () => {
    expect(maskedInput({ words: ['王小明', 'LUNCH'] })).toEqual({ words: ['***', 'LUNCH'] });
    expect(maskedInput(Array.from({ length: 30 }, () => 1))).toHaveLength(21);
    expect(JSON.stringify(maskedInput({ a: { b: { c: { d: { e: { f: 1 } } } } } }))).toContain('***');
  });
});

describe('details', () => {
  it('are cut off, and stay JSON', () => {
    const text = boundedDetails({ long: '字'.repeat(10_000) });
    expect(text.length).toBeLessThan(4100);
    expect(JSON.parse(text)).toHaveProperty('cutFrom', 10_011);
  });

  it('hold no long number, wherever it stands, and leave ids of swipes alone', () => {
    expect(boundedDetails({ text: 'of 110105194912310021 and 13800138000' })).toBe(
      '{"text":"of *** and ***"}',
    );
    const swipeId = '0191f3a0-0000-7000-8000-012345678901';
    expect(boundedDetails({ swipeId })).toContain(swipeId);
  });
});

describe('the hash of a link', () => {
  it('is that of its published definition', () => {
    // printf '%s\n1\n%s' "$(printf '0%.0s' $(seq 64))" '[7,1000,...]' | sha256sum
    expect(linkHash(genesis, 1, record)).toBe(
      '8dae625f72d40441840d50518d2b3708a2acaea1e3a0834d2a953cac45169454',
    );
  });

  it.each(Object.keys(record))('covers %s', (name) => {
    const changed = { ...record, [name]: name === 'times' ? 2 : 'other' };
    expect(linkHash(genesis, 1, changed)).not.toBe(linkHash(genesis, 1, record));
  });

  it('covers the hash before it, the place, and the absence of a record', () => {
    const hashes = [
      linkHash(genesis, 1, record),
      linkHash('1'.repeat(64), 1, record),
      linkHash(genesis, 2, record),
      linkHash(genesis, 1, undefined),
    ];
    expect(new Set(hashes).size).toBe(4);
  });
});

it.each([
  ['2026-11-24', '2026-05-24'],
  ['2026-06-30', '2025-12-30'],
  ['2026-08-31', '2026-02-28'],
  ['2028-08-31', '2028-02-29'],
  ['2026-01-01', '2025-07-01'],
  ['2026-12-31', '2026-06-30'],
])('on %s what is older than %s may be pruned', (today, latest) => {
  expect(latestPruneDay(today)).toBe(latest);
});
