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
import { Account } from '../access/account.entity.js';
import { InstantColumn } from '../columns.js';
import { Funder } from '../meals/funder.entity.js';
import { Facility } from '../network/facility.entity.js';

/** For what an amount is paid: each day that counts, or a month of such days. */
export const subsidyPeriods = ['DAY', 'MONTH'] as const;
export type SubsidyPeriod = (typeof subsidyPeriods)[number];

/**
 * What a funder pays homes for occupied beds from a day on, at a facility and beneath it, or everywhere. Of each funder
 * the rule nearest to the home counts, which began last; one without rates ends the subsidy.
 */
@Entity('bed_subsidy')
@Index('uq_bed_subsidy', ['facilityKey', 'funderId', 'fromDay'], { unique: true })
@Check('ck_bed_subsidy_place', 'facilityKey = COALESCE(facilityId, 0)')
@Check('ck_bed_subsidy_per', "per IN ('DAY', 'MONTH')")
@Check(
  'ck_bed_subsidy_days',
  'homeLeaveDaysMax BETWEEN 0 AND 31 AND hospitalDaysMax BETWEEN 0 AND 31 AND (wholeMonthDays IS NULL OR wholeMonthDays BETWEEN 1 AND 31)',
)
@Check('ck_bed_subsidy_whole', "wholeMonthDays IS NULL OR per = 'MONTH'")
export class BedSubsidy {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  /** The facility, or 0 for everywhere: a key holds no null. */
  @Column({ type: 'integer' })
  facilityKey!: number;

  @Column({ type: 'integer', nullable: true })
  facilityId!: number | null;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_bed_subsidy_facility' })
  facility!: Relation<Facility> | null;

  @Column({ type: 'integer' })
  funderId!: number;

  @ManyToOne(() => Funder)
  @JoinColumn({ name: 'funderId', foreignKeyConstraintName: 'fk_bed_subsidy_funder' })
  funder!: Relation<Funder>;

  @Column({ type: 'date' })
  fromDay!: string;

  @Column({ type: 'varchar', length: 8 })
  per!: SubsidyPeriod;

  /** From how many days that count a month is paid whole; null where each day is its part of the month. */
  @Column({ type: 'integer', nullable: true })
  wholeMonthDays!: number | null;

  /** How many days of leave at home of a month count, and how many in hospital. */
  @Column({ type: 'integer' })
  homeLeaveDaysMax!: number;

  @Column({ type: 'integer' })
  hospitalDaysMax!: number;

  @InstantColumn()
  setAt!: Date;

  /** Null for what a seed brought in. */
  @Column({ type: 'integer', nullable: true })
  setById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'setById', foreignKeyConstraintName: 'fk_bed_subsidy_set_by' })
  setBy!: Relation<Account> | null;
}
