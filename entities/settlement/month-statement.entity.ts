import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { FenColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';

/**
 * What is settled: a canteen's meals, a home-care station's visits, or the days in a home's beds. Each kind has lines of
 * its own making, and shares everything else.
 */
export const statementKinds = ['CANTEEN', 'STATION', 'HOME'] as const;
export type StatementKind = (typeof statementKinds)[number];

export const statementStates = ['DRAFT', 'SUBMITTED', 'REVIEWED', 'SIGNED', 'PAID', 'FROZEN'] as const;
export type StatementState = (typeof statementStates)[number];

/**
 * A facility's statement for a month, from its first submission on. Before, and after it was returned, it is
 * a draft: its lines are read from the ledger each time, and the sums here are zero.
 */
@Entity('month_statement')
@Index('uq_statement_month', ['kind', 'facilityId', 'month'], { unique: true })
@Index('ix_statement_facility', ['facilityId'])
@Check('ck_statement_state', "state IN ('DRAFT', 'SUBMITTED', 'REVIEWED', 'SIGNED', 'PAID', 'FROZEN')")
@Check('ck_statement_sums', 'subsidyFen + discountFen + selfPaidFen = grossFen')
export class MonthStatement {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 12 })
  kind!: StatementKind;

  @Column({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_statement_facility' })
  facility!: Relation<Facility>;

  /** YYYY-MM in China Standard Time. */
  @Column({ type: 'varchar', length: 7 })
  month!: string;

  @Column({ type: 'varchar', length: 12 })
  state!: StatementState;

  /** How many events there were; the number of the last one. */
  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'integer' })
  lineCount!: number;

  /** Meals, visits or days in a bed, taken-back ones subtracted. */
  @Column({ type: 'integer' })
  unitCount!: number;

  @Column({ type: 'integer' })
  elderCount!: number;

  @FenColumn()
  grossFen!: number;

  @FenColumn()
  subsidyFen!: number;

  @FenColumn()
  discountFen!: number;

  @FenColumn()
  selfPaidFen!: number;

  /** What the operator of a canteen gets beside the meals. */
  @FenColumn()
  operatorFen!: number;
}
