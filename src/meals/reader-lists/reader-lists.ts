import { setTimeout } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { type InstitutionStays, noStays } from '../../elders/institution-stays.js';
import { addDays, dayOf } from '../../shared/china-time.js';
import type { Database } from '../../shared/database.js';
import type { Refusal } from '../../shared/refusal.js';
import { type CanteenTermsCache, termsKey } from '../canteen-terms.js';
import { changesOf, type StoredItem } from './list-changes.rules.js';
import type { DayTerms, ListFacts } from './list-items.rules.js';
import { isContinued, type ListPosition, readPosition, writtenPosition } from './list-version.rules.js';
import type { SnapshotChanges, SnapshotPage } from './reader-snapshot.rules.js';
import { type Refresh, readHead, refreshList } from './refresh-list.js';
import { itemsMax, snapshotRefusals as refusals, type SnapshotRefusalCode } from './snapshot-refusals.js';
import type { SnapshotSigner } from './snapshot-signer.js';

export interface ReaderListsOptions {
  database: Database;
  terms: CanteenTermsCache;
  /** Undefined where readers get no lists. */
  signer: SnapshotSigner | undefined;
  /** For how long a reader may decide by what it was given. */
  hours: number;
  /** How old a list may be when it is asked for. */
  refreshSeconds: number;
  /** How long a reader waits for a refresh before it is given the list as it is, in milliseconds; 5 s without it. */
  patienceMs?: number;
}

export interface SnapshotRequest {
  /** What the reader asks for; undefined for a text that is no id. */
  canteenId: number | undefined;
  reader: { readerId: number; canteenId: number };
  since: string | undefined;
  itemsMax: number;
  stays?: InstitutionStays;
  now: Date;
}

export interface SignedPage {
  page: string;
  full: boolean;
  items: number;
}

