import type { EntityManager } from 'typeorm';
import type { Database } from './database.js';
import { cipherOf, forgetKeys, provenKeyIds } from './database-cipher.js';
import { type FieldCipher, UnreadableField } from './field-cipher.js';
import { affectedRows } from './statements.js';

/** A table with values that are encrypted. */
export interface SealedTable {
  table: string;
  idColumn: string;
  /** Each column that holds such values, and the name that is authenticated with a row's value in it. */
  columns: Readonly<Record<string, (rowId: number) => string>>;
}

/** Rows in one transaction: short, for a server is writing beside it. */
const rowsPerBatch = 200;

export interface RotationOptions {
  /** Ends the work after the batch under way; what is done stays done. */
  signal?: AbortSignal;
  /** Is told how many rows were gone through, of how many that needed it when the work began. */
  onProgress?: (done: number, total: number) => void;
}

export interface SealedRow {
  table: string;
  id: number;
}

export interface Rotation {
  keyId: string;
  /** How many rows were encrypted anew. */
  rotated: number;
  /** Rows that still hold a value under an older key: some, when the work was stopped. */
  remaining: number;
  /** Rows with a value that cannot be read, and so cannot be encrypted anew; `npm run audit` lists them too. */
  unreadable: SealedRow[];
  /** Keys under which nothing is encrypted any more. */
  retired: string[];
}

/**
 * Encrypts every value of these tables, which must be all that there are, under the newest key. It may be stopped,
 * killed and begun anew at any time, and runs beside servers that have both keys: a value is replaced only where it
 * is still the one that was read.
 */
export async function rotateKeys(
  database: Database,
  tables: readonly SealedTable[],
  { signal, onProgress }: RotationOptions = {},
): Promise<Rotation> {
  const { newestKeyId } = await database.read(async (manager) => cipherOf(manager));
  const total = await database.read((manager) => countOld(manager, tables));
  let rotated = 0;
  const unreadable: SealedRow[] = [];
  for (const sealed of tables) {
    for (let afterId = 0; !signal?.aborted; ) {
      const batch = await database.write((manager) => rotateBatch(manager, sealed, afterId));
      if (batch.lastId === undefined) break;
      afterId = batch.lastId;
      rotated += batch.rotated;
      unreadable.push(...batch.unreadable.map((id) => ({ table: sealed.table, id })));
      onProgress?.(Math.min(rotated, total), total);
    }
  }
  // Counted, not concluded: what was written meanwhile under an older key counts too.
  const remaining = await database.read((manager) => countOld(manager, tables));
  const retired = remaining === 0 ? await database.write(retireKeys) : [];
  return { keyId: newestKeyId, rotated, remaining, unreadable, retired };
}

type Row = { id: number } & Record<string, string | null | number>;

async function rotateBatch(
  manager: EntityManager,
  sealed: SealedTable,
  afterId: number,
): Promise<{ rotated: number; unreadable: number[]; lastId: number | undefined }> {
  const cipher = cipherOf(manager);
  const { sql, parameters } = isOld(cipher, sealed);
  const rows = await rowsAfter(manager, sealed, { afterId, count: rowsPerBatch, sql, parameters });
  let rotated = 0;
  const unreadable: number[] = [];
  for (const row of rows) {
    const changes = changesOf(cipher, sealed, row);
    if (!changes) unreadable.push(row.id);
    else if (await applyWhereUnchanged(manager, sealed, row.id, changes)) rotated += 1;
  }
  return { rotated, unreadable, lastId: rows.at(-1)?.id };
}

async function rowsAfter(
  manager: EntityManager,
  { table, idColumn, columns }: SealedTable,
  { afterId, count, sql, parameters }: { afterId: number; count: number; sql: string; parameters: string[] },
): Promise<Row[]> {
  return manager.query(
    `SELECT ${idColumn} AS id, ${Object.keys(columns).join(', ')} FROM ${table}
      WHERE ${idColumn} > ? AND (${sql}) ORDER BY ${idColumn} LIMIT ${count}`,
    [afterId, ...parameters],
  );
}

