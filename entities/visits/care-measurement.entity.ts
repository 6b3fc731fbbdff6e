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
import { InstantColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { Caregiver } from './caregiver.entity.js';
import { Visit } from './visit.entity.js';

export const measurementKinds = ['SYSTOLIC', 'DIASTOLIC', 'PULSE', 'SUGAR', 'TEMPERATURE', 'WEIGHT'] as const;
export type MeasurementKind = (typeof measurementKinds)[number];

/** Something measured at a visit, never changed. It tells of health, so the value is encrypted. */
@Entity('care_measurement')
@Index('uq_measurement_request', ['requestId', 'kind'], { unique: true })
@Index('ix_measurement_elder', ['elderId', 'id'])
@Index('ix_measurement_visit', ['visitId'])
@Check('ck_measurement_kind', "kind IN ('SYSTOLIC', 'DIASTOLIC', 'PULSE', 'SUGAR', 'TEMPERATURE', 'WEIGHT')")
export class CareMeasurement {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  /** The UUID it came with, in lower case. */
  @Column({ type: 'varchar', length: 36 })
  requestId!: string;

  @Column({ type: 'integer' })
  visitId!: number;

  @ManyToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_measurement_visit' })
  visit!: Relation<Visit>;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_measurement_elder' })
  elder!: Relation<Elder>;

  @Column({ type: 'integer' })
  caregiverId!: number;

  @ManyToOne(() => Caregiver)
  @JoinColumn({ name: 'caregiverId', foreignKeyConstraintName: 'fk_measurement_caregiver' })
  caregiver!: Relation<Caregiver>;

  @Column({ type: 'varchar', length: 12 })
  kind!: MeasurementKind;

  /** Tenths of the unit of its kind, encrypted. */
  @Column({ type: 'varchar', length: 120 })
  valueSealed!: string;

  /** When the server got it. */
  @InstantColumn()
  measuredAt!: Date;
}
