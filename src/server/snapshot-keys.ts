import { randomBytes } from 'node:crypto';
import type { Settings } from '../config/settings.js';
import { SnapshotSigner } from '../meals/reader-lists/snapshot-signer.js';
import { keptSecret, secretBytes } from './kept-secret.js';

/**
 * Signs by the keys of the settings. Without them production gives readers no lists, as servers with keys of their own
 * would contradict each other; development makes a key and keeps it in its folder; a test forgets its own.
 */
export function snapshotSignerOf({ nodeEnv, snapshotKeys, dataDir }: Settings): SnapshotSigner | undefined {
  const [first, ...others] = snapshotKeys;
  if (first) return new SnapshotSigner([first, ...others]);
  if (nodeEnv === 'production') return undefined;
  const isKept = nodeEnv === 'development';
  const seed = isKept ? keptSecret(dataDir, 'reader-snapshot-key') : randomBytes(secretBytes);
  return new SnapshotSigner([{ id: nodeEnv, seed }]);
}
