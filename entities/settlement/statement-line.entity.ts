import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { AssignedIdColumn, AssignedIdReference, DayColumn, FenColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { LedgerPosting } from '../meals/ledger-posting.entity.js';
import { MonthStatement } from './month-statement.entity.js';

/** One posting of the meals' ledger as it was submitted by a canteen. The unique key lets none be settled twice. */
@Entity('statement_line', { withoutRowid: true })
@Index('uq_line_posting', ['postingId'], { unique: true })
@Index('ix_line_elder', ['elderId'])
@Check('ck_line_sums', 'subsidyFen + discountFen + selfPaidFen = grossFen')
export class StatementLine {
  @PrimaryColumn({ type: 'integer' })
  statementId!: number;

  @ManyToOne(() => MonthStatement)
  @JoinColumn({ name: 'statementId', foreignKeyConstraintName: 'fk_line_statement' })
  statement!: Relation<MonthStatement>;

  @AssignedIdColumn()
  postingId!: number;

  @ManyToOne(() => LedgerPosting)
  @JoinColumn({ name: 'postingId', foreignKeyConstraintName: 'fk_line_posting' })
  posting!: Relation<LedgerPosting>;

  /** The kind of the posting. */
  @Column({ type: 'varchar', length: 12 })
  kind!: string;

  /** What the posting is about: the swipe's row; null when it is about none. */
  @AssignedIdReference({ nullable: true })
  sourceId!: number | null;

  /** The day of the meal; that of the booking where there is no meal. */
  @DayColumn()
  day!: string;

  /** YYYY-MM of the earlier month that it corrects; null for what belongs to the statement's own. */
  @Column({ type: 'varchar', length: 7, nullable: true })
  correctsMonth!: string | null;

  @Column({ type: 'integer', nullable: true })
  elderId!: number | null;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_line_elder' })
  elder!: Relation<Elder> | null;

  /** 1 for a meal, -1 for one that was taken back, 0 for what moves money alone. */
  @Column({ type: 'integer' })
  units!: number;

  @FenColumn()
  grossFen!: number;

  @FenColumn()
  subsidyFen!: number;

  @FenColumn()
  discountFen!: number;

  @FenColumn()
  selfPaidFen!: number;
}
