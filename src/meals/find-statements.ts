import type { EntityManager } from 'typeorm';
import type { StatementState } from '../../entities/settlement/month-statement.entity.js';
import type { SharePart } from '../../entities/settlement/statement-share.entity.js';
import { covers, narrowed, nowhere, type Scope } from '../network/scope.js';
import { withBeneath } from '../network/tree.js';
import { mealPartSql, type RawSums, statementSums, sumsSql } from '../settlement/fix-lines.js';
import {
  readStatement,
  type Statement,
  type StatementKey,
  type StatementSums,
} from '../settlement/read-statement.js';
import { addDays, type Day } from '../shared/china-time.js';
import { firstDayOf, lastDayOf, type Month } from '../shared/month.js';
import { placeholders } from '../shared/statements.js';
import { operatorSharesOf } from './operator-subsidies.js';
import { unsettledSql } from './statement-lines.js';

/** The statement of a canteen in `scope`; undefined when there is no such canteen there. */
export async function findStatement(
  manager: EntityManager,
  key: StatementKey,
  scope: Scope,
  today: Day,
): Promise<Statement | undefined> {
  const rows: unknown[] = await manager.query('SELECT facilityId FROM canteen WHERE facilityId = ?', [
    key.facilityId,
  ]);
  // A canteen that there is not is looked for in the tree as well: the time of the answer tells nobody which there are.
  const isInScope = await covers(manager, scope, rows.length > 0 ? key.facilityId : nowhere, today);
  if (rows.length === 0 || !isInScope) return undefined;
  return readStatement(manager, 'CANTEEN', key);
}

export interface StatementFilter {
  within?: number | undefined;
  month: Month;
  state?: StatementState | undefined;
}

/** Late meals, voids and disputes still post for a canteen that is closed. */
const daysAfterClosing = 366;

/**
 * One statement for each canteen of the scope that had opened by the month's end and was not closed for a year
 * by then, or has one, in the order of the canteens' ids: the first `rowsMax` after `afterId`.
 */
export async function findStatements(
  manager: EntityManager,
  { within, month, state }: StatementFilter,
  page: { afterId: number; rowsMax: number },
  scope: Scope,
  today: Day,
): Promise<Statement[]> {
  const area = await narrowed(manager, scope, within, today);
  const beneath = area === 'everywhere' ? undefined : withBeneath(area, today);
  const rows: { id: number | null; facilityId: number; state: StatementState; version: number }[] =
    await manager.query(
      `${beneath?.sql ?? ''}
       SELECT statement.id, canteen.facilityId, COALESCE(statement.state, 'DRAFT') AS state,
              COALESCE(statement.version, 0) AS version
         FROM canteen
         JOIN facility ON facility.id = canteen.facilityId
         LEFT JOIN month_statement statement ON statement.kind = 'CANTEEN'
          AND statement.facilityId = canteen.facilityId AND statement.month = ?
        WHERE canteen.facilityId > ?
          AND (statement.id IS NOT NULL
               OR (facility.openedOn <= ? AND (facility.closedOn IS NULL OR facility.closedOn > ?)))
          ${beneath ? 'AND canteen.facilityId IN (SELECT facilityId FROM beneath)' : ''}
          ${state ? "AND COALESCE(statement.state, 'DRAFT') = ?" : ''}
        ORDER BY canteen.facilityId LIMIT ?`,
      [
        ...(beneath?.parameters ?? []),
        month,
        page.afterId,
        lastDayOf(month),
        addDays(firstDayOf(month), -daysAfterClosing),
        ...(state ? [state] : []),
        page.rowsMax,
      ],
    );
  return rows.map((row) => ({ ...row, month, version: Number(row.version) }));
}

/** The sums of statements of one month: as submitted, or of what a draft would hold now; a fixed number of statements. */
export async function sumsOfStatements(
  manager: EntityManager,
  statements: readonly Statement[],
): Promise<Map<number, StatementSums>> {
  const { fixed, drafts, month } = divided(statements);
  const sums = new Map<number, StatementSums>();
  if (fixed.length > 0) {
    const rows: (RawSums & { facilityId: number })[] = await manager.query(
      `SELECT * FROM month_statement WHERE id IN (${placeholders(fixed)})`,
      fixed,
    );
    for (const row of rows) sums.set(row.facilityId, statementSums(row));
  }
  if (drafts.length > 0) {
    for (const id of drafts) sums.set(id, statementSums(none));
    const { sql, parameters } = unsettledSql(drafts, month);
    const rows: (RawSums & { facilityId: number })[] = await manager.query(
      `SELECT line.facilityId, ${sumsSql} FROM (${sql}) line GROUP BY line.facilityId`,
      parameters,
    );
    const operators = await operatorSharesOf(manager, drafts, month, 'LEDGER');
    for (const row of rows) {
      const own = operators.get(row.facilityId) ?? [];
      const operatorFen = own.reduce((sum, { fen }) => sum + fen, 0);
      sums.set(row.facilityId, statementSums({ ...row, operatorFen }));
    }
  }
  return sums;
}

