import { expect, it } from 'vitest';
import { erasableFrom, erasedBirthDate } from '../../src/elders/erasure.rules.js';
import { maskedAddress, maskedIdentity, maskedPhone } from '../../src/elders/masked-identity.rules.js';

it.each([
  ['13800001234', '138******34'],
  ['+8613800001234', '+86*********34'],
  ['1234567', '123**67'],
])('the phone %s is shown as %s', (phone, shown) => {
  expect(maskedPhone(phone)).toBe(shown);
});

it.each([
  ['南阳市卧龙区梅溪路1号', '南阳市卧龙区****'],
  ['南阳市卧龙区', '****'],
  ['路', '****'],
])('the address %s is shown as %s', (address, shown) => {
  expect(maskedAddress(address)).toBe(shown);
});

it('an identity is masked whole, and one that was erased is stars alone', () => {
  expect(maskedIdentity({ idNumber: '11010519491231002X', phone: '13800001234', address: null })).toEqual({
    idNumber: '110105***********X',
    phone: '138******34',
    address: null,
  });
  expect(maskedIdentity({ idNumber: null, phone: null, address: null })).toEqual({
    idNumber: '******************',
    phone: null,
    address: null,
  });
});

it('a file may be erased from the day on which the retention has passed', () => {
  expect(erasableFrom('2024-02-28', 1)).toBe('2024-02-29');
  expect(erasableFrom('2026-03-10', 0)).toBe('2026-03-10');
});

it('of a birth date the year stays', () => {
  expect(erasedBirthDate('1948-02-29')).toBe('1948-01-01');
});
