import { createPublicKey, verify } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { SnapshotPage } from '../src/meals/reader-lists/reader-snapshot.rules.js';

export interface SnapshotKey {
  id: string;
  publicKey: string;
}

/** A page that is not used: it was changed on the way, it is for somebody else, or it does not follow. */
export class PageRefused extends Error {}

/** The page is signed with a key that the reader does not know. */
export class KeyUnknown extends PageRefused {}

const packedMax = 8 << 20;
const unpackedMax = 16 << 20;

const headShape = z.object({
  alg: z.literal('EdDSA'),
  kid: z.string(),
  typ: z.literal('yinling-reader-snapshot'),
});

const instant = z.iso.datetime();

/** What the reader itself leans on; the rules are read by the same code that wrote them. */
const pageShape = z.looseObject({
  format: z.literal(1),
  canteenId: z.string(),
  readerId: z.string(),
  list: z.string(),
  since: z.string().nullable(),
  version: z.string(),
  full: z.boolean(),
  last: z.boolean(),
  asOf: instant,
  validUntil: instant,
  serverTime: instant,
  keys: z.array(z.object({ id: z.string(), publicKey: z.string() })),
  salt: z.string(),
  entitlements: z.array(z.looseObject({ id: z.string() })),
  cards: z.array(z.looseObject({ ref: z.string() })),
  blocked: z.array(z.looseObject({ ref: z.string() })),
  removed: z.object({ cards: z.array(z.string()), entitlements: z.array(z.string()) }),
});

/**
 * What is in a page, after its signature was found to be good. Nothing is unpacked before.
 *
 * @throws PageRefused, KeyUnknown
 */
export function openPage(page: string, keys: readonly SnapshotKey[]): SnapshotPage {
  const [head, body, signature, ...more] = page.split('.');
  if (!head || !body || !signature || more.length > 0 || page.length > packedMax)
    throw new PageRefused('it is no page');
  const parsedHead = headShape.safeParse(jsonOf(Buffer.from(head, 'base64url').toString()));
  if (!parsedHead.success) throw new PageRefused('its head is no page’s');
  const key = keys.find(({ id }) => id === parsedHead.data.kid);
  if (!key) throw new KeyUnknown(`it is signed with key ${parsedHead.data.kid}`);
  if (!isSigned(`${head}.${body}`, signature, key)) throw new PageRefused('its signature is not good');
  const parsed = pageShape.safeParse(jsonOf(unpacked(body)));
  if (!parsed.success) throw new PageRefused(`it holds no page: ${parsed.error.issues[0]?.path.join('.')}`);
  return parsed.data as unknown as SnapshotPage;
}

function isSigned(text: string, signature: string, { publicKey }: SnapshotKey): boolean {
  try {
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: publicKey } });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
  } catch (error) {
    throw new PageRefused(`its key is none: ${(error as Error).message}`);
  }
}

function unpacked(body: string): string {
  try {
    return gunzipSync(Buffer.from(body, 'base64url'), { maxOutputLength: unpackedMax }).toString();
  } catch (error) {
    throw new PageRefused(`it cannot be unpacked: ${(error as Error).message}`);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON has no shape that is looked for.
    return undefined;
  }
}
