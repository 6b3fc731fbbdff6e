import type { StatementKind } from '../../entities/settlement/month-statement.entity.js';
import type { AuditCheck } from '../shared/audit-check.js';
import type { LineTable } from './settlement-kind.js';

/** That the statements of a kind are the sums of their lines. */
export function sumCheck(kind: StatementKind, table: LineTable['name']): AuditCheck {
  return {
    name: `every statement of kind ${kind} is the sum of its lines, and a draft has none`,
    sql: `SELECT statement.id
            FROM month_statement statement
            LEFT JOIN ${table} line ON line.statementId = statement.id
           WHERE statement.kind = '${kind}'
           GROUP BY statement.id, statement.state, statement.lineCount, statement.unitCount, statement.elderCount,
                    statement.grossFen, statement.subsidyFen, statement.discountFen, statement.selfPaidFen
          HAVING COUNT(line.postingId) <> statement.lineCount
              OR COALESCE(SUM(line.units), 0) <> statement.unitCount
              OR COUNT(DISTINCT CASE WHEN line.units > 0 THEN line.elderId END) <> statement.elderCount
              OR COALESCE(SUM(line.grossFen), 0) <> statement.grossFen
              OR COALESCE(SUM(line.subsidyFen), 0) <> statement.subsidyFen
              OR COALESCE(SUM(line.discountFen), 0) <> statement.discountFen
              OR COALESCE(SUM(line.selfPaidFen), 0) <> statement.selfPaidFen
              OR (statement.state = 'DRAFT' AND COUNT(line.postingId) > 0)`,
  };
}
