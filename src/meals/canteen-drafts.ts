import type { EntityManager } from 'typeorm';
import { addShares } from '../settlement/find-statements.js';
import { type RawSums, statementSums, sumsSql } from '../settlement/fix-lines.js';
import type { StatementSums } from '../settlement/read-statement.js';
import type { FunderShare, LineShare } from '../settlement/settlement-kind.js';
import type { Month } from '../shared/month.js';
import { operatorSharesOf } from './operator-subsidies.js';
import { unsettledSql } from './statement-lines.js';

/** As what a funder bears its part of meals; behind a join of `funder`. */
const mealPartSql = "CASE WHEN funder.level = 'DONOR' THEN 'DONATION' ELSE 'SUBSIDY' END";

/**
 * What each funder's accounts say of the postings that are lines of the statement. The LEFT JOINs make both
 * engines begin with the lines: a funder's account has the entries of the whole city.
 */
export async function lineShares(manager: EntityManager, id: number): Promise<LineShare[]> {
  const rows: (Pick<LineShare, 'funderId' | 'part'> & Record<'units' | 'fen', number | string>)[] =
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
  return rows.map((row) => ({ ...row, units: Number(row.units), fen: Number(row.fen) }));
}

/** The sums of what these canteens' ledgers have for drafts of the month. */
export async function draftSums(
  manager: EntityManager,
  canteenIds: readonly number[],
  month: Month,
): Promise<Map<number, StatementSums>> {
  const { sql, parameters } = await unsettledSql(manager, canteenIds, month);
  const rows: (RawSums & { facilityId: number })[] = await manager.query(
    `SELECT line.facilityId, ${sumsSql} FROM (${sql}) line GROUP BY line.facilityId`,
    parameters,
  );
  const operators = await operatorSharesOf(manager, canteenIds, month, 'LEDGER');
  return new Map(
    rows.map((row) => {
      const own = operators.get(row.facilityId) ?? [];
      const operatorFen = own.reduce((sum, { fen }) => sum + fen, 0);
      return [row.facilityId, statementSums({ ...row, operatorFen })];
    }),
  );
}

/** What funders would owe by drafts, and what operators would get, if these were submitted now. */
export async function draftShares(
  manager: EntityManager,
  canteenIds: readonly number[],
  month: Month,
): Promise<Map<number, FunderShare[]>> {
  const shares = new Map<number, FunderShare[]>();
  const { sql, parameters } = await unsettledSql(manager, canteenIds, month);
  addShares(
    shares,
    await manager.query(
      `SELECT line.facilityId, ${mealPartSql} AS part, funder.code, funder.name,
              SUM(line.units) AS units, SUM(-entry.fen) AS fen
         FROM (${sql}) line
         LEFT JOIN ledger_entry entry ON entry.postingId = line.postingId
         LEFT JOIN ledger_account account ON account.id = entry.accountId AND account.kind = 'FUNDER'
         LEFT JOIN funder ON funder.id = account.ownerId
        GROUP BY line.facilityId, funder.code, funder.name, funder.level
       HAVING funder.code IS NOT NULL
        ORDER BY line.facilityId, funder.code`,
      parameters,
    ),
  );
  await addOperators(manager, canteenIds, month, shares);
  return shares;
}

/** What the operators of drafts would get if these were submitted now. */
async function addOperators(
  manager: EntityManager,
  canteenIds: readonly number[],
  month: Month,
  shares: Map<number, FunderShare[]>,
): Promise<void> {
  const operators = await operatorSharesOf(manager, canteenIds, month, 'LEDGER');
  if (operators.size === 0) return;
  const rows: { id: number; code: string; name: string }[] = await manager.query(
    'SELECT id, code, name FROM funder',
  );
  const names = new Map(rows.map(({ id, ...named }) => [id, named]));
  for (const [facilityId, own] of operators) {
    const known = own.flatMap(({ funderId, ...share }) => {
      const named = names.get(funderId);
      return named ? [{ ...named, ...share }] : [];
    });
    shares.set(facilityId, [...(shares.get(facilityId) ?? []), ...known]);
  }
}
