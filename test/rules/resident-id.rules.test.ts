import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  birthDateOf,
  checkCharacter,
  isResidentId,
  maskedResidentId,
  normalizedResidentId,
} from '../../src/elders/resident-id.rules.js';

/** A number whose check character is right, whatever the rest says. */
const checked = (first17: string) => first17 + checkCharacter(first17);

describe('a resident ID number', () => {
  it.each(['11010519491231002X', '440524188001010014'])('%s is valid', (id) => {
    expect(isResidentId(id)).toBe(true);
    expect(checkCharacter(id.slice(0, 17))).toBe(id.slice(17));
  });

  it.each([
    ['the wrong check character', '110105194912310021'],
    ['X where a digit belongs', '44052418800101001X'],
    ['x in lower case', '11010519491231002x'],
    ['17 characters', '11010519491231002'],
    ['19 characters', '11010519491231002X0'],
    ['nothing', ''],
    ['a letter among the digits', '1101O519491231002X'],
    ['a full-width digit', '\uFF111010519491231002X'],
    ['a space before it', ' 11010519491231002X'],
    ['the fifteen digits of before 1999', '110105491231002'],
    ['30 February', checked('11010519490230002')],
    ['month 13', checked('11010519491331002')],
    ['day 0', checked('11010519491200002')],
    ['29 February of a common year', checked('11010519490229002')],
    ['29 February 1900, which had none', checked('11010519000229002')],
    ['a birth in the year 1749', checked('11010517491231002')],
    ['no division', checked('01010519491231002')],
  ])('is not valid with %s', (_, id) => {
    expect(isResidentId(id)).toBe(false);
  });

  it('may have 29 February of a leap year', () => {
    expect(isResidentId(checked('11010519480229002'))).toBe(true);
    expect(isResidentId(checked('11010520000229002'))).toBe(true);
  });

  it('tells the birth date', () => {
    expect(birthDateOf('11010519491231002X')).toBe('1949-12-31');
    expect(birthDateOf('440524188001010014')).toBe('1880-01-01');
  });

  it('is stored without spaces around it and with X in upper case', () => {
    expect(normalizedResidentId(' 11010519491231002x ')).toBe('11010519491231002X');
  });

  it('is masked but for the first six and the last character', () => {
    expect(maskedResidentId('11010519491231002X')).toBe('110105***********X');
    expect(maskedResidentId('440524188001010014')).toBe('440524***********4');
  });

  it('notices any single wrong digit', () => {
    const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));
    const born = fc.integer({ min: 1, max: 28 }).map((day) => `195006${String(day).padStart(2, '0')}`);
    fc.assert(
      fc.property(
        digits(5),
        born,
        digits(3),
        fc.nat(16),
        fc.integer({ min: 1, max: 9 }),
        (place, day, tail, at, by) => {
          const id = checked(`4${place}${day}${tail}`);
          const wrong = id.slice(0, at) + ((Number(id[at]) + by) % 10) + id.slice(at + 1);
          expect(isResidentId(id)).toBe(true);
          expect(isResidentId(wrong)).toBe(false);
        },
      ),
    );
  });
});
