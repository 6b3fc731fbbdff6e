import type { EntityManager } from 'typeorm';
import { insertRows } from '../shared/statements.js';
import { lineColumns, linesAtOnce, linesDigest } from './lines-digest.js';
import type { StatementKey, StatementSums } from './read-statement.js';
import type { OwnCounts, SettlementKind } from './settlement-kind.js';

/** The columns of a statement's sums, as they are in a draft. */
export const noSums = {
  lineCount: 0,
  unitCount: 0,
  elderCount: 0,
  grossFen: 0,
  subsidyFen: 0,
  discountFen: 0,
  selfPaidFen: 0,
  operatorFen: 0,
};
type StoredSums = typeof noSums;

/**
 * Writes down what is submitted: the lines, what each funder owes, and the sums; answers the digest of it all. Rows are
 * read without locks and inserted page by page, since an INSERT … SELECT would hold back whoever posts for the facility
 * meanwhile.
 */
export async function fixLines(
  manager: EntityManager,
  kind: SettlementKind,
  { id, facilityId, month }: StatementKey & { id: number },
): Promise<string> {
  const own = [...lineColumns, ...kind.lines.columns];
  const columns = ['statementId', ...own];
  for (let afterId = 0; ; ) {
    const page = { afterId, rowsMax: linesAtOnce };
    const lines = await kind.unsettledLines(manager, facilityId, month, page);
    const rows = lines.map((line) => [id, ...own.map((name) => line[name])]);
    await insertRows(manager, kind.lines.name, columns, rows);
    await kind.fixParts?.(manager, id, lines);
    const last = lines.at(-1);
    if (last === undefined || lines.length < linesAtOnce) break;
    afterId = last.postingId;
  }
  await kind.settle?.(manager, id, 'FIX');
  const operator = await kind.operatorShares(manager, facilityId, month);
  const subsidies = await kind.lineShares(manager, id);
  await insertRows(
    manager,
    'statement_share',
    ['statementId', 'part', 'funderId', 'units', 'fen'],
    [...subsidies, ...operator].map(({ part, funderId, units, fen }) => [id, part, funderId, units, fen]),
  );
  const operatorFen = operator.reduce((sum, { fen }) => sum + fen, 0);
  await storeSums(manager, id, { ...(await sumsOfLines(manager, kind, id)), operatorFen });
  return linesDigest(manager, kind.lines, id);
}

/** Makes a draft of it again. */
export async function releaseLines(
  manager: EntityManager,
  { lines, settle }: SettlementKind,
  id: number,
): Promise<void> {
  if (lines.parts) await manager.query(`DELETE FROM ${lines.parts} WHERE statementId = ?`, [id]);
  await settle?.(manager, id, 'RELEASE');
  await manager.query(`DELETE FROM ${lines.name} WHERE statementId = ?`, [id]);
  await manager.query('DELETE FROM statement_share WHERE statementId = ?', [id]);
  await storeSums(manager, id, noSums);
}

async function storeSums(manager: EntityManager, id: number, sums: StoredSums): Promise<void> {
  const names = Object.keys(sums);
  await manager.query(
    `UPDATE month_statement SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`,
    [...Object.values(sums), id],
  );
}

/** The sums over rows that have the columns of every line, called `line` in the query. */
export const sumsSql = `COUNT(*) AS lineCount,
       COALESCE(SUM(line.units), 0) AS unitCount,
       COUNT(DISTINCT CASE WHEN line.units > 0 THEN line.elderId END) AS elderCount,
       COALESCE(SUM(line.grossFen), 0) AS grossFen,
       COALESCE(SUM(line.subsidyFen), 0) AS subsidyFen,
       COALESCE(SUM(line.discountFen), 0) AS discountFen,
       COALESCE(SUM(line.selfPaidFen), 0) AS selfPaidFen`;

/** Sums as a driver hands them over, which may be in texts. */
export type RawSums = Record<keyof StoredSums, number | string>;

export function statementSums(
  raw: RawSums,
  { minutes = 0, hoursMinutes = 0, homeLeaveDays = 0, hospitalDays = 0, countedDays = 0 }: OwnCounts = {},
): StatementSums {
  return {
    lines: Number(raw.lineCount),
    units: Number(raw.unitCount),
    elders: Number(raw.elderCount),
    grossFen: Number(raw.grossFen),
    subsidyFen: Number(raw.subsidyFen),
    discountFen: Number(raw.discountFen),
    selfPaidFen: Number(raw.selfPaidFen),
    operatorFen: Number(raw.operatorFen),
    minutes,
    hoursMinutes,
    homeLeaveDays,
    hospitalDays,
    countedDays,
  };
}

async function sumsOfLines(
  manager: EntityManager,
  { lines }: SettlementKind,
  id: number,
): Promise<Omit<StoredSums, 'operatorFen'>> {
  const rows: RawSums[] = await manager.query(
    `SELECT ${sumsSql} FROM ${lines.name} line WHERE line.statementId = ?`,
    [id],
  );
  const entries = Object.entries(rows[0] ?? {}).map(([name, value]) => [name, Number(value)]);
  return Object.fromEntries(entries) as Omit<StoredSums, 'operatorFen'>;
}
