import type { EntityManager } from 'typeorm';
import type { Database } from '../shared/database.js';
import { cipherOf, forgetKeys, provenKeyIds } from '../shared/database-cipher.js';
import { type FieldCipher, UnreadableField } from '../shared/field-cipher.js';
import { affectedRows } from '../shared/statements.js';
import { authenticatedName, identityFields, sealedColumns } from './sealed-fields.js';

/** Rows in one transaction: few, for a server is writing beside it. */
const rowsPerBatch = 200;

/** A table with encrypted values: what each is called when it is authenticated, by its column. */
interface SealedTable {
  table: string;
  key: string;
  fields: Readonly<Record<string, string>>;
}

/**
 * All encrypted values of the database. The phones of relatives are named here, though elders know nothing else of
 * them: a key is given up only when nothing at all is encrypted under it.
 */
const sealedTables: readonly SealedTable[] = [
  {
    table: 'elder',
    key: 'id',
    fields: Object.fromEntries(
      identityFields.map((field) => [sealedColumns[field], authenticatedName(field)]),
    ),
  },
  { table: 'family_phone', key: 'accountId', fields: { phoneSealed: 'family_phone.phone' } },
];

export interface RotationOptions {
  /** Ends the work after the batch under way; what is done stays done. */
  signal?: AbortSignal;
  /** Is told how many files were gone through, of how many that needed it when the work began. */
  onProgress?: (done: number, total: number) => void;
}

export interface Rotation {
  keyId: string;
  /** How many files were encrypted anew. */
  rotated: number;
  /** Files that still hold a value under an older key: some, when the work was stopped. */
  remaining: number;
  /** Files with a value that cannot be read, and so cannot be encrypted anew; `npm run audit` lists them too. */
  unreadable: number[];
  /** Keys under which nothing is encrypted any more. */
  retired: string[];
}

/**
 * Encrypts every identity under the newest key. It may be stopped, killed and begun anew at any time, and
 * runs beside servers that have both keys: a value is replaced only where it is still the one that was read.
 */
export async function rotateIdentityKeys(
  database: Database,
  options: RotationOptions = {},
): Promise<Rotation> {
  const { signal, onProgress } = options;
  const { newestKeyId } = await database.read(async (manager) => cipherOf(manager));
  const total = await database.read(countOld);
  let rotated = 0;
  const unreadable: number[] = [];
  for (const table of sealedTables) {
    for (let afterId = 0; !signal?.aborted; ) {
      const batch = await database.write((manager) => rotateBatch(manager, table, afterId));
      if (batch.lastId === undefined) break;
      afterId = batch.lastId;
      rotated += batch.rotated;
      unreadable.push(...batch.unreadable);
      onProgress?.(Math.min(rotated, total), total);
    }
  }
  // Counted, not concluded: what was written meanwhile under an older key counts too.
  const remaining = await database.read(countOld);
  const retired = remaining === 0 ? await database.write(retireKeys) : [];
  return { keyId: newestKeyId, rotated, remaining, unreadable, retired };
}

type SealedRow = { rowId: number } & Record<string, string | null>;

async function rotateBatch(
  manager: EntityManager,
  table: SealedTable,
  afterId: number,
): Promise<{ rotated: number; unreadable: number[]; lastId: number | undefined }> {
  const cipher = cipherOf(manager);
  const { sql, parameters } = isOld(cipher, table);
  const { table: name, key, fields } = table;
  const rows: SealedRow[] = await manager.query(
    `SELECT ${key} AS rowId, ${Object.keys(fields).join(', ')} FROM ${name}
      WHERE ${key} > ? AND (${sql}) ORDER BY ${key} LIMIT ${rowsPerBatch}`,
    [afterId, ...parameters],
  );
  let rotated = 0;
  const unreadable: number[] = [];
  for (const row of rows) {
    const changes = changesOf(cipher, table, row);
    if (!changes) unreadable.push(row.rowId);
    else if (await applyWhereUnchanged(manager, table, row.rowId, changes)) rotated += 1;
  }
  return { rotated, unreadable, lastId: rows.at(-1)?.rowId };
}

interface Change {
  column: string;
  before: string;
  after: string;
}

/** Undefined when a value cannot be read. */
function changesOf(cipher: FieldCipher, { fields }: SealedTable, row: SealedRow): Change[] | undefined {
  try {
    return Object.entries(fields).flatMap(([column, name]) => {
      const before = row[column] ?? null;
      const text = before === null ? null : cipher.decrypt(name, before);
      if (before === null || text === null || before.startsWith(cipher.newestPrefix)) return [];
      return [{ column, before, after: cipher.encrypt(name, text) }];
    });
  } catch (error) {
    if (error instanceof UnreadableField) return undefined;
    throw error;
  }
}

/** False when somebody else changed the row since it was read: what stands there now is newer. */
async function applyWhereUnchanged(
  manager: EntityManager,
  { table, key }: SealedTable,
  id: number,
  changes: readonly Change[],
): Promise<boolean> {
  const set = changes.map(({ column }) => `${column} = ?`).join(', ');
  const where = changes.map(({ column }) => `${column} = ?`).join(' AND ');
  const affected = await affectedRows(manager, `UPDATE ${table} SET ${set} WHERE ${key} = ? AND ${where}`, [
    ...changes.map(({ after }) => after),
    id,
    ...changes.map(({ before }) => before),
  ]);
  return affected === 1;
}

async function countOld(manager: EntityManager): Promise<number> {
  let count = 0;
  for (const table of sealedTables) {
    const { sql, parameters } = isOld(cipherOf(manager), table);
    const rows: { count: number | string }[] = await manager.query(
      `SELECT COUNT(*) AS count FROM ${table.table} WHERE ${sql}`,
      parameters,
    );
    count += Number(rows[0]?.count);
  }
  return count;
}

/** The condition that a row holds a value that is not encrypted under the newest key. */
function isOld(cipher: FieldCipher, { fields }: SealedTable): { sql: string; parameters: string[] } {
  const columns = Object.keys(fields);
  return {
    // An id of a key has neither of the two characters that LIKE takes for more than themselves.
    sql: columns.map((column) => `${column} NOT LIKE ?`).join(' OR '),
    parameters: columns.map(() => `${cipher.newestPrefix}%`),
  };
}

async function retireKeys(manager: EntityManager): Promise<string[]> {
  const { newestKeyId } = cipherOf(manager);
  const retired = (await provenKeyIds(manager)).filter((keyId) => keyId !== newestKeyId);
  await forgetKeys(manager, retired);
  return retired;
}
