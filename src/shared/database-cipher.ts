import type { DataSource } from 'typeorm';
import { FieldCipher, type FieldKeys, keyIdOf, UnreadableField } from './field-cipher.js';

/** Whoever can ask a database: a manager, a query runner or a connection. */
interface Connected {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

const ciphers = new WeakMap<DataSource, FieldCipher>();

/**
 * Says with which keys a database is read and written. The keys belong to the database as its address does:
 * whoever is handed one of its managers can read what is encrypted in it, and nobody else is handed a key.
 */
export function keepCipher(source: DataSource, keys: FieldKeys): void {
  ciphers.set(source, new FieldCipher(keys));
}

/** @throws when the database was opened without keys, as where swipes are recorded, which need none */
export function cipherOf({ dataSource }: { dataSource: DataSource }): FieldCipher {
  const cipher = findCipher(dataSource);
  if (!cipher) throw new Error('the database was opened without its identity keys');
  return cipher;
}

export function findCipher(source: DataSource): FieldCipher | undefined {
  return ciphers.get(source);
}

/** The keys that were given are not those of the database; the message says what to set. */
export class WrongKeys extends Error {
  override name = 'WrongKeys';
}

const whereKeysAre =
  'Where the key settings are not set, the keys are in identity-keys.json of the DATA_DIR with which the database was made.';

const checkedField = 'identity_key.checkValue';
const checkedText = 'Yinling';
/** Stands in the table beside the ids of keys, none of which has a capital letter. */
const lookupRow = 'LOOKUP';

/**
 * Compares the keys with the proofs that the database keeps of them, and leaves a proof of every key that
 * it meets first. Without this a lost key would be noticed at the first elder who is looked at, and another
 * lookup key, under which every person could be registered a second time, would not be noticed at all.
 */
export async function confirmKeys(connection: Connected, cipher: FieldCipher): Promise<void> {
  const rows = (await connection.query('SELECT keyId, checkValue FROM identity_key')) as IdentityKeyRow[];
  const kept = new Map(rows.map(({ keyId, checkValue }) => [keyId, checkValue]));
  const keep = (keyId: string, checkValue: string) =>
    connection.query('INSERT INTO identity_key (keyId, checkValue) VALUES (?, ?)', [keyId, checkValue]);

  const lookup = cipher.lookup(checkedField, checkedText);
  if ((kept.get(lookupRow) ?? lookup) !== lookup) {
    throw new WrongKeys(
      `IDENTITY_LOOKUP_KEY is not the key with which ID numbers were registered in this database. ${whereKeysAre}`,
    );
  }
  for (const [keyId, checkValue] of kept) {
    if (keyId !== lookupRow) requireKey(cipher, keyId, checkValue);
  }
  if (!kept.has(lookupRow)) await keep(lookupRow, lookup);
  // The newest alone encrypts; an older one has a proof already, or nothing was ever encrypted under it.
  if (!kept.has(cipher.newestKeyId)) {
    await keep(cipher.newestKeyId, cipher.encrypt(checkedField, checkedText));
  }
}

interface IdentityKeyRow {
  keyId: string;
  checkValue: string;
}

function requireKey(cipher: FieldCipher, keyId: string, checkValue: string): void {
  if (!cipher.keyIds.includes(keyId)) {
    throw new WrongKeys(
      `IDENTITY_KEYS lacks key ${keyId}, under which values of this database are encrypted. ${whereKeysAre}`,
    );
  }
  try {
    if (keyIdOf(checkValue) === keyId && cipher.decrypt(checkedField, checkValue) === checkedText) return;
  } catch (error) {
    if (!(error instanceof UnreadableField)) throw error;
  }
  throw new WrongKeys(
    `Key ${keyId} of IDENTITY_KEYS is not the key of that name with which this database was encrypted. ${whereKeysAre}`,
  );
}

/** Forgets the proofs of keys under which nothing is encrypted any more. */
export async function forgetKeys(connection: Connected, keyIds: readonly string[]): Promise<void> {
  for (const keyId of keyIds) await connection.query('DELETE FROM identity_key WHERE keyId = ?', [keyId]);
}

/** The keys of which the database has a proof. */
export async function provenKeyIds(connection: Connected): Promise<string[]> {
  const rows = (await connection.query('SELECT keyId FROM identity_key')) as IdentityKeyRow[];
  return rows.map(({ keyId }) => keyId).filter((keyId) => keyId !== lookupRow);
}
