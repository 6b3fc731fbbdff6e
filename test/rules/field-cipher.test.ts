import { describe, expect, it } from 'vitest';
import { FieldCipher, keyIdOf, UnreadableField } from '../../src/shared/field-cipher.js';
import { testKey, testKeysOf } from '../support/test-keys.js';

const cipher = new FieldCipher(testKeysOf('k1'));
const idNumber = '11010519491231002X';
const sealed = cipher.encrypt('elder.idNumber', idNumber);

function refusal(stored: string, field = 'elder.idNumber', reader = cipher): string {
  try {
    reader.decrypt(field, stored);
  } catch (error) {
    if (error instanceof UnreadableField) return error.message;
    throw error;
  }
  return 'was read';
}

describe('an encrypted value', () => {
  it('names its key, hides its text, and is another one each time', () => {
    expect(sealed).toMatch(/^v1\.k1\.[\w-]{62}$/);
    expect(keyIdOf(sealed)).toBe('k1');
    expect(cipher.encrypt('elder.idNumber', idNumber)).not.toBe(sealed);
    expect(cipher.decrypt('elder.idNumber', sealed)).toBe(idNumber);
  });

  it.each(['', '路', '南阳市卧龙区梅溪路1号'.repeat(20)])('holds any text: %s', (text) => {
    expect(cipher.decrypt('elder.address', cipher.encrypt('elder.address', text))).toBe(text);
  });

  it('is not read when any of its bytes was altered, or when some are missing', () => {
    const bytes = Buffer.from(sealed.split('.')[2] as string, 'base64url');
    for (let index = 0; index < bytes.length; index++) {
      const altered = Buffer.from(bytes);
      altered[index] = (altered[index] as number) ^ 1;
      expect(refusal(`v1.k1.${altered.toString('base64url')}`)).toMatch(
        /^elder.idNumber does not open with key k1/,
      );
    }
    for (const length of [0, 1, 12, 27, 28, bytes.length - 1]) {
      expect(refusal(`v1.k1.${bytes.subarray(0, length).toString('base64url')}`)).not.toBe('was read');
    }
  });

  it('is not read in another column', () => {
    expect(refusal(sealed, 'elder.phone')).toMatch(/^elder.phone does not open with key k1/);
  });

  it('is not read under another key, another name of the key, or without the key', () => {
    const other = new FieldCipher({ ...testKeysOf('k1'), keys: [{ ...testKey('k2'), id: 'k1' }] });
    expect(refusal(sealed, 'elder.idNumber', other)).toMatch(/does not open with key k1/);
    const renamed = new FieldCipher({ ...testKeysOf('k1'), keys: [{ ...testKey('k1'), id: 'k9' }] });
    expect(refusal(sealed.replace('.k1.', '.k9.'), 'elder.idNumber', renamed)).toMatch(/does not open/);
    const without = new FieldCipher(testKeysOf('k2'));
    expect(refusal(sealed, 'elder.idNumber', without)).toBe(
      'elder.idNumber is encrypted under key k1, which is not among the keys',
    );
  });

  it('is told from a text that nobody encrypted, which is not repeated', () => {
    expect(refusal(idNumber)).toBe('elder.idNumber holds a value that is not encrypted');
  });
});

it('several keys: the first encrypts, all decrypt', () => {
  const both = new FieldCipher(testKeysOf('k2', 'k1'));
  expect(both.decrypt('elder.idNumber', sealed)).toBe(idNumber);
  expect(keyIdOf(both.encrypt('elder.idNumber', idNumber))).toBe('k2');
  expect([both.newestKeyId, both.keyIds]).toEqual(['k2', ['k2', 'k1']]);
});

it('the hash by which a value is found depends on the lookup key and the field, and on no other key', () => {
  const hash = cipher.lookup('elder.idNumber', idNumber);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(new FieldCipher(testKeysOf('k2')).lookup('elder.idNumber', idNumber)).toBe(hash);
  expect(cipher.lookup('elder.phone', idNumber)).not.toBe(hash);
  const other = new FieldCipher({ ...testKeysOf('k1'), lookupKey: testKey('other').secret });
  expect(other.lookup('elder.idNumber', idNumber)).not.toBe(hash);
});
