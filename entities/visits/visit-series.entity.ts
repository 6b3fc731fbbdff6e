import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { InstantColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { HomeService } from './home-service.entity.js';

/** Visits that were booked together by a rule of recurrence. Each of them lives on as a visit of its own. */
@Entity('visit_series')
@Index('uq_series_request', ['requestId'], { unique: true })
@Index('ix_series_elder', ['elderId'])
export class VisitSeries {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  /** The UUID the booking came with, in lower case. */
  @Column({ type: 'varchar', length: 36 })
  requestId!: string;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_series_elder' })
  elder!: Relation<Elder>;

  @Column({ type: 'integer' })
  serviceId!: number;

  @ManyToOne(() => HomeService)
  @JoinColumn({ name: 'serviceId', foreignKeyConstraintName: 'fk_series_service' })
  service!: Relation<HomeService>;

  /** The RRULE of RFC 5545 as it was accepted. */
  @Column({ type: 'varchar', length: 400 })
  recurrence!: string;

  /** True when occurrences on public holidays were left out. */
  @Column({ type: 'boolean' })
  skipsHolidays!: boolean;

  @InstantColumn()
  bookedAt!: Date;

  @Column({ type: 'integer', nullable: true })
  bookedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'bookedById', foreignKeyConstraintName: 'fk_series_booked_by' })
  bookedBy!: Relation<Account> | null;
}
