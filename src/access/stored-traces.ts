import type { EntityManager } from 'typeorm';
import { forUpdate } from '../shared/database.js';
import { placeholders, writeTogether } from '../shared/statements.js';
import { merged, type ReaderTraces, type Streak } from './sightings.rules.js';

const sightingColumns = ['readerId', 'lastSeenAt', 'softwareVersion', 'clockSkewMs', 'possiblyClonedAt'];
const addressColumns = ['readerId', 'address', 'firstSeenAt', 'lastSeenAt'];

/** An address from which a reader called, and over which time. */
export interface ListedAddress {
  address: string;
  firstSeenAt: Date;
  lastSeenAt: Date;
}

/** Puts what a server saw of readers together with what the tables know, and writes that; six statements. */
export async function storeTraces(
  manager: EntityManager,
  fresh: ReadonlyMap<number, ReaderTraces>,
): Promise<void> {
  const readerIds = [...fresh.keys()];
  if (readerIds.length === 0) return;
  const stored = await readTraces(manager, readerIds);
  const together = [...fresh].map(([id, traces]) => [id, merged(stored.get(id), traces)] as const);
  const those = `WHERE readerId IN (${placeholders(readerIds)})`;
  await manager.query(`DELETE FROM reader_address ${those}`, readerIds);
  await manager.query(`DELETE FROM reader_sighting ${those}`, readerIds);
  await writeTogether(manager, [
    {
      table: 'reader_sighting',
      columns: sightingColumns,
      rows: together.map(([id, seen]) => sightingRow(id, seen)),
    },
    {
      table: 'reader_address',
      columns: addressColumns,
      rows: together.flatMap(([id, seen]) => addressRows(id, seen)),
    },
  ]);
}

function sightingRow(id: number, seen: ReaderTraces): unknown[] {
  return [id, seen.lastSeenAtMs, seen.softwareVersion, seen.clockSkewMs, seen.possiblyClonedAtMs];
}

function addressRows(id: number, { addresses }: ReaderTraces): unknown[][] {
  return [...addresses].map(([address, { firstAtMs, lastAtMs }]) => [id, address, firstAtMs, lastAtMs]);
}

/** What the tables know of readers, whose rows stay locked until the transaction ends. */
async function readTraces(
  manager: EntityManager,
  readerIds: readonly number[],
): Promise<Map<number, ReaderTraces>> {
  const rows: SightingRow[] = await manager.query(
    `SELECT ${sightingColumns.join(', ')} FROM reader_sighting
      WHERE readerId IN (${placeholders(readerIds)}) ORDER BY readerId${forUpdate(manager)}`,
    [...readerIds],
  );
  const addresses = await addressesOfReaders(manager, readerIds);
  return new Map(
    rows.map((row) => [
      row.readerId,
      {
        lastSeenAtMs: Number(row.lastSeenAt),
        softwareVersion: row.softwareVersion,
        clockSkewMs: row.clockSkewMs === null ? null : Number(row.clockSkewMs),
        possiblyClonedAtMs: row.possiblyClonedAt === null ? null : Number(row.possiblyClonedAt),
        addresses: new Map((addresses.get(row.readerId) ?? []).map(streakOf)),
      },
    ]),
  );
}

function streakOf({ address, firstSeenAt, lastSeenAt }: ListedAddress): [string, Streak] {
  return [address, { firstAtMs: firstSeenAt.getTime(), lastAtMs: lastSeenAt.getTime() }];
}

/** The addresses of each of these readers, the latest first. */
export async function addressesOfReaders(
  manager: EntityManager,
  readerIds: readonly number[],
): Promise<Map<number, ListedAddress[]>> {
  const found = new Map<number, ListedAddress[]>(readerIds.map((id) => [id, []]));
  if (readerIds.length === 0) return found;
  const rows: AddressRow[] = await manager.query(
    `SELECT ${addressColumns.join(', ')} FROM reader_address
      WHERE readerId IN (${placeholders(readerIds)}) ORDER BY readerId, lastSeenAt DESC, address`,
    [...readerIds],
  );
  for (const { readerId, address, firstSeenAt, lastSeenAt } of rows) {
    const instants = { firstSeenAt: new Date(Number(firstSeenAt)), lastSeenAt: new Date(Number(lastSeenAt)) };
    found.get(readerId)?.push({ address, ...instants });
  }
  return found;
}

interface SightingRow {
  readerId: number;
  lastSeenAt: number | string;
  softwareVersion: string | null;
  clockSkewMs: number | string | null;
  possiblyClonedAt: number | string | null;
}

interface AddressRow {
  readerId: number;
  address: string;
  firstSeenAt: number | string;
  lastSeenAt: number | string;
}
