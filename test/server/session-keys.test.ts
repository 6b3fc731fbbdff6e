import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { SettingsError } from '../../src/config/settings.js';
import { sessionKeysOf } from '../../src/server/session-keys.js';
import { testSettings } from '../support/test-server.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function settings(nodeEnv: 'development' | 'production' | 'test') {
  const folder = mkdtempSync(join(tmpdir(), 'yinling-keys-'));
  folders.push(folder);
  return testSettings({ nodeEnv, sessionKeys: [], dataDir: join(folder, 'data') });
}

it('production refuses to start without a key, and makes none', () => {
  const given = settings('production');
  expect(() => sessionKeysOf(given)).toThrow(SettingsError);
  expect(() => sessionKeysOf(given)).toThrow(/SESSION_KEYS must be set in production/);
  expect(() => statSync(given.dataDir)).toThrow();
});

it('development makes one that its owner alone can read, and finds it again', () => {
  const given = settings('development');
  const [first] = sessionKeysOf(given);
  const path = join(given.dataDir, 'session-key');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(first.secret).toHaveLength(32);
  expect(Buffer.from(sessionKeysOf(given)[0].secret)).toEqual(Buffer.from(first.secret));
  expect(readFileSync(path, 'utf8').trim()).toBe(Buffer.from(first.secret).toString('base64url'));
  writeFileSync(path, 'broken');
  expect(() => sessionKeysOf(given)).toThrow(/is not a key/);
});

it('a test has a key of its own each time, and keys that are set are taken', () => {
  const given = settings('test');
  expect(sessionKeysOf(given)[0].secret).not.toEqual(sessionKeysOf(given)[0].secret);
  const secret = new Uint8Array(32);
  expect(sessionKeysOf({ ...given, nodeEnv: 'production', sessionKeys: [{ id: 'a', secret }] })).toEqual([
    { id: 'a', secret },
  ]);
});
