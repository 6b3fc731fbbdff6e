import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { BedType } from '../beds/bed.entity.js';
import { BedStay } from '../beds/bed-stay.entity.js';
import { AssignedIdColumn, AssignedIdReference, DayColumn, FenColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { Facility } from '../network/facility.entity.js';
import { MonthStatement } from './month-statement.entity.js';

/**
 * The days of a stay in a month at one ability level, as a home submitted them: what is true of them, less what other
 * statements have of them. The same line has the same number whenever it is submitted again.
 */
@Entity('home_line', { withoutRowid: true })
@Index('uq_home_line_posting', ['postingId'], { unique: true })
@Index('ix_home_line_stay', ['stayId', 'daysMonth'])
@Index('ix_home_line_facility', ['facilityId', 'daysMonth'])
@Index('ix_home_line_elder', ['elderId'])
@Check('ck_home_line_sums', 'subsidyFen + discountFen + selfPaidFen = grossFen')
@Check('ck_home_line_kind', "kind IN ('STAY', 'CORRECT', 'DISPUTE')")
@Check('ck_home_line_level', 'level IS NULL OR level BETWEEN 0 AND 4')
export class HomeLine {
  @PrimaryColumn({ type: 'integer' })
  statementId!: number;

  @ManyToOne(() => MonthStatement)
  @JoinColumn({ name: 'statementId', foreignKeyConstraintName: 'fk_home_line_statement' })
  statement!: Relation<MonthStatement>;

  /** Which stay, which month's statement, which month's days and which level, in one number. */
  @AssignedIdColumn()
  postingId!: number;

  /** STAY for days of the month itself; CORRECT for those of an earlier one, DISPUTE where a doubt took their money. */
  @Column({ type: 'varchar', length: 12 })
  kind!: string;

  /** That of the statement and of the stay. */
  @Column({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_home_line_facility' })
  facility!: Relation<Facility>;

  @AssignedIdReference()
  stayId!: number;

  @ManyToOne(() => BedStay)
  @JoinColumn({ name: 'stayId', foreignKeyConstraintName: 'fk_home_line_stay' })
  stay!: Relation<BedStay>;

  @Column({ type: 'varchar', length: 12 })
  bedType!: BedType;

  /** The ability level that counted; null for none. */
  @Column({ type: 'integer', nullable: true })
  level!: number | null;

  /** YYYY-MM of the days. */
  @Column({ type: 'varchar', length: 7 })
  daysMonth!: string;

  /** The first of the days. */
  @DayColumn()
  day!: string;

  /** YYYY-MM of the earlier month that it corrects; null for what belongs to the statement's own. */
  @Column({ type: 'varchar', length: 7, nullable: true })
  correctsMonth!: string | null;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_home_line_elder' })
  elder!: Relation<Elder>;

  /** Days in the bed. These and the next three are below zero where a correction takes days back. */
  @Column({ type: 'integer' })
  units!: number;

  @Column({ type: 'integer' })
  homeLeaveDays!: number;

  @Column({ type: 'integer' })
  hospitalDays!: number;

  /** Days that some funder pays for. */
  @Column({ type: 'integer' })
  countedDays!: number;

  /** The month as it was known: a letter a day, P in the bed, L on leave at home, H in hospital, - neither. */
  @Column({ type: 'varchar', length: 31 })
  days!: string;

  @FenColumn()
  grossFen!: number;

  @FenColumn()
  subsidyFen!: number;

  @FenColumn()
  discountFen!: number;

  @FenColumn()
  selfPaidFen!: number;
}
