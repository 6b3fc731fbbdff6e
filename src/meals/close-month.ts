import type { EntityManager } from 'typeorm';
import type { Scope } from '../network/scope.js';
import { type Acting, machineOperator } from '../settlement/find-person.js';
import { moveStatement } from '../settlement/move-statement.js';
import type { Statement } from '../settlement/read-statement.js';
import type { StatementRefusal } from '../settlement/settlement-refusals.js';
import { dayOf } from '../shared/china-time.js';
import type { Database } from '../shared/database.js';
import type { Month } from '../shared/month.js';
import { isRefusal } from '../shared/refusal.js';
import { canteenSettlement } from './canteen-settlement.js';
import { findStatements } from './find-statements.js';

const canteensAtOnce = 200;

export interface CloseOptions {
  month: Month;
  /** The canteens at or beneath it. */
  within: number;
  now: Date;
  /** Runs the submission of one canteen in a transaction, with its record. */
  write(
    facilityId: number,
    work: (manager: EntityManager) => Promise<Statement | StatementRefusal>,
  ): Promise<Statement | StatementRefusal>;
  /** Told after each canteen. */
  onProgress?: (done: number, total: number) => void;
  acting?: Acting;
  scope?: Scope;
}

export interface ClosedMonth {
  submitted: number;
  /** Canteens whose month could not be submitted, and why. */
  refused: { facilityId: number; refusal: StatementRefusal }[];
}

/**
 * Submits the drafts of a month, canteen by canteen, each in a transaction of its own: it may be stopped and
 * begun anew at any time, and takes the memory of a page of one canteen's lines.
 */
export async function closeMonth(database: Database, options: CloseOptions): Promise<ClosedMonth> {
  const { month, now, write, onProgress, acting = machineOperator, scope = 'everywhere' } = options;
  const drafts = await draftsOf(database, options);
  const closed: ClosedMonth = { submitted: 0, refused: [] };
  for (const [index, facilityId] of drafts.entries()) {
    const request = { facilityId, month, event: 'SUBMIT' as const, acting, now };
    const result = await write(facilityId, (manager) =>
      moveStatement(manager, canteenSettlement, request, scope),
    );
    if (isRefusal(result)) closed.refused.push({ facilityId, refusal: result });
    else closed.submitted += 1;
    onProgress?.(index + 1, drafts.length);
  }
  return closed;
}

/** The canteens without a submitted statement: a few hundred in a city. */
async function draftsOf(
  database: Database,
  { month, within, now, scope = 'everywhere' }: CloseOptions,
): Promise<number[]> {
  const drafts: number[] = [];
  const filter = { within, month, state: 'DRAFT' as const };
  for (let afterId = 0; ; ) {
    const page = { afterId, rowsMax: canteensAtOnce };
    const found = await database.read((manager) => findStatements(manager, filter, page, scope, dayOf(now)));
    drafts.push(...found.map(({ facilityId }) => facilityId));
    const last = found.at(-1);
    if (last === undefined || found.length < canteensAtOnce) return drafts;
    afterId = last.facilityId;
  }
}
