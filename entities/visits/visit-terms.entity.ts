import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Facility } from '../network/facility.entity.js';

/** On which terms visits are booked and called off at a facility and beneath it, from a day on until others begin. */
@Entity('visit_terms')
@Check(
  'ck_visit_terms_minutes',
  'leadMinutes >= 0 AND leadMinutes <= 10080 AND noticeMinutes >= 0 AND noticeMinutes <= 10080',
)
@Check('ck_visit_terms_horizon', 'horizonDays >= 1 AND horizonDays <= 366')
@Check('ck_visit_terms_raster', 'rasterMinutes >= 5 AND rasterMinutes <= 240')
export class VisitTerms {
  @PrimaryColumn({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_visit_terms_facility' })
  facility!: Relation<Facility>;

  @PrimaryColumn({ type: 'date' })
  fromDay!: string;

  /** How long before its start a family may book a visit at the latest. */
  @Column({ type: 'integer' })
  leadMinutes!: number;

  /** How many days after today may be booked. */
  @Column({ type: 'integer' })
  horizonDays!: number;

  /** Between the starts that are offered; any other start may be booked too. */
  @Column({ type: 'integer' })
  rasterMinutes!: number;

  /** How long before its start a family may move a visit or call it off at the latest. */
  @Column({ type: 'integer' })
  noticeMinutes!: number;
}
