import { describe, expect, it } from 'vitest';
import { cardStatuses } from '../../entities/meals/meal-card.entity.js';
import {
  cardActions,
  cardStatusAfter,
  cardStatusOn,
  cardTransitions,
  isCardUid,
  normalizedCardUid,
} from '../../src/meals/card.rules.js';

describe('a card uid', () => {
  it.each(['00000000', '04A1B2C3', '04A1B2C3D4E5F6', '0123456789ABCDEF0123'])('%s is well formed', (uid) => {
    expect(isCardUid(uid)).toBe(true);
  });

  it.each([
    ['seven digits', '04A1B2C'],
    ['twenty-one digits', '0123456789ABCDEF01234'],
    ['nothing', ''],
    ['lower case', '04a1b2c3'],
    ['a letter after F', '04A1B2CG'],
    ['an accented letter, which MySQL takes for a plain one', '04Á1B2C3'],
    ['spaces within', '04A1 B2C3'],
    ['a line after it', '04A1B2C3\n'],
    ['colons between the bytes', '04:A1:B2:C3'],
  ])('is malformed with %s', (_, uid) => {
    expect(isCardUid(uid)).toBe(false);
  });

  it('is stored in upper case without spaces around it', () => {
    expect(normalizedCardUid(' 04a1b2c3\n')).toBe('04A1B2C3');
  });
});

describe('the life of a card', () => {
  const after = {
    REPORT_LOST: {
      ACTIVE: 'LOST',
      LOST: undefined,
      REPLACED: undefined,
      EXPIRED: undefined,
      CLOSED: undefined,
    },
    REPLACE: {
      ACTIVE: 'REPLACED',
      LOST: 'REPLACED',
      REPLACED: undefined,
      EXPIRED: 'REPLACED',
      CLOSED: undefined,
    },
    CLOSE: {
      ACTIVE: 'CLOSED',
      LOST: 'CLOSED',
      REPLACED: undefined,
      EXPIRED: 'CLOSED',
      CLOSED: undefined,
    },
  } as const;
  const cases = cardActions.flatMap((action) => cardStatuses.map((status) => ({ action, status })));

  it.each(cases)('$action of a card that is $status', ({ action, status }) => {
    expect(cardStatusAfter(status, action)).toBe(after[action][status]);
  });

  it('has an end: no action makes a card active again', () => {
    const outcomes = cardStatuses.flatMap((status) => Object.values(cardTransitions[status]));
    expect(outcomes).not.toContain('ACTIVE');
  });

  it.each([
    ['ACTIVE', null, 'ACTIVE'],
    ['ACTIVE', '2026-03-11', 'ACTIVE'],
    ['ACTIVE', '2026-03-10', 'EXPIRED'],
    ['ACTIVE', '2020-01-01', 'EXPIRED'],
    ['LOST', '2020-01-01', 'LOST'],
    ['CLOSED', '2020-01-01', 'CLOSED'],
  ] as const)('%s until %s is %s on 10 March 2026', (status, expiresOn, shown) => {
    expect(cardStatusOn({ status, expiresOn }, '2026-03-10')).toBe(shown);
  });
});
