import { z } from 'zod';
import { type FieldKey, keyBytes } from '../shared/field-cipher.js';

const base64 = /^[A-Za-z0-9+/]{43}=$/;

/** Keys as an operator writes them down: `k2:<base64>,k1:<base64>`; none when nothing is written. */
export function identityKeyList(): z.ZodType<FieldKey[], string> {
  const allowed =
    'must be id:key pairs with commas between them, the ids different and of a-z, 0-9 and the hyphen, the keys 32 random bytes in base64';
  return z
    .string()
    .transform((text): FieldKey[] => (text === '' ? [] : text.split(',').map((one) => keyOf(one.trim()))))
    .refine((keys) => keys.every(({ id, secret }) => id !== '' && secret.length === keyBytes), allowed)
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, allowed);
}

/** Undefined when nothing is written. */
export function lookupKey(): z.ZodType<Buffer | undefined, string> {
  return z
    .string()
    .transform((text) => (text === '' ? undefined : secretOf(text)))
    .refine(
      (secret) => secret === undefined || secret.length === keyBytes,
      'must be 32 random bytes in base64',
    );
}

/** An id or a secret of no length where the text holds none. */
function keyOf(text: string): FieldKey {
  const [, id = '', secret = ''] = /^([a-z0-9-]{1,16}):(.+)$/.exec(text) ?? [];
  return { id, secret: secretOf(secret) };
}

function secretOf(text: string): Buffer {
  return base64.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
}
