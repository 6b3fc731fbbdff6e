import type { EntityManager } from 'typeorm';
import { type ShownIdentity, shownIdentities } from '../elders/shown-identities.js';
import { ancestorFacilitiesOf } from '../network/ancestor-facilities.js';
import { facilityById } from '../network/find-facilities.js';
import type { Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import type { Database } from '../shared/database.js';
import { lastDayOf } from '../shared/month.js';
import { sharesOfStatements, sumsOfStatements } from './find-statements.js';
import type { Statement } from './read-statement.js';
import type { SettlementKind } from './settlement-kind.js';
import type { ShownLine } from './shown-line.js';
import type { Cell, Sheet } from './spreadsheet.js';
import {
  documentColumns,
  footRows,
  headRows,
  lineRow,
  maskedElder,
  type NamedElder,
} from './statement-document.js';

/** Lines read at once: the memory that an export of any length takes. */
const linesAtOnce = 1_000;

export interface ExportOptions {
  /** That of the statement. */
  kind: SettlementKind;
  statement: Statement;
  now: Date;
  /** Where names and ID numbers are written whole; masked elsewhere. */
  wholeIn: Scope;
  /** Told which elders are written whole, each once, before the lines that show them leave. */
  onWhole?: (elderIds: readonly number[]) => Promise<void>;
  /** Told how many lines were written, of how many. */
  onProgress?: (done: number, total: number) => void;
}

/** A statement as a sheet in Chinese. The head is read now, the lines page by page as the rows are taken. */
export async function statementSheet(database: Database, options: ExportOptions): Promise<Sheet> {
  const { statement, kind } = options;
  const { facilityId, month } = statement;
  const { head, sums, shares } = await database.read(async (manager) => {
    const facility = await facilityById(manager, facilityId);
    if (!facility) throw new Error(`there is no facility ${facilityId}`);
    // As the tree stood then, so that a frozen statement is printed the same after the facility has moved.
    const above = (await ancestorFacilitiesOf(manager, [facilityId], lastDayOf(month))).get(facilityId) ?? [];
    return {
      head: { statement, facility, above: above.map(({ name }) => name) },
      sums: (await sumsOfStatements(manager, kind, [statement])).get(facilityId),
      shares: (await sharesOfStatements(manager, kind, [statement])).get(facilityId) ?? [],
    };
  });
  if (!sums) throw new Error(`the statement of ${facilityId} in ${month} has no sums`);
  const funders = shares.filter(({ part }) => part === 'SUBSIDY' || part === 'DONATION');
  async function* rows(): AsyncGenerator<Cell[]> {
    yield* headRows(kind.document, head, funders);
    let number = 0;
    for await (const { lines, elders } of pages(database, options)) {
      for (const line of lines) {
        number += 1;
        const elder = elders.get(line.elderId ?? 0);
        yield lineRow(kind.document, { number, line, elder }, funders);
      }
      options.onProgress?.(number, sums?.lines ?? 0);
    }
    if (sums) yield* footRows(kind.document, sums, shares);
  }
  return { name: `结算单 ${month}`, columns: documentColumns(kind.document, funders), rows: rows() };
}

interface LinesWithElders {
  lines: ShownLine[];
  elders: Map<number, NamedElder>;
}

async function* pages(database: Database, options: ExportOptions): AsyncGenerator<LinesWithElders> {
  const told = new Set<number>();
  for (let afterId = 0; ; ) {
    const page = { afterId, rowsMax: linesAtOnce };
    const lines = await database.read((manager) =>
      options.kind.findLines(manager, options.statement, {}, page),
    );
    const { elders, whole } = await database.read((manager) => eldersOf(manager, lines, options));
    const news = whole.filter((elderId) => !told.has(elderId));
    for (const elderId of news) told.add(elderId);
    if (news.length > 0) await options.onWhole?.(news);
    yield { lines, elders };
    const last = lines.at(-1);
    if (last === undefined || lines.length < linesAtOnce) return;
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
