import { describe, expect, it } from 'vitest';
import { type Role, roles } from '../../entities/access/access-grant.entity.js';
import {
  type Caller,
  type CallerGrant,
  elderIdsFor,
  mayAsk,
  scopeFor,
  showsOf,
} from '../../src/access/caller.js';
import { cutTo, rightsBeyond, rightsIn, storedRights } from '../../src/access/family-rights.rules.js';
import { closingGroup, groupPolicy } from '../../src/access/field-groups.js';
import { codeOf, isAlive, normalizedCode, phoneSearched } from '../../src/access/sign-in-code.rules.js';
import { codesPace } from '../../src/access/throttle.rules.js';

describe('a code that was sent', () => {
  const sent = { expiresAt: 1000, tries: 0, usedAt: null };

  it.each([
    ['just sent', sent, 999, true],
    ['at its end', sent, 1000, false],
    ['tried as often as may be, but for once', { ...sent, tries: 4 }, 0, true],
    ['tried as often as may be', { ...sent, tries: 5 }, 0, false],
    ['used', { ...sent, usedAt: 0 }, 1, false],
  ])('%s', (_what, code, now, alive) => {
    expect(isAlive(code, 5, now)).toBe(alive);
  });

  it('has six digits, zeros too', () => {
    expect([0, 42, 999_999].map(codeOf)).toEqual(['000000', '000042', '999999']);
  });

  it.each([
    [' 12 34 56 ', '123456'],
    ['12345', undefined],
    ['1234567', undefined],
    ['１２３４５６', undefined],
    ["' OR 1=1", undefined],
    ['', undefined],
  ])('typed %j', (typed, code) => {
    expect(normalizedCode(typed)).toBe(code);
  });

  it('is asked for three times, and then at a pace', () => {
    expect(codesPace).toEqual({ triesFree: 3, firstWaitMs: 60_000, waitMsMax: 900_000 });
  });
});

it.each([
  ['+8613800001234', '13800001234'],
  ['008613800001234', '13800001234'],
  ['13800001234', '13800001234'],
  // Not of a mobile phone of China, so what looks like its code may be something else.
  ['+8637712345678', '+8637712345678'],
  ['+8513800001234', '+8513800001234'],
  ['8613800001234', '8613800001234'],
])('the phone %s is found as %s', (typed, searched) => {
  expect(phoneSearched(typed)).toBe(searched);
});

describe('rights', () => {
  it('are kept once each, in one order, and read back', () => {
    expect(storedRights(['MONEY', 'BOOKING', 'MONEY'])).toBe('BOOKING MONEY');
    expect(rightsIn('BOOKING MONEY')).toEqual(['BOOKING', 'MONEY']);
    expect(rightsIn('')).toEqual([]);
    expect(rightsIn(null)).toEqual([]);
    expect(rightsIn('MONEYS money')).toEqual([]);
  });

  it('are passed on no further than they are held', () => {
    expect(rightsBeyond(['MONEY', 'HEALTH'], ['HEALTH'])).toEqual(['MONEY']);
    expect(rightsBeyond([], [])).toEqual([]);
  });

  it('shrink with those above them, and so does the end', () => {
    const [soon, late] = [new Date(1), new Date(2)];
    const both = { rights: ['HEALTH', 'MONEY'] as const, untilAt: late };
    expect(cutTo(both, both)).toBeUndefined();
    expect(cutTo(both, { rights: ['MONEY'], untilAt: late })).toEqual({ rights: ['MONEY'], untilAt: late });
    expect(cutTo(both, { ...both, untilAt: soon })).toEqual({ rights: ['HEALTH', 'MONEY'], untilAt: soon });
    expect(cutTo({ rights: [], untilAt: soon }, both)).toBeUndefined();
  });
});

describe('the groups of fields', () => {
  const grant = (role: Role, more: Partial<CallerGrant> = {}): CallerGrant => ({
    role,
    id: 1,
    facilityId: role === 'FAMILY' ? null : 7,
    elderId: role === 'FAMILY' ? 3 : null,
    untilAt: null,
    showsIdentities: false,
    ...more,
  });
  const caller = (...grants: CallerGrant[]): Caller => ({ accountId: 1, name: 'x', revoked: false, grants });

  it('are shown to a relative by the grant alone, and the identity never', () => {
    const shown = Object.entries(groupPolicy).map(([group, showing]) => [group, showing.FAMILY]);
    expect(Object.fromEntries(shown)).toEqual({
      IDENTITY: 'never',
      BOOKING: 'by grant',
      HEALTH: 'by grant',
      MONEY: 'by grant',
    });
    for (const showing of Object.values(groupPolicy)) expect(Object.keys(showing)).toEqual([...roles]);
  });

  it('open a field, and narrow an operation to the elders of whom they are shown', () => {
    const relative = caller(
      grant('FAMILY', { rights: ['MONEY'] }),
      grant('FAMILY', { elderId: 4, rights: ['HEALTH'] }),
    );
    expect(showsOf(relative, 'MONEY', 3)).toBe('yes');
    expect(showsOf(relative, 'MONEY', 4)).toBe('no');
    expect(elderIdsFor(relative, 'elder')).toEqual([3, 4]);
    expect(elderIdsFor(relative, 'reportCardLost')).toEqual([3]);
    expect(scopeFor(relative, 'elder')).toEqual([]);
    expect(mayAsk(relative, 'Elder.visits')).toBe(false);
    expect(mayAsk(relative, 'Elder.card')).toBe(true);
    expect(elderIdsFor({ ...relative, revoked: true }, 'elder')).toEqual([]);
  });

  it('are shown to staff where they are held; who is a relative too is asked for the place', () => {
    expect(showsOf(caller(grant('STAFF')), 'HEALTH', 3)).toBe('yes');
    expect(showsOf(caller(grant('STAFF'), grant('FAMILY', { rights: [] })), 'HEALTH', 3)).toBe('by place');
    expect(showsOf(caller(grant('FINANCE'), grant('FAMILY')), 'HEALTH', 3)).toBe('no');
    expect(showsOf(caller(), 'HEALTH', 3)).toBe('no');
  });

  it('mask an identity and close no field of it', () => {
    expect(closingGroup('Elder.idNumber')).toBeUndefined();
    expect(closingGroup('Elder.abilityLevel')).toBe('HEALTH');
    expect(closingGroup('Elder.name')).toBeUndefined();
  });
});
