import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SigningKey } from '../access/access-tokens.js';
import { type Settings, SettingsError } from '../config/settings.js';

type Keys = [SigningKey, ...SigningKey[]];

const secretBytes = 32;

/**
 * The keys of the settings. Without them production refuses to start, as servers with keys of their own would
 * refuse each other's sessions; development makes one and keeps it in its folder; a test forgets its own.
 */
export function sessionKeysOf({ nodeEnv, sessionKeys, dataDir }: Settings): Keys {
  const [first, ...others] = sessionKeys;
  if (first) return [first, ...others];
  if (nodeEnv === 'production') {
    throw new SettingsError('Settings that cannot be used:\n  SESSION_KEYS must be set in production');
  }
  const secret = nodeEnv === 'development' ? keptSecret(dataDir) : randomBytes(secretBytes);
  return [{ id: nodeEnv, secret }];
}

function keptSecret(dataDir: string): Uint8Array {
  const path = join(dataDir, 'session-key');
  const kept = readSecret(path) ?? makeSecret(dataDir, path);
  if (kept.length !== secretBytes)
    throw new SettingsError(`${path} is not a key; delete it to have a new one`);
  return kept;
}

function readSecret(path: string): Uint8Array | undefined {
  try {
    return Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Readable by its owner alone, and never half a file: of two that start together one makes it for both. */
function makeSecret(dataDir: string, path: string): Uint8Array {
  mkdirSync(dataDir, { recursive: true });
  const beside = `${path}.${process.pid}`;
  rmSync(beside, { force: true });
  writeFileSync(beside, `${randomBytes(secretBytes).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(beside);
  }
  return readSecret(path) ?? new Uint8Array();
}
