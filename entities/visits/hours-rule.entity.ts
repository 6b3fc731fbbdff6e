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
import { DayColumn, InstantColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';

export const hoursRuleStatuses = ['PROPOSED', 'APPROVED', 'REJECTED', 'WITHDRAWN'] as const;
export type HoursRuleStatus = (typeof hoursRuleStatuses)[number];

/**
 * A version of a set of rules of government hours, for the stations beneath a facility. Of the approved versions of
 * a code the one that began last counts on a day, until its `toDay`; an approved one is never changed. The grants
 * that it made name it.
 */
@Entity('hours_rule')
@Index('uq_hours_rule_version', ['code', 'version'], { unique: true })
@Index('ix_hours_rule_facility', ['facilityId', 'fromDay'])
@Check('ck_hours_rule_interval', 'toDay IS NULL OR toDay > fromDay')
@Check('ck_hours_rule_decided', "(status = 'PROPOSED') = (decidedAt IS NULL)")
@Check(
  'ck_hours_rule_second_person',
  "status <> 'APPROVED' OR proposedById IS NULL OR decidedById IS NULL OR decidedById <> proposedById",
)
export class HoursRule {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 32 })
  code!: string;

  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_hours_rule_facility' })
  facility!: Relation<Facility>;

  @DayColumn()
  fromDay!: string;

  /** The first day on which nothing of it counts any more; null while no end is known. */
  @DayColumn({ nullable: true })
  toDay!: string | null;

  @Column({ type: 'varchar', length: 12 })
  status!: HoursRuleStatus;

  /** JSON in the format of docs/home-care-hours.md, checked when it was proposed. */
  @Column({ type: 'text' })
  document!: string;

  /** Null for what the command line or a seed brought in. */
  @Column({ type: 'integer', nullable: true })
  proposedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'proposedById', foreignKeyConstraintName: 'fk_hours_rule_proposed_by' })
  proposedBy!: Relation<Account> | null;

  @InstantColumn()
  proposedAt!: Date;

  /** Who approved, rejected or withdrew it. */
  @Column({ type: 'integer', nullable: true })
  decidedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'decidedById', foreignKeyConstraintName: 'fk_hours_rule_decided_by' })
  decidedBy!: Relation<Account> | null;

  @InstantColumn({ nullable: true })
  decidedAt!: Date | null;

  @Column({ type: 'varchar', length: 200, nullable: true })
  decisionNote!: string | null;
}
