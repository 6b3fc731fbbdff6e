import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';
import { type ShownIdentity, shownIdentities } from '../elders/shown-identities.js';
import { ancestorFacilitiesOf } from '../network/ancestor-facilities.js';
import { facilityById } from '../network/find-facilities.js';
import type { Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import type { Database } from '../shared/database.js';
import { lastDayOf } from '../shared/month.js';
import { sharesOfStatements, sumsOfStatements } from './find-statements.js';
import { noSums, statementSums } from './fix-lines.js';
import { readStatement, type Statement, type StatementSums } from './read-statement.js';
import type { FunderShare, SettlementKind } from './settlement-kind.js';
import type { ShownLine } from './shown-line.js';
import type { Cell, Sheet } from './spreadsheet.js';
import {
  type DocumentHead,
  documentColumns,
  footRows,
  headRows,
  lineRow,
  maskedElder,
  type NamedElder,
} from './statement-document.js';

/** Lines read at once. */
const linesAtOnce = 1_000;

/** A draft at lunch grows by a line a second, and is read in a fraction of one. */
const attemptsMax = 6;

export interface ExportOptions {
  /** That of the statement. */
  kind: SettlementKind;
  statement: Statement;
  now: Date;
  /** Where names and ID numbers are written whole; masked elsewhere. */
  wholeIn: Scope;
  /** Told which elders are written whole, each once and no more than a page of them at a time, before any line leaves. */
  onWhole?: (elderIds: readonly number[]) => Promise<void>;
  /** Told how many lines were written, of how many. */
  onProgress?: (done: number, total: number) => void;
}

/** A statement as a sheet, and what it says. */
export interface StatementSheet extends Sheet {
  /** As it was read, which may be later than as it was asked for. */
  statement: Statement;
  facility: DocumentHead['facility'];
  sums: StatementSums;
  shares: readonly FunderShare[];
}

/** What goes on while it is read: a draft to which lines come, or a statement that is given back. */
export class StatementInMotion extends Error {}

/**
 * A statement as a sheet in Chinese. All of it is read before the first row leaves, and again when it changed meanwhile,
 * so that its lines are those of its totals. One facility's month fits into memory: some thousands of lines, of the
 * largest home thirty thousand.
 *
 * @throws StatementInMotion when it changed each time that it was read
 */
export async function statementSheet(database: Database, options: ExportOptions): Promise<StatementSheet> {
  const { kind, onWhole, onProgress } = options;
  const { head, sums, shares, pages } = await readWhole(database, options);
  const whole = [...new Set(pages.flatMap((page) => page.whole))];
  for (let from = 0; from < whole.length; from += linesAtOnce) {
    await onWhole?.(whole.slice(from, from + linesAtOnce));
  }
  const funders = shares.filter(({ part }) => part === 'SUBSIDY' || part === 'DONATION');
  async function* rows(): AsyncGenerator<Cell[]> {
    yield* headRows(kind.document, head, funders);
    let number = 0;
    for (const { lines, elders } of pages) {
      for (const line of lines) {
        number += 1;
        yield lineRow(kind.document, { number, line, elder: elders.get(line.elderId ?? 0) }, funders);
      }
      onProgress?.(number, sums.lines);
    }
    yield* footRows(kind.document, sums, shares);
  }
  return {
    name: `结算单 ${head.statement.month}`,
    columns: documentColumns(kind.document, funders),
    rows: rows(),
    statement: head.statement,
    facility: head.facility,
    sums,
    shares,
  };
}

interface WholeStatement {
  head: DocumentHead;
  sums: StatementSums;
  shares: FunderShare[];
  pages: LinesWithElders[];
}

async function readWhole(database: Database, options: ExportOptions): Promise<WholeStatement> {
  const { kind } = options;
  let { statement } = options;
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const { facilityId, month } = statement;
    const before = await database.read((manager) => totalsOf(manager, kind, statement));
    const pages = await readPages(database, { ...options, statement });
    const { now, after } = await database.read(async (manager) => {
      const again = await readStatement(manager, kind.name, { facilityId, month });
      return { now: again, after: await totalsOf(manager, kind, again) };
    });
    const isSame = isDeepStrictEqual([statement, before], [now, after]);
    const lines = pages.reduce((sum, page) => sum + page.lines.length, 0);
    if (isSame && lines === before.sums.lines) {
      return { head: await database.read((manager) => headOf(manager, statement)), ...before, pages };
    }
    statement = now;
  }
  throw new StatementInMotion(`the statement of ${statement.facilityId} in ${statement.month} changes`);
}

async function headOf(manager: EntityManager, statement: Statement): Promise<DocumentHead> {
  const { facilityId, month } = statement;
  const facility = await facilityById(manager, facilityId);
  if (!facility) throw new Error(`there is no facility ${facilityId}`);
  // As the tree stood then, so that a frozen statement is printed the same after the facility has moved.
  const above = (await ancestorFacilitiesOf(manager, [facilityId], lastDayOf(month))).get(facilityId) ?? [];
  return { statement, facility, above: above.map(({ name }) => name) };
}

async function totalsOf(
  manager: EntityManager,
  kind: SettlementKind,
  statement: Statement,
): Promise<Pick<WholeStatement, 'sums' | 'shares'>> {
  const sums = (await sumsOfStatements(manager, kind, [statement])).get(statement.facilityId);
  // Given back since it was looked at, it has no sums of its own any more; the next look takes it for a draft.
  const shares = (await sharesOfStatements(manager, kind, [statement])).get(statement.facilityId) ?? [];
  return { sums: sums ?? statementSums(noSums), shares };
}

interface LinesWithElders {
  lines: ShownLine[];
  elders: Map<number, NamedElder>;
  /** The elders who are written whole. */
  whole: number[];
}

async function readPages(database: Database, options: ExportOptions): Promise<LinesWithElders[]> {
  const pages: LinesWithElders[] = [];
  for (let afterId = 0; ; ) {
    const page = { afterId, rowsMax: linesAtOnce };
    const lines = await database.read((manager) =>
      options.kind.findLines(manager, options.statement, {}, page),
    );
    const { elders, whole } = await database.read((manager) => eldersOf(manager, lines, options));
    pages.push({ lines, elders, whole });
    const last = lines.at(-1);
    if (last === undefined || lines.length < linesAtOnce) return pages;
    afterId = last.id;
  }
}

async function eldersOf(
  manager: EntityManager,
  lines: readonly ShownLine[],
  { wholeIn, now }: ExportOptions,
): Promise<{ elders: Map<number, NamedElder>; whole: number[] }> {
  const names = new Map(lines.map(({ elderId, elderName }) => [elderId ?? 0, elderName ?? '']));
  names.delete(0);
  const identities = await shownIdentities(manager, [...names.keys()], wholeIn, dayOf(now));
  const elders = new Map<number, NamedElder>();
  const isWhole = ({ whole }: ShownIdentity) => whole.includes('idNumber');
  for (const [elderId, identity] of identities) {
    const idNumber = identity.idNumber ?? '';
    const name = names.get(elderId) ?? '';
    elders.set(elderId, isWhole(identity) ? { name, idNumber } : maskedElder(name, idNumber));
  }
  return {
    elders,
    whole: [...identities].flatMap(([elderId, identity]) => (isWhole(identity) ? [elderId] : [])),
  };
}
