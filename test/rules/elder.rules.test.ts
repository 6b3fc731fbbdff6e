import { describe, expect, it } from 'vitest';
import { abilityLevelOn } from '../../src/elders/ability.rules.js';
import {
  normalizedRegistration,
  type Registration,
  registrationFault,
} from '../../src/elders/registration.rules.js';
import { checkCharacter } from '../../src/elders/resident-id.rules.js';
import { completedYears } from '../../src/shared/china-time.js';

describe('completed years', () => {
  it.each([
    ['the day before the birthday', '1949-12-31', '2026-12-30', 76],
    ['the birthday itself', '1949-12-31', '2026-12-31', 77],
    ['the day after the birthday', '1949-12-31', '2027-01-01', 77],
    ['the day of birth', '1949-12-31', '1949-12-31', 0],
    ['born on 29 February, on 28 February of a common year', '1948-02-29', '2027-02-28', 78],
    ['born on 29 February, on 1 March of a common year', '1948-02-29', '2027-03-01', 79],
    ['born on 29 February, on 28 February of a leap year', '1948-02-29', '2028-02-28', 79],
    ['born on 29 February, on that day of a leap year', '1948-02-29', '2028-02-29', 80],
    ['born on 1 March, on 29 February of a leap year', '1948-03-01', '2028-02-29', 79],
    ['more than a century', '1880-01-01', '2026-11-02', 146],
  ])('on %s', (_, birthDate, day, years) => {
    expect(completedYears(birthDate, day)).toBe(years);
  });
});

describe('an ability level', () => {
  const assessed = { abilityLevel: 3, abilityExpiresOn: '2026-03-10' };

  it('counts up to the day before it expires', () => {
    expect(abilityLevelOn(assessed, '2026-03-09')).toBe(3);
    expect(abilityLevelOn(assessed, '2026-03-10')).toBeNull();
    expect(abilityLevelOn(assessed, '2026-03-11')).toBeNull();
  });

  it('of zero is a level, and never assessed is none', () => {
    expect(abilityLevelOn({ ...assessed, abilityLevel: 0 }, '2026-03-09')).toBe(0);
    expect(abilityLevelOn({ abilityLevel: null, abilityExpiresOn: null }, '2026-03-09')).toBeNull();
  });

  it('without a day of expiry does not expire', () => {
    expect(abilityLevelOn({ abilityLevel: 2, abilityExpiresOn: null }, '2999-12-31')).toBe(2);
  });
});

describe('a registration', () => {
  const today = '2026-03-10';
  const right: Registration = {
    name: '王秀英',
    idNumber: '11010519491231002X',
    homeStationId: 1,
    categories: [],
    abilityLevel: null,
    abilityExpiresOn: null,
  };
  const bornOn = (day: string) => {
    const first17 = `110105${day.replaceAll('-', '')}002`;
    return first17 + checkCharacter(first17);
  };
  const fault = (changed: Partial<Registration>) => {
    const refusal = registrationFault(normalizedRegistration({ ...right, ...changed }), today);
    return refusal && [refusal.refused, refusal.field?.at(-1)];
  };

  it.each([
    ['as it should be', {}],
    ['with spaces around and x in lower case', { name: ' 王秀英 ', idNumber: ' 11010519491231002x ' }],
    ['with a name of one character', { name: '王' }],
    ['with a name of sixty characters', { name: '王'.repeat(60) }],
    ['with sixty characters outside the basic plane', { name: '𠮷'.repeat(60) }],
    ['with a name in two scripts', { name: '买买提·艾力 O’Brien' }],
    ['with a birth today', { idNumber: bornOn(today) }],
    ['with ability 0', { abilityLevel: 0, abilityExpiresOn: today }],
    ['with ability 4', { abilityLevel: 4, abilityExpiresOn: today }],
  ])('%s has no fault', (_, changed) => {
    expect(fault(changed)).toBeUndefined();
  });

  it.each([
    ['no name', { name: '' }, 'NAME_INVALID', 'name'],
    ['a blank name', { name: '  ' }, 'NAME_INVALID', 'name'],
    ['a name of sixty-one characters', { name: '王'.repeat(61) }, 'NAME_INVALID', 'name'],
    ['a line break in the name', { name: '王\n秀英' }, 'NAME_INVALID', 'name'],
    ['half a character in the name', { name: '王\ud842' }, 'NAME_INVALID', 'name'],
    ['a wrong ID number', { idNumber: '110105194912310021' }, 'ID_NUMBER_INVALID', 'idNumber'],
    ['a birth tomorrow', { idNumber: bornOn('2026-03-11') }, 'ID_NUMBER_INVALID', 'idNumber'],
    ['ability -1', { abilityLevel: -1 }, 'ABILITY_LEVEL_OUT_OF_RANGE', 'abilityLevel'],
    ['ability 5', { abilityLevel: 5 }, 'ABILITY_LEVEL_OUT_OF_RANGE', 'abilityLevel'],
    ['ability 1.5', { abilityLevel: 1.5 }, 'ABILITY_LEVEL_OUT_OF_RANGE', 'abilityLevel'],
    ['ability without its end', { abilityLevel: 2 }, 'ABILITY_INCOMPLETE', 'abilityExpiresOn'],
    ['the end of no ability', { abilityExpiresOn: today }, 'ABILITY_INCOMPLETE', 'abilityLevel'],
    ['all of it wrong', { name: '', idNumber: '', abilityLevel: 9 }, 'NAME_INVALID', 'name'],
    ['number and ability wrong', { idNumber: '', abilityLevel: 9 }, 'ID_NUMBER_INVALID', 'idNumber'],
  ])('with %s is refused', (_, changed, code, field) => {
    expect(fault(changed)).toEqual([code, field]);
  });

  it('keeps each category once', () => {
    const categories = ['DISABLED', 'LIVING_ALONE', 'DISABLED'] as const;
    expect(normalizedRegistration({ ...right, categories }).categories).toEqual(['DISABLED', 'LIVING_ALONE']);
  });
});
