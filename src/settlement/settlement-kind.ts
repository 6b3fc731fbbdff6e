import type { EntityManager } from 'typeorm';
import type { StatementKind } from '../../entities/settlement/month-statement.entity.js';
import type { SharePart } from '../../entities/settlement/statement-share.entity.js';
import type { Month } from '../shared/month.js';

/** A line as it is submitted: one posting of the ledger that touches the facility's accounts. */
export interface Line {
  postingId: number;
  kind: string;
  sourceId: number | null;
  day: string;
  correctsMonth: Month | null;
  elderId: number | null;
  units: number;
  grossFen: number;
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
}

/** What the operator of a facility gets beside what the postings say. */
export interface OperatorShare {
  part: Exclude<SharePart, 'SUBSIDY' | 'DONATION'>;
  funderId: number;
  /** Meals, persons or months that it is paid for. */
  units: number;
  fen: number;
}

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
  ): Promise<Line[]>;
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