/** Gives readers, page by page, what they need to decide alone. */
export class ReaderLists {
  private readonly refreshing = new Map<number, Promise<void>>();
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly options: ReaderListsOptions) {}

  get publicKeys() {
    return this.options.signer?.publicKeys ?? [];
  }

  async page(request: SnapshotRequest): Promise<SignedPage | Refusal<SnapshotRefusalCode>> {
    const { signer, database } = this.options;
    const { reader, now } = request;
    // The reader's own canteen alone is known here, so another's costs as much as one that there is not.
    if (request.canteenId !== reader.canteenId) return refusals.canteenNotYours;
    if (request.itemsMax < 1 || request.itemsMax > itemsMax) return refusals.itemsOutOfRange;
    const since = request.since === undefined ? undefined : readPosition(request.since);
    if (request.since !== undefined && !since) return refusals.sinceInvalid;
    if (!signer) return refusals.notSetUp;
    const days = await this.daysOf(reader.canteenId, now);
    if (!days) return refusals.notConfigured;
    await this.refreshIfOld(reader.canteenId, days, request);
    const content = await database.read((manager) => this.content(manager, request, since));
    const { full, changes } = content;
    const items = changes.cards.length + changes.blocked.length + changes.entitlements.length;
    const { changes: _, ...frame } = content;
    return { page: await signer.sign({ ...frame, ...changes }), full, items };
  }

  /** Today and every later day on which a list of now may be used, with the terms as they stand now. */
  private async daysOf(canteenId: number, now: Date): Promise<ListFacts['days'] | undefined> {
    const count = Math.ceil(this.options.hours / 24) + 1;
    const today = dayOf(now);
    const keys = Array.from({ length: count }, (_, index) => ({ canteenId, day: addDays(today, index) }));
    const terms = await this.options.terms.of(keys);
    const days = keys.flatMap(({ day }): DayTerms[] => {
      const canteen = terms.get(termsKey({ canteenId, day }));
      return canteen ? [{ day, canteen }] : [];
    });
    const [first, ...later] = days;
    return first && days.length === count ? [first, ...later] : undefined;
  }

  /**
   * Readers of a canteen that ask at once wait for the same refresh. A list that is there is given as it is when its
   * turn takes long: it says of when it is, and the next question finds the newer one. One that may be used no more,
   * such as of before a holiday, is of no use to anybody, and readers that refuse it would load all of it again.
   */
  private async refreshIfOld(
    canteenId: number,
    days: ListFacts['days'],
    { stays = noStays, now }: SnapshotRequest,
  ): Promise<void> {
    const { database, hours, refreshSeconds, patienceMs = 5000 } = this.options;
    const head = await database.read((manager) => readHead(manager, canteenId));
    const ageMs = head ? Math.abs(now.getTime() - head.refreshedAt) : Number.POSITIVE_INFINITY;
    const isOfToday = head !== undefined && dayOf(new Date(head.refreshedAt)) === dayOf(now);
    if (isOfToday && ageMs < refreshSeconds * 1000) return;
    const refresh = this.refreshing.get(canteenId) ?? this.inTurn({ canteenId, days, stays, now });
    if (!head || ageMs >= hours * 3_600_000) return refresh;
    const patience = new AbortController();
    const tooLong = setTimeout(patienceMs, undefined, { signal: patience.signal }).catch(ignore);
    await Promise.race([refresh, tooLong]).finally(() => patience.abort());
  }

  /** One refresh after another: after an outage all readers of a city ask at once, and swipes come first. */
  private inTurn(refresh: Refresh): Promise<void> {
    const { canteenId } = refresh;
    const done = this.turn
      .then(() => refreshList(this.options.database, refresh))
      .finally(() => this.refreshing.delete(canteenId));
    this.refreshing.set(canteenId, done);
    // Whoever waits for it hears of its failure; the next in turn does not.
    this.turn = done.catch(ignore);
    return done;
  }

  private async content(
    manager: EntityManager,
    { reader, itemsMax: size, now }: SnapshotRequest,
    asked: ListPosition | undefined,
  ) {
    const { hours, signer } = this.options;
    const head = await readHead(manager, reader.canteenId);
    if (!head) throw new Error(`the list of canteen ${reader.canteenId} was refreshed and is not there`);
    const since = asked && isContinued(asked, head) ? asked : undefined;
    const { listId, salt } = head;
    const rows = await readChanges(manager, reader.canteenId, since, size + 1);
    const items = fitting(rows.slice(0, size));
    const from = since ?? { listId, base: head.version, version: 0 };
    const version = items.at(-1)?.version ?? from.version;
    const frame: Omit<SnapshotPage, keyof SnapshotChanges> = {
      format: 1,
      canteenId: String(reader.canteenId),
      readerId: String(reader.readerId),
      list: listId,
      since: since ? writtenPosition(since) : null,
      version: writtenPosition({ ...from, version }),
      full: since === undefined,
      last: rows.length === items.length,
      asOf: new Date(head.refreshedAt).toISOString(),
      validUntil: new Date(head.refreshedAt + hours * 3_600_000).toISOString(),
      serverTime: now.toISOString(),
      keys: [...(signer?.publicKeys ?? [])],
      salt,
    };
    return { ...frame, changes: changesOf(items) };
  }
}

function ignore(): void {
  // The reader that waited for that refresh holds the same promise and is told.
}

/** Readers unzip no page beyond 16 MiB; where a month's meals make cards long, a page holds fewer of them. */
const pageLengthMax = 8_000_000;

function fitting(items: readonly StoredItem[]): StoredItem[] {
  let length = 0;
  const end = items.findIndex(({ content }) => {
    length += content?.length ?? 0;
    return length > pageLengthMax;
  });
  return end === -1 ? [...items] : items.slice(0, Math.max(1, end));
}

/** In the order of their versions, which a change meanwhile only makes longer; a first load has nothing to remove. */
async function readChanges(
  manager: EntityManager,
  canteenId: number,
  since: ListPosition | undefined,
  rowsMax: number,
): Promise<StoredItem[]> {
  const rows: StoredItem[] = await manager.query(
    `SELECT itemKey, version, content, removedAt
       FROM reader_list_item
      WHERE canteenId = ? AND version > ?${since ? '' : ' AND removedAt IS NULL'}
      ORDER BY version
      LIMIT ?`,
    [canteenId, since?.version ?? 0, rowsMax],
  );
  return rows.map((row) => ({ ...row, version: Number(row.version) }));
}
