import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { InstantColumn } from '../columns.js';
import { MonthStatement, type StatementState } from './month-statement.entity.js';

/** One step in the life of a statement; its key lets one of two racing steps through. */
@Entity('statement_event')
export class StatementEvent {
  @PrimaryColumn({ type: 'integer' })
  statementId!: number;

  @ManyToOne(() => MonthStatement)
  @JoinColumn({ name: 'statementId', foreignKeyConstraintName: 'fk_event_statement' })
  statement!: Relation<MonthStatement>;

  /** Counts from 1. */
  @PrimaryColumn({ type: 'integer' })
  version!: number;

  @Column({ type: 'varchar', length: 16 })
  event!: string;

  @Column({ type: 'varchar', length: 12 })
  toState!: StatementState;

  /** Null for the operator of the machine. */
  @Column({ type: 'integer', nullable: true })
  byId!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'byId', foreignKeyConstraintName: 'fk_event_by' })
  by!: Relation<Account> | null;

  @InstantColumn()
  at!: Date;

  /** Why it went back, or the number of the payment. */
  @Column({ type: 'varchar', length: 200, nullable: true })
  note!: string | null;

  /**
   * Of a submission: SHA-256, in hexadecimal, over what it wrote down. Null of other steps, and of submissions from before
   * there were digests.
   */
  @Column({ type: 'varchar', length: 64, nullable: true })
  linesDigest!: string | null;
}
