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
import { Elder } from '../elders/elder.entity.js';
import { Facility } from '../network/facility.entity.js';
import type { MeasurementKind } from './care-measurement.entity.js';

/**
 * Beyond what a measurement alerts: of one elder, or of a facility and all beneath it. An elder's own count before
 * those of the nearest facility.
 */
@Entity('care_limit')
@Index('uq_care_limit_elder', ['elderId', 'kind'], { unique: true })
@Index('uq_care_limit_facility', ['facilityId', 'kind'], { unique: true })
@Check('ck_care_limit_of', '(elderId IS NULL) <> (facilityId IS NULL)')
@Check('ck_care_limit_order', 'COALESCE(low, 0) <= COALESCE(high, 100000)')
export class CareLimit {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer', nullable: true })
  elderId!: number | null;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_care_limit_elder' })
  elder!: Relation<Elder> | null;

  @Column({ type: 'integer', nullable: true })
  facilityId!: number | null;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_care_limit_facility' })
  facility!: Relation<Facility> | null;

  @Column({ type: 'varchar', length: 12 })
  kind!: MeasurementKind;

  /** Tenths of the unit; below this it alerts; null for no limit. */
  @Column({ type: 'integer', nullable: true })
  low!: number | null;

  /** Tenths of the unit; above this it alerts; null for no limit. */
  @Column({ type: 'integer', nullable: true })
  high!: number | null;

  @InstantColumn()
  setAt!: Date;

  @Column({ type: 'integer' })
  setById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'setById', foreignKeyConstraintName: 'fk_care_limit_set_by' })
  setBy!: Relation<Account>;
}
