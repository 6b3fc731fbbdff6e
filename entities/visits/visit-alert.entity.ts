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
import { Facility } from '../network/facility.entity.js';
import { Visit } from './visit.entity.js';

export type VisitAlertKind = 'NOT_BEGUN' | 'NOT_ENDED';
export type VisitAlertLevel = 'STATION' | 'STREET';

/** What was found out; WENT_ON is the server's own. */
export const visitAlertOutcomes = [
  'ELDER_WELL',
  'ELDER_HELPED',
  'EMERGENCY',
  'ELDER_AWAY',
  'CAREGIVER_LATE',
  'CALLED_OFF',
  'OTHER',
  'WENT_ON',
] as const;
export type VisitAlertOutcome = (typeof visitAlertOutcomes)[number];

/**
 * Somebody is told that a visit did not begin, or did not end: once of a kind and level for each time to which the visit
 * was moved.
 */
@Entity('visit_alert')
@Index('uq_visit_alert_raised', ['visitId', 'kind', 'level', 'raisedAt'], { unique: true })
@Index('ix_visit_alert_open', ['facilityId', 'closedAt', 'raisedAt'])
@Index('ix_visit_alert_closed', ['closedAt'])
@Check('ck_visit_alert_kind', "kind IN ('NOT_BEGUN', 'NOT_ENDED')")
@Check('ck_visit_alert_level', "level IN ('STATION', 'STREET')")
@Check('ck_visit_alert_closed', '(closedAt IS NULL) = (outcome IS NULL)')
@Check('ck_visit_alert_known', '(acknowledgedAt IS NULL) = (acknowledgedById IS NULL)')
export class VisitAlert {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  visitId!: number;

  @ManyToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_visit_alert_visit' })
  visit!: Relation<Visit>;

  @Column({ type: 'varchar', length: 12 })
  kind!: VisitAlertKind;

  @Column({ type: 'varchar', length: 8 })
  level!: VisitAlertLevel;

  /** Whom it tells: the station, or what stands above it. */
  @Column({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_visit_alert_facility' })
  facility!: Relation<Facility>;

  @InstantColumn()
  raisedAt!: Date;

  @InstantColumn({ nullable: true })
  acknowledgedAt!: Date | null;

  @Column({ type: 'integer', nullable: true })
  acknowledgedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'acknowledgedById', foreignKeyConstraintName: 'fk_visit_alert_known_by' })
  acknowledgedBy!: Relation<Account> | null;

  /** Null while it is open. */
  @InstantColumn({ nullable: true })
  closedAt!: Date | null;

  /** Null also when it closed by itself, because the visit went on. */
  @Column({ type: 'integer', nullable: true })
  closedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'closedById', foreignKeyConstraintName: 'fk_visit_alert_closed_by' })
  closedBy!: Relation<Account> | null;

  @Column({ type: 'varchar', length: 16, nullable: true })
  outcome!: VisitAlertOutcome | null;

  /** What was found, encrypted. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  noteSealed!: string | null;
}
