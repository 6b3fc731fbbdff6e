import type { EntityManager } from 'typeorm';
import type { Database } from '../shared/database.js';
import { cipherOf, forgetKeys, provenKeyIds } from '../shared/database-cipher.js';
import { type FieldCipher, UnreadableField } from '../shared/field-cipher.js';
import { affectedRows } from '../shared/statements.js';
import {
  authenticatedName,
  identityFields,
  openField,
  type SealedColumn,
  type SealedIdentity,
  sealedColumns,
} from './sealed-fields.js';

/** Elders in one transaction: short, for a server is writing beside it. */
const eldersPerBatch = 200;

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
  for (let afterId = 0; !signal?.aborted; ) {
    const batch = await database.write((manager) => rotateBatch(manager, afterId));
    if (batch.lastId === undefined) break;
    afterId = batch.lastId;
    rotated += batch.rotated;
    unreadable.push(...batch.unreadable);
    onProgress?.(Math.min(rotated, total), total);
  }
  // Counted, not concluded: what was written meanwhile under an older key counts too.
  const remaining = await database.read(countOld);
  const retired = remaining === 0 ? await database.write(retireKeys) : [];
  return { keyId: newestKeyId, rotated, remaining, unreadable, retired };
}

type SealedElder = SealedIdentity & { id: number };

async function rotateBatch(
  manager: EntityManager,
  afterId: number,
): Promise<{ rotated: number; unreadable: number[]; lastId: number | undefined }> {
  const cipher = cipherOf(manager);
  const { sql, parameters } = isOld(cipher);
  const elders: SealedElder[] = await manager.query(
    `SELECT id, ${Object.values(sealedColumns).join(', ')} FROM elder
      WHERE id > ? AND (${sql}) ORDER BY id LIMIT ${eldersPerBatch}`,
    [afterId, ...parameters],
  );
  let rotated = 0;
  const unreadable: number[] = [];
  for (const elder of elders) {
    const changes = changesOf(cipher, elder);
    if (!changes) unreadable.push(elder.id);
    else if (await applyWhereUnchanged(manager, elder.id, changes)) rotated += 1;
  }
  return { rotated, unreadable, lastId: elders.at(-1)?.id };
}

interface Change {
  column: SealedColumn;
  before: string;
  after: string;
}

/** Undefined when a value cannot be read. */
function changesOf(cipher: FieldCipher, elder: SealedElder): Change[] | undefined {
  try {
    return identityFields.flatMap((field) => {
      const column = sealedColumns[field];
      const before = elder[column];
      const text = openField(cipher, field, elder);
      if (before === null || text === null || before.startsWith(cipher.newestPrefix)) return [];
      return [{ column, before, after: cipher.encrypt(authenticatedName(field), text) }];
    });
  } catch (error) {
    if (error instanceof UnreadableField) return undefined;
    throw error;
  }
}

/** False when somebody else changed the file since it was read: what stands there now is newer. */
async function applyWhereUnchanged(
  manager: EntityManager,
  id: number,
  changes: readonly Change[],
): Promise<boolean> {
  const set = changes.map(({ column }) => `${column} = ?`).join(', ');
  const where = changes.map(({ column }) => `${column} = ?`).join(' AND ');
  const affected = await affectedRows(manager, `UPDATE elder SET ${set} WHERE id = ? AND ${where}`, [
    ...changes.map(({ after }) => after),
    id,
    ...changes.map(({ before }) => before),
  ]);
  return affected === 1;
}

async function countOld(manager: EntityManager): Promise<number> {
  const { sql, parameters } = isOld(cipherOf(manager));
  const rows: { count: number | string }[] = await manager.query(
    `SELECT COUNT(*) AS count FROM elder WHERE ${sql}`,
    parameters,
  );
  return Number(rows[0]?.count);
}

/** The condition that a file holds a value that is not encrypted under the newest key. */
function isOld(cipher: FieldCipher): { sql: string; parameters: string[] } {
  const columns = Object.values(sealedColumns);
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
