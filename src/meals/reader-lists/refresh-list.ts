import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { InstitutionStays } from '../../elders/institution-stays.js';
import { type Database, forUpdate } from '../../shared/database.js';
import { insertRows, placeholders } from '../../shared/statements.js';
import { type ListChanges, listChanges, type StoredItem } from './list-changes.rules.js';
import { readListFacts } from './list-facts.js';
import { type ListFacts, ListItems } from './list-items.rules.js';

/** A list without its items. */
export interface ListHead {
  listId: string;
  salt: string;
  version: number;
  prunedTo: number;
  refreshedAt: number;
}

export interface Refresh {
  canteenId: number;
  /** The days on which the list may be used, today first, with the canteen's terms. */
  days: ListFacts['days'];
  stays: InstitutionStays;
  now: Date;
}

/**
 * Compares the list of a canteen with what it should say and writes the difference, so no other part of the platform
 * has to tell readers of its changes, and none can forget to.
 *
 * All is read and compared before anything is locked. Whoever finds, behind the lock, that the list was changed
 * meanwhile leaves it as it is: somebody else has just done the same.
 */
export async function refreshList(database: Database, refresh: Refresh): Promise<void> {
  const { canteenId, now } = refresh;
  const { before, stored, facts } = await database.read(async (manager) => ({
    before: await readHead(manager, canteenId),
    stored: await readItems(manager, canteenId),
    facts: await readListFacts(manager, refresh),
  }));
  const head = before ?? newHead();
  const items = await itemsOf({ ...facts, salt: head.salt });
  const changes = listChanges(head, stored, items, now.getTime());
  await database.write(async (manager) => {
    const current = await readHead(manager, canteenId, forUpdate(manager));
    const isSame = current?.listId === before?.listId && current?.refreshedAt === before?.refreshedAt;
    if (isSame && current?.version === before?.version) {
      await writeChanges(manager, refresh, { head, isNew: !before, changes });
    }
  });
}

/** How many cards are made into items at a stretch: some ten milliseconds' work. */
const cardsAtOnce = 200;

async function itemsOf(facts: ListFacts): Promise<Map<string, string>> {
  const items = new ListItems(facts);
  for (let start = 0; start < facts.cards.length; start += cardsAtOnce) {
    items.add(facts.cards.slice(start, start + cardsAtOnce));
    await setImmediate();
  }
  return items.contents();
}

export async function readHead(
  manager: EntityManager,
  canteenId: number,
  lock = '',
): Promise<ListHead | undefined> {
  const rows: Record<keyof ListHead, string | number>[] = await manager.query(
    `SELECT listId, salt, version, prunedTo, refreshedAt FROM reader_list WHERE canteenId = ?${lock}`,
    [canteenId],
  );
  const [row] = rows;
  return (
    row && {
      listId: String(row.listId),
      salt: String(row.salt),
      version: Number(row.version),
      prunedTo: Number(row.prunedTo),
      refreshedAt: Number(row.refreshedAt),
    }
  );
}

function newHead(): ListHead {
  return {
    listId: randomBytes(8).toString('hex'),
    salt: randomBytes(16).toString('hex'),
    version: 0,
    prunedTo: 0,
    refreshedAt: 0,
  };
}

async function readItems(manager: EntityManager, canteenId: number): Promise<StoredItem[]> {
  const rows: StoredItem[] = await manager.query(
    'SELECT itemKey, version, content, removedAt FROM reader_list_item WHERE canteenId = ?',
    [canteenId],
  );
  return rows.map(({ itemKey, version, content, removedAt }) => ({
    itemKey,
    version: Number(version),
    content,
    removedAt: removedAt === null ? null : Number(removedAt),
  }));
}

/** As many rows as a statement may write or name: those of cards may be long, and a packet is not. */
const rowsMax = 1000;

async function writeChanges(
  manager: EntityManager,
  { canteenId, now }: Refresh,
  { head, isNew, changes }: { head: ListHead; isNew: boolean; changes: ListChanges },
): Promise<void> {
  const { deletedKeys, inserted, version, prunedTo } = changes;
  if (isNew) {
    // Of two that begin a list one meets the other's key here, and is run again behind it.
    await insertRows(
      manager,
      'reader_list',
      ['canteenId', 'listId', 'salt', 'version', 'prunedTo', 'refreshedAt'],
      [[canteenId, head.listId, head.salt, version, prunedTo, now.getTime()]],
    );
  } else {
    await manager.query(
      'UPDATE reader_list SET version = ?, prunedTo = ?, refreshedAt = ? WHERE canteenId = ?',
      [version, prunedTo, now.getTime(), canteenId],
    );
  }
  for (let start = 0; start < deletedKeys.length; start += rowsMax) {
    const keys = deletedKeys.slice(start, start + rowsMax);
    await manager.query(
      `DELETE FROM reader_list_item WHERE canteenId = ? AND itemKey IN (${placeholders(keys)})`,
      [canteenId, ...keys],
    );
  }
  for (let start = 0; start < inserted.length; start += rowsMax) {
    await insertRows(
      manager,
      'reader_list_item',
      ['canteenId', 'itemKey', 'version', 'content', 'removedAt'],
      inserted
        .slice(start, start + rowsMax)
        .map((item) => [canteenId, item.itemKey, item.version, item.content, item.removedAt]),
    );
  }
}
