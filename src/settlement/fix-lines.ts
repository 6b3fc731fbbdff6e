import type { EntityManager } from 'typeorm';
import type { SharePart } from '../../entities/settlement/statement-share.entity.js';
import { insertRows } from '../shared/statements.js';
import type { StatementKey, StatementSums } from './read-statement.js';
import type { SettlementKind } from './settlement-kind.js';

/** Lines read and written at once, so that a month of any length takes the memory of these. */
const linesAtOnce = 5_000;

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

const lineColumns = [
  'postingId',
  'kind',
  'sourceId',
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
 * Writes down what is submitted: the lines, what each funder owes, and the sums. Rows are read without locks
 * and inserted page by page, since an INSERT … SELECT would hold back the swipes of the canteen meanwhile.
 */
export async function fixLines(
  manager: EntityManager,
  kind: SettlementKind,
  { id, facilityId, month }: StatementKey & { id: number },
): Promise<void> {
  const columns = ['statementId', ...lineColumns];
  for (let afterId = 0; ; ) {
    const page = { afterId, rowsMax: linesAtOnce };
    const lines = await kind.unsettledLines(manager, facilityId, month, page);
    const rows = lines.map((line) => [id, ...lineColumns.map((name) => line[name])]);
    await insertRows(manager, 'statement_line', columns, rows);
    const last = lines.at(-1);
    if (last === undefined || lines.length < linesAtOnce) break;
    afterId = last.postingId;
  }
  const operator = await kind.operatorShares(manager, facilityId, month);
  const subsidies = await subsidyShares(manager, id);
  await insertRows(
    manager,
    'statement_share',
    ['statementId', 'part', 'funderId', 'units', 'fen'],
    [...subsidies, ...operator].map(({ part, funderId, units, fen }) => [id, part, funderId, units, fen]),
  );
  const operatorFen = operator.reduce((sum, { fen }) => sum + fen, 0);
  await storeSums(manager, id, { ...(await sumsOfLines(manager, id)), operatorFen });
}

export async function releaseLines(manager: EntityManager, id: number): Promise<void> {
  await manager.query('DELETE FROM statement_line WHERE statementId = ?', [id]);
  await manager.query('DELETE FROM statement_share WHERE statementId = ?', [id]);
}

export async function storeSums(manager: EntityManager, id: number, sums: StoredSums): Promise<void> {
  const names = Object.keys(sums);
  await manager.query(
    `UPDATE month_statement SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`,
    [...Object.values(sums), id],
  );
}

/** The sums over rows that have the columns of `statement_line`, called `line` in the query. */
export const sumsSql = `COUNT(*) AS lineCount,
       COALESCE(SUM(line.units), 0) AS unitCount,
       COUNT(DISTINCT CASE WHEN line.units > 0 THEN line.elderId END) AS elderCount,
       COALESCE(SUM(line.grossFen), 0) AS grossFen,
       COALESCE(SUM(line.subsidyFen), 0) AS subsidyFen,
       COALESCE(SUM(line.discountFen), 0) AS discountFen,
       COALESCE(SUM(line.selfPaidFen), 0) AS selfPaidFen`;

/** Sums as a driver hands them over, which may be in texts. */
export type RawSums = Record<keyof StoredSums, number | string>;

export function statementSums(raw: RawSums): StatementSums {
  return {
    lines: Number(raw.lineCount),
    units: Number(raw.unitCount),
    elders: Number(raw.elderCount),
    grossFen: Number(raw.grossFen),
    subsidyFen: Number(raw.subsidyFen),
    discountFen: Number(raw.discountFen),
    selfPaidFen: Number(raw.selfPaidFen),
    operatorFen: Number(raw.operatorFen),
  };
}

async function sumsOfLines(manager: EntityManager, id: number): Promise<Omit<StoredSums, 'operatorFen'>> {
  const rows: RawSums[] = await manager.query(
    `SELECT ${sumsSql} FROM statement_line line WHERE line.statementId = ?`,
    [id],
  );
  const entries = Object.entries(rows[0] ?? {}).map(([name, value]) => [name, Number(value)]);
  return Object.fromEntries(entries) as Omit<StoredSums, 'operatorFen'>;
}

type MealPart = Extract<SharePart, 'SUBSIDY' | 'DONATION'>;

/** As what a funder bears its part of meals; behind a join of `funder`. */
export const mealPartSql = "CASE WHEN funder.level = 'DONOR' THEN 'DONATION' ELSE 'SUBSIDY' END";

interface Share {
  part: MealPart;
  funderId: number;
  units: number;
  fen: number;
}

/**
 * What each funder's accounts say of the postings that are lines of the statement. The LEFT JOINs make both
 * engines begin with the lines: a funder's account has the entries of the whole city.
 */
async function subsidyShares(manager: EntityManager, id: number): Promise<Share[]> {
  const rows: { funderId: number; part: MealPart; units: number | string; fen: number | string }[] =
    await manager.query(
      `SELECT account.ownerId AS funderId, ${mealPartSql} AS part, SUM(line.units) AS units,
            SUM(-entry.fen) AS fen
       FROM statement_line line
       LEFT JOIN ledger_entry entry ON entry.postingId = line.postingId
       LEFT JOIN ledger_account account ON account.id = entry.accountId AND account.kind = 'FUNDER'
       LEFT JOIN funder ON funder.id = account.ownerId
      WHERE line.statementId = ?
      GROUP BY account.ownerId, funder.level
     HAVING account.ownerId IS NOT NULL`,
      [id],
    );
  return rows.map(({ funderId, part, units, fen }) => ({
    part,
    funderId,
    units: Number(units),
    fen: Number(fen),
  }));
}
