import type { EntityManager } from 'typeorm';
import type { StatementKind } from '../../entities/settlement/month-statement.entity.js';
import type { SharePart } from '../../entities/settlement/statement-share.entity.js';
import type { Month } from '../shared/month.js';
import type { Statement, StatementSums } from './read-statement.js';
import type { LineFilter, ShownLine } from './shown-line.js';
import type { LineDocument } from './statement-document.js';

/**
 * A line as it is submitted: one posting of the kind's ledger that touches the facility's accounts. A home has no ledger,
 * since its days follow from stays; its lines have numbers of their own.
 */
export interface Line {
  postingId: number;
  kind: string;
  day: string;
  correctsMonth: Month | null;
  elderId: number | null;
  units: number;
  grossFen: number;
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
}

/** A line with the columns that its kind has beside those of every line. */
export type StoredLine = Line & Readonly<Record<string, number | string | null>>;

/** Where the lines of a kind are written down. */
export interface LineTable {
  name: 'statement_line' | 'station_line' | 'home_line';
  /** Where the parts of its lines are written down, if they are; they go when the lines go. */
  parts?: 'home_line_part';
  /** Beside those of every line. */
  columns: readonly string[];
  /** What a dispute keeps of a line in `sourceId`, as SQL over `line`. */
  source: 'line.sourceId' | 'NULL';
}

/** What one funder owes, as it is shown. */
export interface FunderShare {
  part: SharePart;
  code: string;
  name: string;
  units: number;
  fen: number;
}

/** What one funder bears of the lines. */
export interface LineShare {
  part: 'SUBSIDY' | 'DONATION';
  funderId: number;
  /** Meals, visits or days in a bed. */
  units: number;
  fen: number;
}

/** What the operator of a facility gets beside what the postings say. */
export interface OperatorShare {
  part: Exclude<SharePart, 'SUBSIDY' | 'DONATION'>;
  funderId: number;
  /** Meals, persons or months that it is paid for. */
  units: number;
  fen: number;
}

/** What one kind counts beside what all do: the length of visits, or the days of stays. */
export type OwnCounts = Partial<
  Pick<StatementSums, 'minutes' | 'hoursMinutes' | 'homeLeaveDays' | 'hospitalDays' | 'countedDays'>
>;

/** A statement that the county has signed, and what the operator gets by it. */
export interface SignedStatement {
  statementId: number;
  facilityId: number;
  shares: readonly { funderId: number; fen: number }[];
}

export interface DisputedLine {
  disputeId: number;
  /** The posting that is doubted. */
  postingId: number;
  sourceId: number | null;
  facilityId: number;
}

/** What one kind of facility brings to its statements; all else is the same for every kind. */
export interface SettlementKind {
  name: StatementKind;
  lines: LineTable;
  /** All facilities of the kind, as SQL with one column, `facilityId`. */
  facilitiesSql: string;
  /** Locks what all statements of the facility pass by; false when it is none of this kind. */
  lock(manager: EntityManager, facilityId: number): Promise<boolean>;
  /** The earliest month before `month` that has postings and was not submitted. */
  earlierOpenMonth(manager: EntityManager, facilityId: number, month: Month): Promise<Month | undefined>;
  /** The next postings to settle in `month`, in the order of their ids. */
  unsettledLines(
    manager: EntityManager,
    facilityId: number,
    month: Month,
    page: { afterId: number; rowsMax: number },
  ): Promise<StoredLine[]>;
  /** Writes down the parts of lines that were written down, where the kind keeps them. */
  fixParts?(manager: EntityManager, statementId: number, lines: readonly StoredLine[]): Promise<void>;
  /** Told when the lines of a statement were written down, and before they are taken out of it again. */
  settle?(manager: EntityManager, statementId: number, does: 'FIX' | 'RELEASE'): Promise<void>;
  /** What funders bear of the lines that are written down for a statement. */
  lineShares(manager: EntityManager, statementId: number): Promise<LineShare[]>;
  /** What the drafts of these facilities would be if they were submitted now; none of one without lines. */
  draftSums(
    manager: EntityManager,
    facilityIds: readonly number[],
    month: Month,
  ): Promise<Map<number, StatementSums>>;
  draftShares(
    manager: EntityManager,
    facilityIds: readonly number[],
    month: Month,
  ): Promise<Map<number, FunderShare[]>>;
  /** The same of statements that are written down; nothing of a kind that counts none. */
  ownCounts(manager: EntityManager, statementIds: readonly number[]): Promise<Map<number, OwnCounts>>;
  /** Lines in the order of their postings, as they are written down or as a draft has them now. */
  findLines(
    manager: EntityManager,
    statement: Statement,
    filter: LineFilter,
    page: { afterId: number; rowsMax: number },
  ): Promise<ShownLine[]>;
  document: LineDocument;
  /** What the operator gets by the statement of `month`, whose lines are written down. */
  operatorShares(manager: EntityManager, facilityId: number, month: Month): Promise<OperatorShare[]>;
  /** Posts what the operator gets by a statement that was signed. */
  owe(
    manager: EntityManager,
    signed: SignedStatement,
    posted: { postingId: number; now: Date },
  ): Promise<void>;
  /** What funders, donors among them, bear of a posting, in fen; below zero when they get it back. */
  bornByFunders(manager: EntityManager, postingId: number): Promise<number>;
  /** True when the disputed line can still be taken from the funders; locks what could change that. */
  canUphold(manager: EntityManager, line: DisputedLine): Promise<boolean>;
  /** Posts that the facility bears the line's subsidy itself. */
  uphold(manager: EntityManager, line: DisputedLine, posted: { postingId: number; now: Date }): Promise<void>;
}
