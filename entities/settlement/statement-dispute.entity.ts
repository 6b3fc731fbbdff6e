import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { AssignedIdColumn, AssignedIdReference, InstantColumn } from '../columns.js';
import { MonthStatement, type StatementKind } from './month-statement.entity.js';

export const disputeDecisions = ['UPHELD', 'REJECTED'] as const;
export type DisputeDecision = (typeof disputeDecisions)[number];

/** A line that the street doubts, the answer of the facility, and what was decided. It outlives a return. */
@Entity('statement_dispute')
@Index('uq_dispute_posting', ['kind', 'postingId'], { unique: true })
@Index('ix_dispute_statement', ['statementId'])
@Index('ix_dispute_source', ['sourceId'])
@Check('ck_dispute_decided', 'decision IS NULL OR answer IS NOT NULL')
export class StatementDispute {
  @AssignedIdColumn()
  id!: number;

  @Column({ type: 'integer' })
  statementId!: number;

  @ManyToOne(() => MonthStatement)
  @JoinColumn({ name: 'statementId', foreignKeyConstraintName: 'fk_dispute_statement' })
  statement!: Relation<MonthStatement>;

  /** That of the statement, which says in which ledger the posting is: two ledgers may use the same number. */
  @Column({ type: 'varchar', length: 12, default: 'CANTEEN' })
  kind!: StatementKind;

  /** The posting of the line; of a home's line its own number. */
  @AssignedIdReference()
  postingId!: number;

  /** The meal of a canteen's line, so that the posting of a decision leads to it; null of a station's and of a home's. */
  @AssignedIdReference({ nullable: true })
  sourceId!: number | null;

  @Column({ type: 'varchar', length: 200 })
  reason!: string;

  @Column({ type: 'integer' })
  raisedById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'raisedById', foreignKeyConstraintName: 'fk_dispute_raised_by' })
  raisedBy!: Relation<Account>;

  @InstantColumn()
  raisedAt!: Date;

  @Column({ type: 'varchar', length: 200, nullable: true })
  answer!: string | null;

  @Column({ type: 'integer', nullable: true })
  answeredById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'answeredById', foreignKeyConstraintName: 'fk_dispute_answered_by' })
  answeredBy!: Relation<Account> | null;

  @Column({ type: 'varchar', length: 8, nullable: true })
  decision!: DisputeDecision | null;

  @Column({ type: 'varchar', length: 200, nullable: true })
  decisionReason!: string | null;

  @Column({ type: 'integer', nullable: true })
  decidedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'decidedById', foreignKeyConstraintName: 'fk_dispute_decided_by' })
  decidedBy!: Relation<Account> | null;

  @InstantColumn({ nullable: true })
  decidedAt!: Date | null;
}
