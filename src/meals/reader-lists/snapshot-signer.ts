import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { CompactSign } from 'jose';

/** An Ed25519 private key, the 32 bytes of RFC 8032, and the name by which a page tells which one it was. */
export interface SnapshotKey {
  id: string;
  seed: Buffer;
}

/** What a reader verifies with. */
export interface PublicSnapshotKey {
  id: string;
  /** The 32 bytes of RFC 8032 in base64url. */
  publicKey: string;
}

/** What stands before the 32 bytes in PKCS #8 (RFC 8410), which is how they come into Node. */
const pkcs8Start = Buffer.from('302e020100300506032b657004220420', 'hex');

const compressed = promisify(gzip);

/**
 * Signs what readers store. The JSON is compressed before it is signed, and not by HTTP: nobody else's secret is in it,
 * proxies leave it alone, the reader stores what it verified, and answers to swipes are sent as they are.
 */
export class SnapshotSigner {
  readonly publicKeys: readonly PublicSnapshotKey[];
  private readonly id: string;
  private readonly key: KeyObject;

  /** @param keys the first signs; all are told to readers, so that a key can be replaced */
  constructor(keys: readonly [SnapshotKey, ...SnapshotKey[]]) {
    const [first] = keys;
    this.id = first.id;
    this.key = privateKeyOf(first);
    this.publicKeys = keys.map((key) => ({ id: key.id, publicKey: publicPartOf(privateKeyOf(key)) }));
  }

  /** A compact JWS over the compressed JSON of `content`. */
  async sign(content: unknown): Promise<string> {
    const bytes = await compressed(JSON.stringify(content));
    const header = {
      alg: 'EdDSA',
      kid: this.id,
      typ: 'yinling-reader-snapshot',
      cty: 'application/json+gzip',
    };
    return new CompactSign(bytes).setProtectedHeader(header).sign(this.key);
  }
}

function privateKeyOf({ seed }: SnapshotKey): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Start, seed]), format: 'der', type: 'pkcs8' });
}

function publicPartOf(key: KeyObject): string {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return x;
}
