import { createHash, type Hash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { LineTable } from './settlement-kind.js';

/** Lines read and written at once, so that a month of any length takes the memory of these. */
export const linesAtOnce = 5_000;

/** The columns of every line, whatever its kind. */
export const lineColumns = [
  'postingId',
  'kind',
  'day',
  'correctsMonth',
  'elderId',
  'units',
  'grossFen',
  'subsidyFen',
  'discountFen',
  'selfPaidFen',
] as const;

/**
 * SHA-256, in hexadecimal, over all that is written down for a statement: its lines in the order of their postings, the
 * parts of these, and what each funder owes. It is read from the tables, as whoever asks later will read it.
 *
 * What it is made of stays as it is, or no statement of before would have its digest any more: a column that lines get
 * later is left out for those that were submitted without it.
 *
 * @param rowsMax how many lines are read at once; the digest is the same whatever it is
 */
export async function linesDigest(
  manager: EntityManager,
  { name, columns, parts }: LineTable,
  statementId: number,
  rowsMax = linesAtOnce,
): Promise<string> {
  const hash = createHash('sha256');
  const names = [...lineColumns, ...columns];
  const read = names.map((column) => (column === 'day' ? 'CAST(line.day AS CHAR) AS day' : `line.${column}`));
  for (let afterId: number | string = 0; ; ) {
    const lines: Row[] = await manager.query(
      `SELECT ${read.join(', ')} FROM ${name} line
        WHERE line.statementId = ? AND line.postingId > ? ORDER BY line.postingId LIMIT ${rowsMax}`,
      [statementId, afterId],
    );
    add(hash, lines, names);
    const last = lines.at(-1);
    if (last === undefined || lines.length < rowsMax) break;
    afterId = last.postingId ?? 0;
  }
  const ofStatement = (table: string, own: readonly string[], order: string): Promise<Row[]> =>
    manager.query(`SELECT ${own.join(', ')} FROM ${table} WHERE statementId = ? ORDER BY ${order}`, [
      statementId,
    ]);
  hash.update('\n');
  if (parts) add(hash, await ofStatement(parts, partColumns, 'postingId, funderId'), partColumns);
  hash.update('\n');
  add(hash, await ofStatement('statement_share', shareColumns, 'part, funderId'), shareColumns);
  return hash.digest('hex');
}

type Row = Readonly<Record<string, number | string | null>>;

const partColumns = ['postingId', 'funderId', 'days', 'fen'];
const shareColumns = ['part', 'funderId', 'units', 'fen'];

/** A row is a JSON list of texts: of a number, engines hand over one thing or the other. */
function add(hash: Hash, rows: readonly Row[], columns: readonly string[]): void {
  const text = (value: Row[string] | undefined) => (value === null ? null : String(value));
  for (const row of rows) hash.update(`${JSON.stringify(columns.map((name) => text(row[name])))}\n`);
}
