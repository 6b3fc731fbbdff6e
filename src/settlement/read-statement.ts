import type { EntityManager } from 'typeorm';
import type { StatementKind, StatementState } from '../../entities/settlement/month-statement.entity.js';
import type { AuditedState } from '../audit-log/write-on-record.js';
import type { Month } from '../shared/month.js';
import type { SettlementKind } from './settlement-kind.js';

/** A statement; `id` is null, and the version 0, of a draft that was never submitted. */
export interface Statement {
  kind: StatementKind;
  id: number | null;
  facilityId: number;
  month: Month;
  state: StatementState;
  version: number;
}

export interface StatementSums {
  lines: number;
  units: number;
  elders: number;
  grossFen: number;
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
  operatorFen: number;
  /** Booked minutes of visits, and minutes of government hours that they used; 0 of what is no visit. */
  minutes: number;
  hoursMinutes: number;
  /** Days of stays on leave and in hospital, and days that a funder pays for; 0 of what is no stay. */
  homeLeaveDays: number;
  hospitalDays: number;
  countedDays: number;
}

/** What a statement is addressed by. */
export interface StatementKey {
  facilityId: number;
  month: Month;
}

export async function readStatement(
  manager: EntityManager,
  kind: StatementKind,
  { facilityId, month }: StatementKey,
): Promise<Statement> {
  const rows: { id: number; state: StatementState; version: number }[] = await manager.query(
    'SELECT id, state, version FROM month_statement WHERE kind = ? AND facilityId = ? AND month = ?',
    [kind, facilityId, month],
  );
  const [row] = rows;
  return row
    ? { kind, facilityId, month, ...row }
    : { kind, id: null, facilityId, month, state: 'DRAFT', version: 0 };
}

/** Who took the last step; undefined when there was none. */
export async function lastStepBy(
  manager: EntityManager,
  { id, version }: Statement,
): Promise<number | null | undefined> {
  if (id === null) return undefined;
  const rows: { byId: number | null }[] = await manager.query(
    'SELECT byId FROM statement_event WHERE statementId = ? AND version = ?',
    [id, version],
  );
  return rows[0]?.byId;
}

/** Who submitted it last, and the digest of what was written down then; undefined when nobody has. */
export async function lastSubmission(
  manager: EntityManager,
  { id }: Statement,
): Promise<{ byId: number | null; linesDigest: string | null } | undefined> {
  if (id === null) return undefined;
  const rows: { byId: number | null; linesDigest: string | null }[] = await manager.query(
    `SELECT byId, linesDigest FROM statement_event WHERE statementId = ? AND event = 'SUBMIT'
      ORDER BY version DESC LIMIT 1`,
    [id],
  );
  return rows[0];
}

/**
 * A statement as the audit log shows it, with the digest of what is written down for it: so the chain of the log vouches
 * for the lines too. It takes the lock that all steps of the facility pass by before it
 * reads anything, so that the whole transaction sees what the step before has left.
 */
export async function stateOfLocked(
  manager: EntityManager,
  { name, lock }: Pick<SettlementKind, 'name' | 'lock'>,
  key: StatementKey,
): Promise<AuditedState | undefined> {
  if (!(await lock(manager, key.facilityId))) return undefined;
  const statement = await readStatement(manager, name, key);
  const { id, state, version } = statement;
  const written = state === 'DRAFT' ? undefined : await lastSubmission(manager, statement);
  return {
    about: { facilityId: key.facilityId, subject: id === null ? null : `statement:${id}` },
    values: { month: key.month, state, version, linesDigest: written?.linesDigest ?? null },
  };
}
