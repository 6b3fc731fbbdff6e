/**
 * Up to where a reader has a list. Readers get it as a text that means nothing to them.
 *
 * `base` is where the list stood when the reader began to load it: what was removed up to there it never had.
 */
export interface ListPosition {
  listId: string;
  base: number;
  version: number;
}

export function writtenPosition({ listId, base, version }: ListPosition): string {
  return `${listId}.${base}.${version}`;
}

/** Undefined for a text that no list ever gave. */
export function readPosition(text: string): ListPosition | undefined {
  const [, listId, base, version] = /^([0-9a-f]{16})\.(\d{1,15})\.(\d{1,15})$/.exec(text) ?? [];
  return listId === undefined ? undefined : { listId, base: Number(base), version: Number(version) };
}

/** True when what changed since then is all known; otherwise the reader loads the whole list. */
export function isContinued(
  { listId, base, version }: ListPosition,
  head: { listId: string; version: number; prunedTo: number },
): boolean {
  return listId === head.listId && version <= head.version && Math.max(base, version) >= head.prunedTo;
}
