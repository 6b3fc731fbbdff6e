import {
  changesOf,
  listChanges,
  type StoredItem,
} from '../../../src/meals/reader-lists/list-changes.rules.js';
import { writtenPosition } from '../../../src/meals/reader-lists/list-version.rules.js';
import type { SnapshotPage } from '../../../src/meals/reader-lists/reader-snapshot.rules.js';
import { basePage } from './base-page.js';
import { itemsFor, type ListCase } from './vector-list.js';

/** What the server keeps of a canteen's list, and the pages that it makes of it. */
export class ListBook {
  private stored: StoredItem[] = [];
  private position = { version: 0, prunedTo: 0 };
  private asOf = new Date(0);

  constructor(private readonly listId: string) {}

  /** The list is made anew, and what differs becomes its changes. */
  refresh(list: ListCase, asOf: string): void {
    this.asOf = new Date(asOf);
    const changed = listChanges(this.position, this.stored, itemsFor(list), this.asOf.getTime());
    const gone = new Set(changed.deletedKeys);
    this.stored = [...this.stored.filter(({ itemKey }) => !gone.has(itemKey)), ...changed.inserted];
    this.position = changed;
  }

  /** The next pages, of so many items each, until one is the last. */
  pages(from: { base: number; version: number } | undefined, size: number): SnapshotPage[] {
    const page = this.page(from, size);
    const base = from?.base ?? this.position.version;
    const next = { base, version: Number(page.version.split('.')[2]) };
    return page.last ? [page] : [page, ...this.pages(next, size)];
  }

  private page(from: { base: number; version: number } | undefined, size: number): SnapshotPage {
    const rows = this.stored
      .filter(({ version, removedAt }) => version > (from?.version ?? 0) && (from || removedAt === null))
      .sort((one, other) => one.version - other.version);
    const items = rows.slice(0, size);
    const { listId, asOf } = this;
    const base = from?.base ?? this.position.version;
    const version = items.at(-1)?.version ?? from?.version ?? 0;
    return {
      ...basePage,
      list: listId,
      since: from ? writtenPosition({ listId, ...from }) : null,
      version: writtenPosition({ listId, base, version }),
      full: from === undefined,
      last: rows.length === items.length,
      asOf: asOf.toISOString(),
      validUntil: new Date(asOf.getTime() + 48 * 3_600_000).toISOString(),
      serverTime: new Date(asOf.getTime() + 21_000).toISOString(),
      keys: [],
      terms: undefined as unknown as NonNullable<SnapshotPage['terms']>,
      ...changesOf(items),
    };
  }
}