interface Change {
  column: string;
  before: string;
  after: string;
}

/** Undefined when a value cannot be read. */
function changesOf(cipher: FieldCipher, { columns }: SealedTable, row: Row): Change[] | undefined {
  try {
    return Object.entries(columns).flatMap(([column, nameOf]) => {
      const before = row[column];
      if (typeof before !== 'string') return [];
      const text = cipher.decrypt(nameOf(row.id), before);
      if (before.startsWith(cipher.newestPrefix)) return [];
      return [{ column, before, after: cipher.encrypt(nameOf(row.id), text) }];
    });
  } catch (error) {
    if (error instanceof UnreadableField) return undefined;
    throw error;
  }
}

/** False when somebody else changed the row since it was read: what stands there now is newer. */
async function applyWhereUnchanged(
  manager: EntityManager,
  { table, idColumn }: SealedTable,
  id: number,
  changes: readonly Change[],
): Promise<boolean> {
  const set = changes.map(({ column }) => `${column} = ?`).join(', ');
  const where = changes.map(({ column }) => `${column} = ?`).join(' AND ');
  const affected = await affectedRows(
    manager,
    `UPDATE ${table} SET ${set} WHERE ${idColumn} = ? AND ${where}`,
    [...changes.map(({ after }) => after), id, ...changes.map(({ before }) => before)],
  );
  return affected === 1;
}

async function countOld(manager: EntityManager, tables: readonly SealedTable[]): Promise<number> {
  let count = 0;
  for (const sealed of tables) {
    const { sql, parameters } = isOld(cipherOf(manager), sealed);
    const rows: { count: number | string }[] = await manager.query(
      `SELECT COUNT(*) AS count FROM ${sealed.table} WHERE ${sql}`,
      parameters,
    );
    count += Number(rows[0]?.count);
  }
  return count;
}

/** The condition that a row holds a value that is not encrypted under the newest key. */
function isOld(cipher: FieldCipher, { columns }: SealedTable): { sql: string; parameters: string[] } {
  const names = Object.keys(columns);
  return {
    // An id of a key has neither of the two characters that LIKE takes for more than themselves.
    sql: names.map((column) => `${column} NOT LIKE ?`).join(' OR '),
    parameters: names.map(() => `${cipher.newestPrefix}%`),
  };
}

async function retireKeys(manager: EntityManager): Promise<string[]> {
  const { newestKeyId } = cipherOf(manager);
  const retired = (await provenKeyIds(manager)).filter((keyId) => keyId !== newestKeyId);
  await forgetKeys(manager, retired);
  return retired;
}

/** The rows with a value that cannot be read, and why; a thousand rows are in memory at once. */
export async function* unreadableRows(
  manager: EntityManager,
  sealed: SealedTable,
): AsyncGenerator<SealedRow & { what: string }> {
  const cipher = cipherOf(manager);
  const names = Object.keys(sealed.columns);
  const sql = names.map((column) => `${column} IS NOT NULL`).join(' OR ');
  for (let afterId = 0; ; ) {
    const rows = await rowsAfter(manager, sealed, { afterId, count: 1000, sql, parameters: [] });
    for (const row of rows) {
      const what = faultOf(cipher, sealed, row);
      if (what) yield { table: sealed.table, id: row.id, what };
    }
    const last = rows.at(-1);
    if (!last) return;
    afterId = last.id;
  }
}

function faultOf(cipher: FieldCipher, { columns }: SealedTable, row: Row): string | undefined {
  try {
    for (const [column, nameOf] of Object.entries(columns)) {
      const stored = row[column];
      if (typeof stored === 'string') cipher.decrypt(nameOf(row.id), stored);
    }
    return undefined;
  } catch (error) {
    if (error instanceof UnreadableField) return error.message;
    throw error;
  }
}
