import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** A key of 256 bits under the name by which encrypted values refer to it. */
export interface FieldKey {
  /** 1 to 16 of a-z, 0-9 and the hyphen. */
  id: string;
  secret: Buffer;
}

/** What encrypts and finds the identities of a database. */
export interface FieldKeys {
  /** The first encrypts; all of them decrypt. */
  keys: readonly FieldKey[];
  /** Finds values without reading them. A key of its own: whoever learns one of the two has half of nothing. */
  lookupKey: Buffer;
}

/** A stored value that cannot be read. The message names the field and the key, never the value. */
export class UnreadableField extends Error {
  override name = 'UnreadableField';
}

export const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const version = 'v1';
const shape = /^v1\.([a-z0-9-]{1,16})\.([A-Za-z0-9_-]+)$/;

/**
 * Encrypts single fields with AES-256-GCM. A stored value is `v1.<key id>.<base64url>` of nonce, ciphertext
 * and tag. The field's name is authenticated with it, so that a value that somebody moved to another column
 * is not read there, and so is the key's id, so that nobody can relabel a value.
 */
export class FieldCipher {
  private readonly secrets: ReadonlyMap<string, Buffer>;
  private readonly newest: FieldKey;
  private readonly lookupKey: Buffer;

  constructor({ keys, lookupKey }: FieldKeys) {
    const [newest] = keys;
    if (!newest) throw new RangeError('a cipher needs a key');
    this.newest = newest;
    this.secrets = new Map(keys.map(({ id, secret }) => [id, secret]));
    this.lookupKey = lookupKey;
  }

  /** The id of the key that encrypts. */
  get newestKeyId(): string {
    return this.newest.id;
  }

  /** The ids of all keys, the newest first. */
  get keyIds(): string[] {
    return [...this.secrets.keys()];
  }

  /** What every value begins with that is encrypted under the newest key. */
  get newestPrefix(): string {
    return `${version}.${this.newest.id}.`;
  }

  /** `field` is table.column, and the same when the value is read. */
  encrypt(field: string, text: string): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.newest.secret, nonce);
    cipher.setAAD(associated(field, this.newest.id));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return this.newestPrefix + sealed.toString('base64url');
  }

  /** @throws UnreadableField for a value that was altered, moved, cut, or encrypted under a key that is not here */
  decrypt(field: string, stored: string): string {
    const [, keyId = '', encoded = ''] = shape.exec(stored) ?? [];
    if (keyId === '') throw new UnreadableField(`${field} holds a value that is not encrypted`);
    const secret = this.secrets.get(keyId);
    if (!secret)
      throw new UnreadableField(`${field} is encrypted under key ${keyId}, which is not among the keys`);
    const sealed = Buffer.from(encoded, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(associated(field, keyId));
      decipher.setAuthTag(sealed.subarray(-tagBytes));
      const text = decipher.update(sealed.subarray(nonceBytes, -tagBytes));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch {
      throw new UnreadableField(`${field} does not open with key ${keyId}: the value was altered or moved`);
    }
  }

  /**
   * The keyed hash by which a value is found and kept unique: HMAC-SHA-256 in hexadecimal. ID numbers are few
   * enough to try them all, so a hash without a key would be no secret.
   */
  lookup(field: string, text: string): string {
    return createHmac('sha256', this.lookupKey).update(`${field}\0${text}`).digest('hex');
  }
}

/** The key under which a stored value is encrypted; undefined for what is no such value. */
export function keyIdOf(stored: string): string | undefined {
  return shape.exec(stored)?.[1];
}

function associated(field: string, keyId: string): Buffer {
  return Buffer.from(`${version}\0${keyId}\0${field}`, 'utf8');
}
