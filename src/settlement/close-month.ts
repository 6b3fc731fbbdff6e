import type { EntityManager } from 'typeorm';
import type { Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import type { Database } from '../shared/database.js';
import type { Month } from '../shared/month.js';
import { isRefusal } from '../shared/refusal.js';
import { type Acting, machineOperator } from './find-person.js';
import { findStatements } from './find-statements.js';
import { moveStatement } from './move-statement.js';
import type { Statement } from './read-statement.js';
import type { SettlementKind } from './settlement-kind.js';
import type { StatementRefusal } from './settlement-refusals.js';

const facilitiesAtOnce = 200;

export interface CloseOptions {
  month: Month;
  /** Those of its facilities at or beneath the place. */
  kind: SettlementKind;
  within: number;
  now: Date;
  /** Runs the submission of one facility in a transaction, with its record. */
  write(
    facilityId: number,
    work: (manager: EntityManager) => Promise<Statement | StatementRefusal>,
  ): Promise<Statement | StatementRefusal>;
  /** Told after each facility. */
  onProgress?: (done: number, total: number) => void;
  acting?: Acting;
  scope?: Scope;
}

export interface ClosedMonth {
  submitted: number;
  /** Facilities whose month could not be submitted, and why. */
  refused: { facilityId: number; refusal: StatementRefusal }[];
}

/**
 * Submits the drafts of a month, facility by facility, each in a transaction of its own: it may be stopped and
 * begun anew at any time, and takes the memory of a page of one facility's lines.
 */
export async function closeMonth(database: Database, options: CloseOptions): Promise<ClosedMonth> {
  const { kind, month, now, write, onProgress, acting = machineOperator, scope = 'everywhere' } = options;
  const drafts = await draftsOf(database, options);
  const closed: ClosedMonth = { submitted: 0, refused: [] };
  for (const [index, facilityId] of drafts.entries()) {
    const request = { facilityId, month, event: 'SUBMIT' as const, acting, now };
    const result = await write(facilityId, (manager) => moveStatement(manager, kind, request, scope));
    if (isRefusal(result)) closed.refused.push({ facilityId, refusal: result });
    else closed.submitted += 1;
    onProgress?.(index + 1, drafts.length);
  }
  return closed;
}

/** The facilities without a submitted statement: a few hundred in a city. */
async function draftsOf(
  database: Database,
  { kind, month, within, now, scope = 'everywhere' }: CloseOptions,
): Promise<number[]> {
  const drafts: number[] = [];
  const filter = { within, month, state: 'DRAFT' as const };
  for (let afterId = 0; ; ) {
    const page = { afterId, rowsMax: facilitiesAtOnce };
    const found = await database.read((manager) =>
      findStatements(manager, kind, filter, page, scope, dayOf(now)),
    );
    drafts.push(...found.map(({ facilityId }) => facilityId));
    const last = found.at(-1);
    if (last === undefined || found.length < facilitiesAtOnce) return drafts;
    afterId = last.facilityId;
  }
}
