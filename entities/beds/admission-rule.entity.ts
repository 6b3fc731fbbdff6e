import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Facility } from '../network/facility.entity.js';
import type { BedType } from './bed.entity.js';

/** When the contract has to be signed: before the elder comes, or before the trial of the stay is over. */
export type ContractBy = 'ADMISSION' | 'TRIAL_END';

/**
 * On which terms a bed of a type is given from a day on, until a later rule begins: at a facility and beneath it, or
 * everywhere. The rule nearest to the bed's facility counts. What must be met at an admission is read on the day on
 * which the stay begins.
 */
@Entity('admission_rule')
@Index('ix_admission_rule_facility', ['facilityId'])
@Check('ck_admission_rule_place', 'facilityKey = COALESCE(facilityId, 0)')
@Check('ck_admission_rule_levels', 'levelMin >= 0 AND levelMin <= levelMax AND levelMax <= 4')
@Check('ck_admission_rule_contract', "contractBy IN ('ADMISSION', 'TRIAL_END')")
@Check('ck_admission_rule_limits', 'trialDays >= 0 AND holdDaysMax >= 1 AND entryDaysBackMax >= 0')
@Check('ck_admission_rule_leave', 'homeLeaveDaysMax >= 0 AND hospitalLeaveDaysMax >= 0')
@Check(
  'ck_admission_rule_percent',
  'homeLeavePercent BETWEEN 0 AND 100 AND hospitalLeavePercent BETWEEN 0 AND 100',
)
export class AdmissionRule {
  /** The facility, or 0 for everywhere: a key holds no null. */
  @PrimaryColumn({ type: 'integer' })
  facilityKey!: number;

  @PrimaryColumn({ type: 'varchar', length: 12 })
  bedType!: BedType;

  @PrimaryColumn({ type: 'date' })
  fromDay!: string;

  @Column({ type: 'integer', nullable: true })
  facilityId!: number | null;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_admission_rule_facility' })
  facility!: Relation<Facility> | null;

  /** Whether an unexpired assessment is needed; without one the levels are not asked about. */
  @Column({ type: 'boolean' })
  needsAssessment!: boolean;

  /** The ability levels that the type suits, both ends included. */
  @Column({ type: 'integer' })
  levelMin!: number;

  @Column({ type: 'integer' })
  levelMax!: number;

  @Column({ type: 'varchar', length: 12 })
  contractBy!: ContractBy;

  /** How long a stay is on trial, in days. */
  @Column({ type: 'integer' })
  trialDays!: number;

  /** How long a bed may be held from now on, in days. */
  @Column({ type: 'integer' })
  holdDaysMax!: number;

  /** How many days of leave of a calendar year keep the bed. */
  @Column({ type: 'integer' })
  homeLeaveDaysMax!: number;

  @Column({ type: 'integer' })
  hospitalLeaveDaysMax!: number;

  /** What of the fee a day of leave costs, in per cent, up to those days; any more cost all of it. */
  @Column({ type: 'integer' })
  homeLeavePercent!: number;

  @Column({ type: 'integer' })
  hospitalLeavePercent!: number;

  /** How late an admission, a leave or a discharge may be entered, in days. */
  @Column({ type: 'integer' })
  entryDaysBackMax!: number;
}
