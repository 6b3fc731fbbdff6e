import { createHmac, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { SnapshotSigner } from '../../../src/meals/reader-lists/snapshot-signer.js';

/** Keys for tests, and nobody else’s. */
export const seeds = {
  k1: Buffer.from(Array.from({ length: 32 }, (_, index) => index)),
  k2: Buffer.from(Array.from({ length: 32 }, (_, index) => 32 + index)),
};
export type KeyName = keyof typeof seeds;

export const signers = {
  k1: new SnapshotSigner([{ id: 'k1', seed: seeds.k1 }]),
  k2: new SnapshotSigner([{ id: 'k2', seed: seeds.k2 }]),
};

export function publicKeyOf(name: KeyName): { id: string; publicKey: string } {
  const [key] = signers[name].publicKeys;
  if (!key) throw new Error(`no key ${name}`);
  return key;
}

/** Signed as no server signs: whatever header over whatever bytes. */
export function sealed(header: object, bytes: Buffer, key: KeyName): string {
  const text = [Buffer.from(JSON.stringify(header)), bytes]
    .map((part) => part.toString('base64url'))
    .join('.');
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seeds[key]]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return `${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}`;
}

/** Signed by who knows the public key alone, in the hope that a reader takes it for a secret. */
export function sealedByPublicKey(header: object, bytes: Buffer, key: KeyName): string {
  const text = [Buffer.from(JSON.stringify(header)), bytes]
    .map((part) => part.toString('base64url'))
    .join('.');
  const secret = Buffer.from(publicKeyOf(key).publicKey, 'base64url');
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

export const usualHeader = {
  alg: 'EdDSA',
  kid: 'k1',
  typ: 'yinling-reader-snapshot',
  cty: 'application/json+gzip',
};

export function packed(value: unknown): Buffer {
  return gzipSync(typeof value === 'string' ? value : JSON.stringify(value), { level: 9 });
}

/** True for two texts of which one was compressed otherwise, and that are else the same. */
export function isAlike(one: string, other: string): boolean {
  if (one === other) return true;
  const [first, second] = [one, other].map((page) => page.split('.'));
  return (
    first?.length === 3 &&
    first[0] === second?.[0] &&
    unpacked(first[1]).equals(unpacked(second?.[1])) &&
    signedBy(one) !== undefined &&
    signedBy(one) === signedBy(other)
  );
}

function unpacked(body = ''): Buffer {
  try {
    return gunzipSync(Buffer.from(body, 'base64url'));
  } catch {
    return Buffer.from(body, 'base64url');
  }
}

function signedBy(page: string): KeyName | undefined {
  const [head, body, signature = ''] = page.split('.');
  return (['k1', 'k2'] as const).find((name) => {
    const key = createPublicKey({
      format: 'jwk',
      key: { kty: 'OKP', crv: 'Ed25519', x: publicKeyOf(name).publicKey },
    });
    return verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'));
  });
}
