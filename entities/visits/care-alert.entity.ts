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
import { CareMeasurement } from './care-measurement.entity.js';

export const careAlertOutcomes = [
  'WATCHED',
  'FAMILY_TOLD',
  'DOCTOR_SEEN',
  'AMBULANCE',
  'MISMEASURED',
  'OTHER',
] as const;
export type CareAlertOutcome = (typeof careAlertOutcomes)[number];

/** A measurement beyond its limits, for the station to see to. */
@Entity('care_alert')
@Index('uq_care_alert_measurement', ['measurementId'], { unique: true })
@Index('ix_care_alert_open', ['stationId', 'closedAt', 'raisedAt'])
@Index('ix_care_alert_closed', ['closedAt'])
@Index('ix_care_alert_elder', ['elderId'])
@Check('ck_care_alert_direction', "direction IN ('LOW', 'HIGH')")
@Check(
  'ck_care_alert_closed',
  '(closedAt IS NULL) = (outcome IS NULL) AND (closedAt IS NULL) = (closedById IS NULL)',
)
@Check('ck_care_alert_known', '(acknowledgedAt IS NULL) = (acknowledgedById IS NULL)')
export class CareAlert {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  measurementId!: number;

  @ManyToOne(() => CareMeasurement)
  @JoinColumn({ name: 'measurementId', foreignKeyConstraintName: 'fk_care_alert_measurement' })
  measurement!: Relation<CareMeasurement>;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_care_alert_elder' })
  elder!: Relation<Elder>;

  @Column({ type: 'integer' })
  stationId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'stationId', foreignKeyConstraintName: 'fk_care_alert_station' })
  station!: Relation<Facility>;

  @Column({ type: 'varchar', length: 4 })
  direction!: 'LOW' | 'HIGH';

  @InstantColumn()
  raisedAt!: Date;

  @InstantColumn({ nullable: true })
  acknowledgedAt!: Date | null;

  @Column({ type: 'integer', nullable: true })
  acknowledgedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'acknowledgedById', foreignKeyConstraintName: 'fk_care_alert_known_by' })
  acknowledgedBy!: Relation<Account> | null;

  /** Null while it is open. */
  @InstantColumn({ nullable: true })
  closedAt!: Date | null;

  @Column({ type: 'integer', nullable: true })
  closedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'closedById', foreignKeyConstraintName: 'fk_care_alert_closed_by' })
  closedBy!: Relation<Account> | null;

  @Column({ type: 'varchar', length: 16, nullable: true })
  outcome!: CareAlertOutcome | null;

  /** What was done, encrypted. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  noteSealed!: string | null;
}
