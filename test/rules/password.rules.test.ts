import { describe, expect, it } from 'vitest';
import { passwordKept, passwordRefusal, userNameKept } from '../../src/access/password.rules.js';

describe('a password', () => {
  it.each([
    ['ten characters', 'abcdefghij', true],
    ['nine', 'abcdefghi', false],
    ['128', 'abcd'.repeat(32), true],
    ['129', `${'abcd'.repeat(32)}e`, false],
    ['ten of any script, counted as people do', '我的密码是一首老歌呀', true],
    ['ten that the machine counts as twenty', '🀀🀁🀂🀃🀄🀅🀆🀇🀈🀉', true],
    ['two characters over and over', 'ababababab', false],
    ['the user name', 'wang.zhuren', false],
    ['the user name in capitals, with a space', 'WANG.Zhuren ', false],
    ['the user name and more', 'wang.zhuren 1958', true],
  ])('of %s', (_what, password, fits) => {
    const refusal = passwordRefusal(password, 'wang.zhuren', ['p']);
    expect(refusal?.refused).toBe(fits ? undefined : 'PASSWORD_UNFIT');
  });

  it('is the same however a keyboard composes it', () => {
    expect(passwordKept('caf\u00e9')).toBe(passwordKept('cafe\u0301'));
  });
});

describe('a user name', () => {
  it.each([
    ['Wang.Zhuren', 'wang.zhuren'],
    ['  li_1 ', 'li_1'],
    ['ab', undefined],
    ['a'.repeat(40), 'a'.repeat(40)],
    ['a'.repeat(41), undefined],
    ['.abc', undefined],
    ['王主任', undefined],
    ["o'brien", undefined],
    ['', undefined],
  ])('%s', (given, kept) => {
    expect(userNameKept(given)).toBe(kept);
  });
});
