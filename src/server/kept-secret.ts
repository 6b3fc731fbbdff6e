import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SettingsError } from '../config/settings.js';

export const secretBytes = 32;

/** A secret of a development server, which makes it on its first start and keeps it in its folder. */
export function keptSecret(dataDir: string, name: string): Buffer {
  const path = join(dataDir, name);
  const kept = readSecret(path) ?? makeSecret(dataDir, path);
  if (kept.length !== secretBytes)
    throw new SettingsError(`${path} is not a key; delete it to have a new one`);
  return kept;
}

function readSecret(path: string): Buffer | undefined {
  try {
    return Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Readable by its owner alone, and never half a file: of two that start together one makes it for both. */
function makeSecret(dataDir: string, path: string): Buffer {
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
  return readSecret(path) ?? Buffer.alloc(0);
}
