import type { EntityManager } from 'typeorm';
import type { OperatorShare } from '../settlement/settlement-kind.js';
import type { Month } from '../shared/month.js';
import { operatorSharesOf } from './operator-subsidies.js';
import { type RuleCatalog, readRuleCatalog } from './rules/rule-catalog.js';

/** A share of an operator that is not what the meals and the rules say. */
export interface BrokenOperatorShare {
  statementId: number;
  funderId: number;
  part: string;
  what: string;
}

/** Statements looked at together. */
const statementsAtOnce = 500;

/**
 * Computes anew, from the swipes and by the rules that were approved when it was submitted, what operators get by
 * each statement, one statement at a time: SQL cannot read the rules. While an earlier month of a canteen is a draft
 * again, what the later ones correct is not written down, so they are left until it is.
 */
export async function* brokenOperatorShares(manager: EntityManager): AsyncGenerator<BrokenOperatorShare> {
  const catalog = await readRuleCatalog(manager);
  const approvals = await readApprovals(manager);
  for (let afterId = 0; ; ) {
    const statements: StoredStatement[] = await manager.query(
      `SELECT statement.id, statement.facilityId, statement.month, MAX(event.at) AS at
         FROM month_statement statement
         JOIN statement_event event ON event.statementId = statement.id AND event.event = 'SUBMIT'
        WHERE statement.kind = 'CANTEEN' AND statement.state <> 'DRAFT' AND statement.id > ?
          AND NOT EXISTS (SELECT 1 FROM month_statement returned
                           WHERE returned.kind = statement.kind AND returned.facilityId = statement.facilityId
                             AND returned.month < statement.month AND returned.state = 'DRAFT')
        GROUP BY statement.id, statement.facilityId, statement.month
        ORDER BY statement.id LIMIT ${statementsAtOnce}`,
      [afterId],
    );
    for (const statement of statements) {
      yield* faultsOf(manager, statement, asOf(catalog, approvals, Number(statement.at)));
    }
    const last = statements.at(-1);
    if (!last) return;
    afterId = last.id;
  }
}

interface StoredStatement {
  id: number;
  facilityId: number;
  month: Month;
  at: number | string;
}

async function readApprovals(manager: EntityManager): Promise<Map<number, number>> {
  const rows: { id: number; decidedAt: number | string }[] = await manager.query(
    "SELECT id, decidedAt FROM subsidy_rule WHERE status = 'APPROVED'",
  );
  return new Map(rows.map(({ id, decidedAt }) => [id, Number(decidedAt)]));
}

/** What was approved later, even for days past, was not known then. */
function asOf(catalog: RuleCatalog, approvals: ReadonlyMap<number, number>, at: number): RuleCatalog {
  const known = [...catalog.versions].filter(([id]) => (approvals.get(id) ?? at) <= at);
  return { ...catalog, versions: new Map(known) };
}

async function* faultsOf(
  manager: EntityManager,
  { id, facilityId, month }: StoredStatement,
  catalog: RuleCatalog,
): AsyncGenerator<BrokenOperatorShare> {
  const stored: StoredShare[] = await manager.query(
    `SELECT part, funderId, units, fen FROM statement_share
      WHERE statementId = ? AND part NOT IN ('SUBSIDY', 'DONATION')`,
    [id],
  );
  const left = new Map(
    stored.map((share) => [keyOf(share), { units: Number(share.units), fen: Number(share.fen) }]),
  );
  const due = await operatorSharesOf(manager, [facilityId], month, 'LINES', catalog);
  for (const share of due.get(facilityId) ?? []) {
    const { part, funderId, units, fen } = share;
    const found = left.get(keyOf(share));
    left.delete(keyOf(share));
    if (found?.units === units && found.fen === fen) continue;
    const what = `stored ${found?.units ?? 0} for ${found?.fen ?? 0} fen, due ${units} for ${fen} fen`;
    yield { statementId: id, funderId, part, what };
  }
  for (const { part, funderId, units, fen } of stored) {
    if (!left.has(keyOf({ part, funderId }))) continue;
    yield { statementId: id, funderId, part, what: `stored ${units} for ${fen} fen, due nothing` };
  }
}

type StoredShare = Pick<OperatorShare, 'part' | 'funderId'> & Record<'units' | 'fen', number | string>;

function keyOf({ part, funderId }: Pick<OperatorShare, 'part' | 'funderId'>): string {
  return `${part} ${funderId}`;
}
