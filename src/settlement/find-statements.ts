import type { EntityManager } from 'typeorm';
import type { StatementState } from '../../entities/settlement/month-statement.entity.js';
import { covers, narrowed, nowhere, type Scope } from '../network/scope.js';
import { withBeneath } from '../network/tree.js';
import { addDays, type Day } from '../shared/china-time.js';
import { firstDayOf, lastDayOf, type Month } from '../shared/month.js';
import { placeholders } from '../shared/statements.js';
import { noSums, type RawSums, statementSums } from './fix-lines.js';
import { readStatement, type Statement, type StatementKey, type StatementSums } from './read-statement.js';
import type { FunderShare, SettlementKind } from './settlement-kind.js';

/** The statement of a facility in `scope`; undefined when there is no such facility of the kind there. */
export async function findStatement(
  manager: EntityManager,
  kind: SettlementKind,
  key: StatementKey,
  scope: Scope,
  today: Day,
): Promise<Statement | undefined> {
  const rows: unknown[] = await manager.query(
    `SELECT own.facilityId FROM (${kind.facilitiesSql}) own WHERE own.facilityId = ?`,
    [key.facilityId],
  );
  // One that there is not is looked for in the tree as well: the time of the answer tells nobody which there are.
  const isInScope = await covers(manager, scope, rows.length > 0 ? key.facilityId : nowhere, today);
  if (rows.length === 0 || !isInScope) return undefined;
  return readStatement(manager, kind.name, key);
}

export interface StatementFilter {
  within?: number | undefined;
  month: Month;
  state?: StatementState | undefined;
}

/** What comes late, is taken back or disputed still posts for a facility that is closed. */
const daysAfterClosing = 366;

/**
 * One statement for each facility of the kind in the scope that had opened by the month's end and was not closed for a
 * year by then, or has one, in the order of the facilities' ids: the first `rowsMax` after `afterId`.
 */
export async function findStatements(
  manager: EntityManager,
  kind: SettlementKind,
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
       SELECT statement.id, own.facilityId, COALESCE(statement.state, 'DRAFT') AS state,
              COALESCE(statement.version, 0) AS version
         FROM (${kind.facilitiesSql}) own
         JOIN facility ON facility.id = own.facilityId
         LEFT JOIN month_statement statement ON statement.kind = ?
          AND statement.facilityId = own.facilityId AND statement.month = ?
        WHERE own.facilityId > ?
          AND (statement.id IS NOT NULL
               OR (facility.openedOn <= ? AND (facility.closedOn IS NULL OR facility.closedOn > ?)))
          ${beneath ? 'AND own.facilityId IN (SELECT facilityId FROM beneath)' : ''}
          ${state ? "AND COALESCE(statement.state, 'DRAFT') = ?" : ''}
        ORDER BY own.facilityId LIMIT ?`,
      [
        ...(beneath?.parameters ?? []),
        kind.name,
        month,
        page.afterId,
        lastDayOf(month),
        addDays(firstDayOf(month), -daysAfterClosing),
        ...(state ? [state] : []),
        page.rowsMax,
      ],
    );
  return rows.map((row) => ({ kind: kind.name, ...row, month, version: Number(row.version) }));
}

/** The sums of statements of one kind and month: as submitted, or of what a draft would hold now; a fixed number of statements. */
export async function sumsOfStatements(
  manager: EntityManager,
  kind: SettlementKind,
  statements: readonly Statement[],
): Promise<Map<number, StatementSums>> {
  const { fixed, drafts, month } = divided(statements);
  const sums = new Map<number, StatementSums>();
  if (fixed.length > 0) {
    const rows: (RawSums & { id: number; facilityId: number })[] = await manager.query(
      `SELECT * FROM month_statement WHERE id IN (${placeholders(fixed)})`,
      fixed,
    );
    const counts = await kind.ownCounts(manager, fixed);
    for (const row of rows) sums.set(row.facilityId, statementSums(row, counts.get(row.id)));
  }
  if (drafts.length > 0) {
    const found = await kind.draftSums(manager, drafts, month);
    for (const id of drafts) sums.set(id, found.get(id) ?? statementSums(noSums));
  }
  return sums;
}

/** What each funder owes by statements of one kind and month, in the order of their codes; a fixed number of statements. */
export async function sharesOfStatements(
  manager: EntityManager,
  kind: SettlementKind,
  statements: readonly Statement[],
): Promise<Map<number, FunderShare[]>> {
  const { fixed, drafts, month } = divided(statements);
  const shares = new Map<number, FunderShare[]>(statements.map(({ facilityId }) => [facilityId, []]));
  if (fixed.length > 0) {
    const rows: RawShare[] = await manager.query(
      `SELECT statement.facilityId, share.part, funder.code, funder.name, share.units, share.fen
         FROM statement_share share
         JOIN month_statement statement ON statement.id = share.statementId
         JOIN funder ON funder.id = share.funderId
        WHERE share.statementId IN (${placeholders(fixed)})
        ORDER BY share.statementId, funder.code, share.part`,
      fixed,
    );
    addShares(shares, rows);
  }
  if (drafts.length > 0) {
    for (const [id, found] of await kind.draftShares(manager, drafts, month)) shares.get(id)?.push(...found);
  }
  return shares;
}

/** A share as a driver hands it over. */
export type RawShare = Omit<FunderShare, 'units' | 'fen'> & {
  facilityId: number;
  units: number | string;
  fen: number | string;
};

export function addShares(shares: Map<number, FunderShare[]>, rows: readonly RawShare[]): void {
  for (const { facilityId, units, fen, ...share } of rows) {
    const own = shares.get(facilityId) ?? [];
    own.push({ ...share, units: Number(units), fen: Number(fen) });
    shares.set(facilityId, own);
  }
}

/** Statements whose lines are written down, and facilities whose lines are read from the ledger. */
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
