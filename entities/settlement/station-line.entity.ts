import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { DayColumn, FenColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { HoursPosting } from '../visits/hours-posting.entity.js';
import { Visit } from '../visits/visit.entity.js';
import { MonthStatement } from './month-statement.entity.js';

/** Why a visit is paid: its taps prove it, or somebody looked and let it through. */
export const paidBecause = ['TAPS', 'VERDICT'] as const;
export type PaidBecause = (typeof paidBecause)[number];

/**
 * One posting of the hours' ledger as it was submitted by a home-care station. The unique key lets none be settled
 * twice.
 */
@Entity('station_line', { withoutRowid: true })
@Index('uq_station_line_posting', ['postingId'], { unique: true })
@Index('ix_station_line_visit', ['visitId'])
@Index('ix_station_line_elder', ['elderId'])
@Check('ck_station_line_sums', 'subsidyFen + discountFen + selfPaidFen = grossFen')
@Check('ck_station_line_score', 'score IS NULL OR score BETWEEN 0 AND 100')
export class StationLine {
  @PrimaryColumn({ type: 'integer' })
  statementId!: number;

  @ManyToOne(() => MonthStatement)
  @JoinColumn({ name: 'statementId', foreignKeyConstraintName: 'fk_station_line_statement' })
  statement!: Relation<MonthStatement>;

  @PrimaryColumn({ type: 'integer' })
  postingId!: number;

  @ManyToOne(() => HoursPosting)
  @JoinColumn({ name: 'postingId', foreignKeyConstraintName: 'fk_station_line_posting' })
  posting!: Relation<HoursPosting>;

  /** The kind of the posting: USE, FORFEIT or CORRECT. */
  @Column({ type: 'varchar', length: 12 })
  kind!: string;

  @Column({ type: 'integer' })
  visitId!: number;

  @ManyToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_station_line_visit' })
  visit!: Relation<Visit>;

  /** The day of the visit. */
  @DayColumn()
  day!: string;

  /** YYYY-MM of the earlier month that it corrects; null for what belongs to the statement's own. */
  @Column({ type: 'varchar', length: 7, nullable: true })
  correctsMonth!: string | null;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_station_line_elder' })
  elder!: Relation<Elder>;

  /** 1 for a visit, -1 for one that was taken back, 0 for one that was called off too late. */
  @Column({ type: 'integer' })
  units!: number;

  /** The minutes that the visit was booked for; below zero when it was taken back, 0 when nobody came. */
  @Column({ type: 'integer' })
  minutes!: number;

  /** Minutes of government hours that were used; below zero when they were taken back. */
  @Column({ type: 'integer' })
  hoursMinutes!: number;

  /** What the taps were worth when it was submitted, 0 to 100; null where nobody came. */
  @Column({ type: 'integer', nullable: true })
  score!: number | null;

  /** Null where nobody came, and for a visit that was taken back. */
  @Column({ type: 'varchar', length: 8, nullable: true })
  paidBecause!: PaidBecause | null;

  @FenColumn()
  grossFen!: number;

  @FenColumn()
  subsidyFen!: number;

  @FenColumn()
  discountFen!: number;

  @FenColumn()
  selfPaidFen!: number;
}
