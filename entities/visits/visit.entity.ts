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
import { FenColumn, InstantColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { Facility } from '../network/facility.entity.js';
import { HomeService } from './home-service.entity.js';

export const visitStatuses = [
  'REQUESTED',
  'ASSIGNED',
  'IN_PROGRESS',
  'COMPLETED',
  'CANCELLED',
  'NO_SHOW',
] as const;
export type VisitStatus = (typeof visitStatuses)[number];

/**
 * One service brought to one elder over [startsAt, endsAt), a day at most, so that whoever looks for what
 * overlaps a time need not read the whole past. The elder's row is locked before the elder's visits change.
 */
@Entity('visit')
@Index('uq_visit_request', ['requestId', 'occurrence'], { unique: true })
@Index('ix_visit_elder', ['elderId', 'startsAt'])
@Index('ix_visit_station', ['stationId', 'startsAt'])
@Index('ix_visit_status', ['status', 'startsAt'])
@Check('ck_visit_interval', 'endsAt > startsAt AND endsAt <= startsAt + 86400000')
@Check('ck_visit_money', 'subsidyFen >= 0 AND selfPaidFen >= 0')
@Check('ck_visit_checked', 'checkedOutAt IS NULL OR checkedOutAt >= checkedInAt')
export class Visit {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  /** The UUID the booking came with, in lower case. */
  @Column({ type: 'varchar', length: 36 })
  requestId!: string;

  /** The place within a series that was booked as one, from 0. */
  @Column({ type: 'integer' })
  occurrence!: number;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_visit_elder' })
  elder!: Relation<Elder>;

  @Column({ type: 'integer' })
  serviceId!: number;

  @ManyToOne(() => HomeService)
  @JoinColumn({ name: 'serviceId', foreignKeyConstraintName: 'fk_visit_service' })
  service!: Relation<HomeService>;

  /** The station that sends the caregivers, and whose managers see the visit. */
  @Column({ type: 'integer' })
  stationId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'stationId', foreignKeyConstraintName: 'fk_visit_station' })
  station!: Relation<Facility>;

  @InstantColumn()
  startsAt!: Date;

  @InstantColumn()
  endsAt!: Date;

  @Column({ type: 'varchar', length: 16 })
  status!: VisitStatus;

  /** What the government's hours pay, as it was agreed at the booking. */
  @FenColumn()
  subsidyFen!: number;

  /** What the family pays, as it was agreed at the booking. */
  @FenColumn()
  selfPaidFen!: number;

  /** When the first caregiver arrived. */
  @InstantColumn({ nullable: true })
  checkedInAt!: Date | null;

  /** When the last one left. */
  @InstantColumn({ nullable: true })
  checkedOutAt!: Date | null;

  /** Null for a visit brought in by a seed or an import. */
  @Column({ type: 'integer', nullable: true })
  bookedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'bookedById', foreignKeyConstraintName: 'fk_visit_booked_by' })
  bookedBy!: Relation<Account> | null;

  @InstantColumn()
  bookedAt!: Date;

  /** One more with every change, so that a plan made on an older state is refused. */
  @Column({ type: 'integer' })
  version!: number;
}
