import { createHash } from 'node:crypto';
import { keyText } from '../../src/config/identity-keys.js';
import type { FieldKey, FieldKeys } from '../../src/shared/field-cipher.js';

/** A key that is the same in every process of a test, and protects nothing. */
export function testKey(id: string): FieldKey {
  return { id, secret: createHash('sha256').update(`test key ${id}`).digest() };
}

const lookupKey = testKey('lookup').secret;

/** Keys of these ids, the newest first, with the one lookup key of all tests. */
export function testKeysOf(...ids: string[]): FieldKeys {
  return { keys: ids.map(testKey), lookupKey };
}

/** With which every test database is opened, unless a test is about keys. */
export const testKeys = testKeysOf('k1');

/** The same as settings, for a process of its own. */
export const testKeysEnvironment = {
  IDENTITY_KEYS: testKeys.keys.map(keyText).join(','),
  IDENTITY_LOOKUP_KEY: lookupKey.toString('base64'),
};
