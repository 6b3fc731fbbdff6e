import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type FieldKey, type FieldKeys, keyBytes } from '../shared/field-cipher.js';
import { identityKeyList, lookupKey } from './key-texts.js';
import { type Settings, SettingsError } from './settings.js';

const shape = z.strictObject({ identityKeys: identityKeyList(), identityLookupKey: lookupKey() });

/**
 * The keys of the settings. Outside production, where neither is set, those of a file in the data folder,
 * which is made when it is missing: a newcomer sets nothing, and no two installations share a key.
 */
export function identityKeysOf(
  settings: Pick<Settings, 'identityKeys' | 'identityLookupKey' | 'dataDir'>,
): FieldKeys {
  const given = givenKeys(settings);
  if (given) return given;
  return readKeys(settings.dataDir) ?? makeKeys(settings.dataDir);
}

/** Like identityKeysOf, and makes nothing: undefined where no keys were ever made. */
export function existingIdentityKeysOf(
  settings: Pick<Settings, 'identityKeys' | 'identityLookupKey' | 'dataDir'>,
): FieldKeys | undefined {
  return givenKeys(settings) ?? readKeys(settings.dataDir);
}

function givenKeys({
  identityKeys,
  identityLookupKey,
}: Pick<Settings, 'identityKeys' | 'identityLookupKey'>): FieldKeys | undefined {
  return identityLookupKey ? { keys: identityKeys, lookupKey: identityLookupKey } : undefined;
}

export function identityKeysPath(dataDir: string): string {
  return resolve(join(dataDir, 'identity-keys.json'));
}

function readKeys(dataDir: string): FieldKeys | undefined {
  const path = identityKeysPath(dataDir);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const parsed = shape.safeParse(jsonOf(text));
  const keys = parsed.success ? givenKeys(parsed.data) : undefined;
  // Never made anew: with other keys, everything that these have encrypted would be lost.
  if (!keys || keys.keys.length === 0) throw new SettingsError(`${path} does not hold identity keys.`);
  return keys;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Readable by its owner alone. Linked into place, so that of two processes that start together one makes it. */
function makeKeys(dataDir: string): FieldKeys {
  mkdirSync(dataDir, { recursive: true });
  const path = identityKeysPath(dataDir);
  const beside = `${path}.${process.pid}`;
  const made = {
    identityKeys: keyText(newKey('k1')),
    identityLookupKey: randomBytes(keyBytes).toString('base64'),
  };
  rmSync(beside, { force: true });
  writeFileSync(beside, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(beside);
  }
  return readKeys(dataDir) as FieldKeys;
}

/** A key that nobody has. */
export function newKey(id: string): FieldKey {
  return { id, secret: randomBytes(keyBytes) };
}

/** A key as IDENTITY_KEYS holds it. */
export function keyText({ id, secret }: FieldKey): string {
  return `${id}:${secret.toString('base64')}`;
}
