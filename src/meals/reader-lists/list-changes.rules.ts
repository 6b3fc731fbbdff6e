import { itemOfKey } from './list-items.rules.js';
import type { SnapshotChanges } from './reader-snapshot.rules.js';

/** An item as the table has it; the content is null once it was removed. */
export interface StoredItem {
  itemKey: string;
  version: number;
  content: string | null;
  removedAt: number | null;
}

/** What makes the stored items those of now. */
export interface ListChanges {
  /** Rows that are replaced or fall away. */
  deletedKeys: string[];
  /** Rows in the order of their versions. */
  inserted: StoredItem[];
  version: number;
  prunedTo: number;
}

/** A reader that did not ask for so long loads the whole list. */
const rememberedMs = 30 * 86_400_000;

/**
 * Each item that is new, changed or removed takes the next version. Entitlements stand before the cards that refer to
 * them, and are removed after them. A reader in the middle of its pages may still lack the new state of a card whose old
 * entitlement is gone: that card counts as not listed until the last page.
 */
export function listChanges(
  { version, prunedTo }: { version: number; prunedTo: number },
  stored: readonly StoredItem[],
  items: ReadonlyMap<string, string>,
  nowMs: number,
): ListChanges {
  const known = new Map(stored.map((item) => [item.itemKey, item]));
  const forgotten = stored.filter(
    ({ itemKey, removedAt }) => removedAt !== null && nowMs - removedAt > rememberedMs && !items.has(itemKey),
  );
  const written = [...items].filter(([key, content]) => known.get(key)?.content !== content);
  const removed = stored.filter(({ itemKey, content }) => content !== null && !items.has(itemKey));
  const rows = [
    ...written.map(([itemKey, content]) => ({ itemKey, content, removedAt: null })),
    ...removed.map(({ itemKey }) => ({ itemKey, content: null, removedAt: nowMs })),
  ].sort((one, other) => rankOf(one) - rankOf(other));
  const replaced = rows.flatMap(({ itemKey }) => (known.has(itemKey) ? [itemKey] : []));
  return {
    deletedKeys: [...replaced, ...forgotten.map(({ itemKey }) => itemKey)],
    inserted: rows.map((row, index) => ({ ...row, version: version + index + 1 })),
    version: version + rows.length,
    prunedTo: Math.max(prunedTo, ...forgotten.map((item) => item.version)),
  };
}

const ranks = { entitlement: 0, card: 1, terms: 2 } as const;

function rankOf({ itemKey, content }: Pick<StoredItem, 'itemKey' | 'content'>): number {
  const { kind } = itemOfKey(itemKey);
  if (content !== null) return ranks[kind];
  return kind === 'card' ? 3 : 4;
}

/** What a reader is told of these items. */
export function changesOf(items: readonly Pick<StoredItem, 'itemKey' | 'content'>[]): SnapshotChanges {
  const changes: SnapshotChanges = {
    entitlements: [],
    cards: [],
    blocked: [],
    removed: { cards: [], entitlements: [] },
  };
  for (const { itemKey, content } of items) {
    const { kind, reference } = itemOfKey(itemKey);
    const said = content === null ? undefined : JSON.parse(content);
    if (kind === 'terms') changes.terms = said;
    else if (kind === 'entitlement') {
      if (said) changes.entitlements.push({ id: reference, ...said });
      else changes.removed.entitlements.push(reference);
    } else if (!said) changes.removed.cards.push(reference);
    else if ('blocked' in said) changes.blocked.push({ ref: reference, why: said.blocked });
    else changes.cards.push({ ref: reference, ...said });
  }
  return changes;
}
