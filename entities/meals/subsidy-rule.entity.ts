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
import { DayColumn, FenColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';
import { Funder } from './funder.entity.js';
import type { Meal } from './meal-window.entity.js';

/**
 * A fixed amount for one meal of the day, for elders from an age on, in the canteens beneath a facility,
 * over [fromDay, toDay). A change is a new version from its day on; yesterday's meals keep yesterday's.
 */
@Entity('subsidy_rule')
@Index('uq_rule_code_version', ['code', 'version'], { unique: true })
@Index('ix_rule_facility', ['facilityId', 'fromDay'])
@Check('ck_rule_interval', 'toDay IS NULL OR toDay > fromDay')
@Check('ck_rule_amount', 'amountFen > 0')
export class SubsidyRule {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 32 })
  code!: string;

  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_rule_facility' })
  facility!: Relation<Facility>;

  @Column({ type: 'integer' })
  funderId!: number;

  @ManyToOne(() => Funder)
  @JoinColumn({ name: 'funderId', foreignKeyConstraintName: 'fk_rule_funder' })
  funder!: Relation<Funder>;

  @Column({ type: 'varchar', length: 12 })
  meal!: Meal;

  /** Completed years on the day of the meal. */
  @Column({ type: 'integer' })
  ageMin!: number;

  @FenColumn()
  amountFen!: number;

  @DayColumn()
  fromDay!: string;

  @DayColumn({ nullable: true })
  toDay!: string | null;
}
