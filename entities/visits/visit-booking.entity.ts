import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  OneToOne,
  PrimaryColumn,
  type Relation,
} from 'typeorm';
import { InstantColumn } from '../columns.js';
import { Caregiver } from './caregiver.entity.js';
import { Visit } from './visit.entity.js';
import { VisitSeries } from './visit-series.entity.js';

/** What was agreed when a visit was booked, one row for each visit. */
@Entity('visit_booking')
@Index('ix_booking_series', ['seriesId', 'visitId'])
@Index('ix_booking_wished', ['wishedCaregiverId'])
@Check('ck_booking_flex', 'flexMinutes >= 0 AND flexMinutes <= 720')
@Check('ck_booking_hours', 'hoursMinutes >= 0')
export class VisitBooking {
  @PrimaryColumn({ type: 'integer' })
  visitId!: number;

  @OneToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_booking_visit' })
  visit!: Relation<Visit>;

  /** The series it was booked with; null for a visit that was booked alone. */
  @Column({ type: 'integer', nullable: true })
  seriesId!: number | null;

  @ManyToOne(() => VisitSeries)
  @JoinColumn({ name: 'seriesId', foreignKeyConstraintName: 'fk_booking_series' })
  series!: Relation<VisitSeries> | null;

  /** The caregiver whom the family asked for by name; null when anybody suitable may come. */
  @Column({ type: 'integer', nullable: true })
  wishedCaregiverId!: number | null;

  @ManyToOne(() => Caregiver)
  @JoinColumn({ name: 'wishedCaregiverId', foreignKeyConstraintName: 'fk_booking_wished' })
  wishedCaregiver!: Relation<Caregiver> | null;

  /** The start that the family was told last, from which a plan counts its changes. */
  @InstantColumn()
  promisedAt!: Date;

  /** How much earlier or later than promised a plan may let it begin, as the family agreed. */
  @Column({ type: 'integer' })
  flexMinutes!: number;

  /** Minutes of government hours that were agreed; they are reserved, used or given back. */
  @Column({ type: 'integer' })
  hoursMinutes!: number;

  /** What the caregiver should know beforehand, encrypted; null when there is nothing to say. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  noteSealed!: string | null;
}
