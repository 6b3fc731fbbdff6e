import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { FenColumn } from '../columns.js';
import { Funder } from '../meals/funder.entity.js';
import { MonthStatement } from './month-statement.entity.js';

/**
 * For what a funder pays: the subsidies of meals, visits or occupied beds, a donor's part of them, or what the operator of
 * a canteen gets per meal, per person or for the month.
 */
export const shareParts = [
  'SUBSIDY',
  'DONATION',
  'OPERATOR_MEAL',
  'OPERATOR_PERSON',
  'OPERATOR_MONTH',
] as const;
export type SharePart = (typeof shareParts)[number];

/** What one funder owes by a statement, as it was submitted. */
@Entity('statement_share')
export class StatementShare {
  @PrimaryColumn({ type: 'integer' })
  statementId!: number;

  @ManyToOne(() => MonthStatement)
  @JoinColumn({ name: 'statementId', foreignKeyConstraintName: 'fk_share_statement' })
  statement!: Relation<MonthStatement>;

  @PrimaryColumn({ type: 'varchar', length: 16 })
  part!: SharePart;

  @PrimaryColumn({ type: 'integer' })
  funderId!: number;

  @ManyToOne(() => Funder)
  @JoinColumn({ name: 'funderId', foreignKeyConstraintName: 'fk_share_funder' })
  funder!: Relation<Funder>;

  /** Meals, visits, days in a bed, persons or months that it is paid for. */
  @Column({ type: 'integer' })
  units!: number;

  @FenColumn()
  fen!: number;
}
