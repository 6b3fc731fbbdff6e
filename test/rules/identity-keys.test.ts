import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  existingIdentityKeysOf,
  identityKeysOf,
  identityKeysPath,
  keyText,
  newKey,
} from '../../src/config/identity-keys.js';
import { readSettings, SettingsError } from '../../src/config/settings.js';
import { testKeys, testKeysEnvironment } from '../support/test-keys.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'yinling-keys-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const settings = (environment: NodeJS.ProcessEnv = {}) => readSettings({ DATA_DIR: dataDir, ...environment });

it('are made once in the data folder, for their owner alone', () => {
  expect(existingIdentityKeysOf(settings())).toBeUndefined();
  const made = identityKeysOf(settings());
  expect(made.keys.map(({ id, secret }) => [id, secret.length])).toEqual([['k1', 32]]);
  expect(made.lookupKey).toHaveLength(32);
  expect(made.lookupKey.equals(made.keys[0]?.secret as Buffer)).toBe(false);
  expect(statSync(identityKeysPath(dataDir)).mode & 0o777).toBe(0o600);
  expect(identityKeysOf(settings())).toEqual(made);
  expect(existingIdentityKeysOf(settings())).toEqual(made);
});

it('of the settings go before those of the folder, and then none are made', () => {
  expect(identityKeysOf(settings(testKeysEnvironment))).toEqual(testKeys);
  expect(() => statSync(identityKeysPath(dataDir))).toThrow('ENOENT');
});

it('of a file that somebody broke are never made anew', () => {
  identityKeysOf(settings());
  const path = identityKeysPath(dataDir);
  const half = readFileSync(path, 'utf8').slice(0, 60);
  writeFileSync(path, half);
  expect(() => identityKeysOf(settings())).toThrow(SettingsError);
  expect(readFileSync(path, 'utf8')).toBe(half);
});

it('that are made new are read as a setting', () => {
  const key = newKey('k2');
  const { IDENTITY_LOOKUP_KEY } = testKeysEnvironment;
  expect(settings({ IDENTITY_KEYS: keyText(key), IDENTITY_LOOKUP_KEY }).identityKeys).toEqual([key]);
});
