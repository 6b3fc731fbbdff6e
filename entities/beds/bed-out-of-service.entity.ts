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
import { Bed } from './bed.entity.js';

export const outOfServiceReasons = ['REPAIR', 'DISINFECTION', 'INSPECTION', 'STAFFING', 'OTHER'] as const;
export type OutOfServiceReason = (typeof outOfServiceReasons)[number];

/**
 * Days over which nobody can have a registered bed: [fromDay, toDay). One that was taken back before it began ends
 * where it began. At most one of a bed has no end.
 */
@Entity('bed_out_of_service')
@Index('uq_out_of_service_open', ['openBedId'], { unique: true })
@Index('ix_out_of_service_bed', ['bedId', 'fromDay'])
@Index('ix_out_of_service_facility', ['facilityId', 'toDay', 'fromDay'])
@Check('ck_out_of_service_days', 'toDay IS NULL OR toDay >= fromDay')
@Check('ck_out_of_service_open', '(toDay IS NULL) = (openBedId IS NOT NULL)')
@Check('ck_out_of_service_reason', "reason IN ('REPAIR', 'DISINFECTION', 'INSPECTION', 'STAFFING', 'OTHER')")
export class BedOutOfService {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  bedId!: number;

  @ManyToOne(() => Bed)
  @JoinColumn({ name: 'bedId', foreignKeyConstraintName: 'fk_out_of_service_bed' })
  bed!: Relation<Bed>;

  /** The facility of the bed, by which it is counted. */
  @Column({ type: 'integer' })
  facilityId!: number;

  /** The bed while no end is known. */
  @Column({ type: 'integer', nullable: true })
  openBedId!: number | null;

  @DayColumn()
  fromDay!: string;

  @DayColumn({ nullable: true })
  toDay!: string | null;

  @Column({ type: 'varchar', length: 12 })
  reason!: OutOfServiceReason;

  @InstantColumn()
  recordedAt!: Date;

  @Column({ type: 'integer' })
  recordedById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'recordedById', foreignKeyConstraintName: 'fk_out_of_service_by' })
  recordedBy!: Relation<Account>;
}
