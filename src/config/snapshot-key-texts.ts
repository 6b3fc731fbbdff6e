import { z } from 'zod';

/** A named Ed25519 private key, the 32 bytes of RFC 8032, that what readers store is signed with. */
export interface SnapshotSeed {
  id: string;
  seed: Buffer;
}

const form = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9_-]{43})$/;

export function snapshotKeyList(): z.ZodType<SnapshotSeed[], string> {
  const allowed = 'must be name:key, the key 32 random bytes in base64url, or several parted by commas';
  return z
    .string()
    .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
    .refine((parts) => parts.every((part) => form.test(part)), allowed)
    .transform((parts) => parts.map(seedOf))
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'must name each key once');
}

function seedOf(text: string): SnapshotSeed {
  const [, id = '', seed = ''] = form.exec(text) ?? [];
  return { id, seed: Buffer.from(seed, 'base64url') };
}