const none: RawSums = {
  lineCount: 0,
  unitCount: 0,
  elderCount: 0,
  grossFen: 0,
  subsidyFen: 0,
  discountFen: 0,
  selfPaidFen: 0,
  operatorFen: 0,
};

export interface FunderShare {
  part: SharePart;
  code: string;
  name: string;
  units: number;
  fen: number;
}

/** What each funder owes by statements of one month, in the order of their codes; a fixed number of statements. */
export async function sharesOfStatements(
  manager: EntityManager,
  statements: readonly Statement[],
): Promise<Map<number, FunderShare[]>> {
  const { fixed, drafts, month } = divided(statements);
  const shares = new Map<number, FunderShare[]>(statements.map(({ facilityId }) => [facilityId, []]));
  const add = (rows: readonly RawShare[]) => {
    for (const { facilityId, units, fen, ...share } of rows) {
      shares.get(facilityId)?.push({ ...share, units: Number(units), fen: Number(fen) });
    }
  };
  if (fixed.length > 0) {
    add(
      await manager.query(
        `SELECT statement.facilityId, share.part, funder.code, funder.name, share.units, share.fen
           FROM statement_share share
           JOIN month_statement statement ON statement.id = share.statementId
           JOIN funder ON funder.id = share.funderId
          WHERE share.statementId IN (${placeholders(fixed)})
          ORDER BY share.statementId, funder.code, share.part`,
        fixed,
      ),
    );
  }
  if (drafts.length > 0) {
    const { sql, parameters } = unsettledSql(drafts, month);
    add(
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
    await addOperators(manager, drafts, month, shares);
  }
  return shares;
}

/** What the operators of drafts would get if these were submitted now. */
async function addOperators(
  manager: EntityManager,
  drafts: readonly number[],
  month: Month,
  shares: Map<number, FunderShare[]>,
): Promise<void> {
  const operators = await operatorSharesOf(manager, drafts, month, 'LEDGER');
  if (operators.size === 0) return;
  const rows: { id: number; code: string; name: string }[] = await manager.query(
    'SELECT id, code, name FROM funder',
  );
  const names = new Map(rows.map(({ id, ...names }) => [id, names]));
  for (const [facilityId, own] of operators) {
    for (const { funderId, ...share } of own) {
      const named = names.get(funderId);
      if (named) shares.get(facilityId)?.push({ ...named, ...share });
    }
  }
}

type RawShare = Omit<FunderShare, 'units' | 'fen'> & {
  facilityId: number;
  units: number | string;
  fen: number | string;
};

/** Statements whose lines are written down, and canteens whose lines are read from the ledger. */
function divided(statements: readonly Statement[]): { fixed: number[]; drafts: number[]; month: Month } {
  const [first] = statements;
  if (!first) return { fixed: [], drafts: [], month: '1970-01' };
  const drafts = statements.filter(({ state }) => state === 'DRAFT').map(({ facilityId }) => facilityId);
  const fixed = statements.flatMap(({ id, state }) => (state === 'DRAFT' || id === null ? [] : [id]));
  return { fixed, drafts, month: first.month };
}

export interface PastEvent {
  event: string;
  toState: StatementState;
  /** Null for the operator of the machine. */
  byName: string | null;
  at: Date;
  note: string | null;
}

/** What happened to statements, the first step first. */
export async function eventsOfStatements(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, PastEvent[]>> {
  const events = new Map<number, PastEvent[]>(ids.map((id) => [id, []]));
  const rows: (Omit<PastEvent, 'at'> & { statementId: number; at: number | string })[] = await manager.query(
    `SELECT event.statementId, event.event, event.toState, account.name AS byName, event.at, event.note
       FROM statement_event event
       LEFT JOIN account ON account.id = event.byId
      WHERE event.statementId IN (${placeholders(ids) || 'NULL'})
      ORDER BY event.statementId, event.version`,
    [...ids],
  );
  for (const { statementId, at, ...event } of rows) {
    events.get(statementId)?.push({ ...event, at: new Date(Number(at)) });
  }
  return events;
}
