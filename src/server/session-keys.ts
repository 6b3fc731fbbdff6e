import { randomBytes } from 'node:crypto';
import type { SigningKey } from '../access/access-tokens.js';
import { type Settings, SettingsError } from '../config/settings.js';
import { keptSecret, secretBytes } from './kept-secret.js';

type Keys = [SigningKey, ...SigningKey[]];

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
  const secret = nodeEnv === 'development' ? keptSecret(dataDir, 'session-key') : randomBytes(secretBytes);
  return [{ id: nodeEnv, secret }];
}
