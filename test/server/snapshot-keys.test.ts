import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readSettings } from '../../src/config/settings.js';
import { snapshotSignerOf } from '../../src/server/snapshot-keys.js';
import { openPage } from '../support/reader-store.js';
import { testSettings } from '../support/test-server.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function settings(nodeEnv: 'development' | 'production' | 'test') {
  const folder = mkdtempSync(join(tmpdir(), 'yinling-keys-'));
  folders.push(folder);
  return testSettings({ nodeEnv, dataDir: join(folder, 'data') });
}

it('production makes no key of its own', () => {
  const given = settings('production');
  expect(snapshotSignerOf(given)).toBeUndefined();
  expect(() => statSync(given.dataDir)).toThrow();
});

it('development keeps the one that it made, and a test forgets it', () => {
  const given = settings('development');
  const first = snapshotSignerOf(given)?.publicKeys;
  expect(first).toHaveLength(1);
  expect(snapshotSignerOf(given)?.publicKeys).toEqual(first);
  expect(statSync(join(given.dataDir, 'reader-snapshot-key')).mode & 0o777).toBe(0o600);
  const forgetful = settings('test');
  expect(snapshotSignerOf(forgetful)?.publicKeys).not.toEqual(snapshotSignerOf(forgetful)?.publicKeys);
});

it('of several keys that are set the first signs, and readers are told all', async () => {
  const [one, other] = ['a'.repeat(43), 'c'.repeat(43)];
  const { snapshotKeys } = readSettings({ READER_SNAPSHOT_KEYS: `new:${one}, old:${other}` });
  const signer = snapshotSignerOf({ ...settings('production'), snapshotKeys });
  expect(signer?.publicKeys.map(({ id }) => id)).toEqual(['new', 'old']);
  const page = (await signer?.sign({ format: 1 })) ?? '';
  const header = JSON.parse(Buffer.from(page.split('.')[0] ?? '', 'base64url').toString());
  expect(header).toMatchObject({ alg: 'EdDSA', kid: 'new' });
  expect(openPage(page, signer?.publicKeys[0]?.publicKey ?? '')).toEqual({ format: 1 });
  expect(() => openPage(page, signer?.publicKeys[1]?.publicKey ?? '')).toThrow('the signature is wrong');
});
