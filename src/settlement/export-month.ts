import type { Readable } from 'node:stream';
import type { Facility } from '../../entities/network/facility.entity.js';
import { dayOf } from '../shared/china-time.js';
import type { Database } from '../shared/database.js';
import type { Month } from '../shared/month.js';
import { StatementInMotion, statementSheet } from './export-statement.js';
import { findStatements } from './find-statements.js';
import { monthSummary, type SummarizedStatement } from './month-summary.js';
import type { Statement } from './read-statement.js';
import type { SettlementKind } from './settlement-kind.js';
import { type SheetFormat, sheetBytes } from './spreadsheet.js';

const statementsAtOnce = 200;

export interface MonthExportOptions {
  kinds: readonly SettlementKind[];
  month: Month;
  /** Statements of the facilities at or beneath it today. */
  within: Pick<Facility, 'id' | 'code' | 'name'>;
  format: SheetFormat;
  now: Date;
  /** Writes one file under a name that is safe on any disk. */
  store(name: string, bytes: Readable): Promise<void>;
  /** Told of each statement before any of it is stored. */
  onStatement?: (statement: Statement) => Promise<void>;
  /** Told after each statement. */
  onProgress?: (done: number, total: number) => void;
}

export interface ExportedMonth {
  exported: number;
  /** Statements that changed as often as they were read; of these there is no file, and then no summary. */
  inMotion: Statement[];
}

/**
 * Writes the statements of a month, a file for each, and at last a summary that says what these files say. Names and ID
 * numbers are masked. It takes the memory of one statement and of a row of the summary for each.
 */
export async function exportMonth(database: Database, options: MonthExportOptions): Promise<ExportedMonth> {
  const { kinds, month, within, format, store, onProgress } = options;
  const found: { kind: SettlementKind; statement: Statement }[] = [];
  for (const kind of kinds)
    for (const statement of await statementsOf(database, kind, options)) found.push({ kind, statement });
  const written: SummarizedStatement[] = [];
  const inMotion: Statement[] = [];
  for (const [index, { kind, statement }] of found.entries()) {
    const summarized = await exportOne(database, kind, statement, options);
    if (summarized) written.push(summarized);
    else inMotion.push(statement);
    onProgress?.(index + 1, found.length);
  }
  if (inMotion.length === 0)
    await store(summaryName(month, format), sheetBytes(format, monthSummary(month, within, written)));
  return { exported: written.length, inMotion };
}

/** The file of the summary: there only when that of every statement is. */
export function summaryName(month: Month, format: SheetFormat): string {
  return `summary-${month}.${format}`;
}

async function exportOne(
  database: Database,
  kind: SettlementKind,
  statement: Statement,
  { month, format, now, store, onStatement }: MonthExportOptions,
): Promise<SummarizedStatement | undefined> {
  try {
    const sheet = await statementSheet(database, { kind, statement, now, wholeIn: [] });
    await onStatement?.(sheet.statement);
    const name = `${kind.name.toLowerCase()}-${safe(sheet.facility.code)}-${month}.${format}`;
    await store(name, sheetBytes(format, sheet));
    const { facility, sums, shares } = sheet;
    return { statement: sheet.statement, facility, sums, shares, called: kind.document.facility };
  } catch (error) {
    if (error instanceof StatementInMotion) return undefined;
    throw error;
  }
}

/** A code as a part of a file's name: whatever is no letter, digit or stroke by its bytes, so that no two codes come to one. */
function safe(code: string): string {
  const byte = (value: number) => `%${value.toString(16).padStart(2, '0')}`;
  return code.replace(/[^A-Za-z0-9_-]/gu, (char) => [...Buffer.from(char)].map(byte).join(''));
}

async function statementsOf(
  database: Database,
  kind: SettlementKind,
  { month, within, now }: MonthExportOptions,
): Promise<Statement[]> {
  const statements: Statement[] = [];
  for (let afterId = 0; ; ) {
    const page = { afterId, rowsMax: statementsAtOnce };
    const found = await database.read((manager) =>
      findStatements(manager, kind, { month, within: within.id }, page, 'everywhere', dayOf(now)),
    );
    statements.push(...found);
    const last = found.at(-1);
    if (last === undefined || found.length < statementsAtOnce) return statements;
    afterId = last.facilityId;
  }
}
