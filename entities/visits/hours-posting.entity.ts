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
import { DayColumn, InstantColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { Facility } from '../network/facility.entity.js';
import { HoursGrant } from './hours-grant.entity.js';
import { Visit } from './visit.entity.js';

export const hoursPostingKinds = [
  /** Of a grant: its minutes come into being, become more or fewer, or end with the period. */
  'GRANT',
  'ADJUST',
  'EXPIRE',
  /** Of a visit: its minutes are set aside; and from there given back, used, or lost by calling off too late. */
  'RESERVE',
  'GIVE_BACK',
  'USE',
  'FORFEIT',
  /** Of a visit: a use is taken back, after which its minutes are set aside again. */
  'CORRECT',
] as const;
export type HoursPostingKind = (typeof hoursPostingKinds)[number];

/**
 * One fact in the ledger of government hours, never changed. Its entries sum to zero in minutes and in fen. The
 * postings of a visit are numbered: odd ones set its hours aside, even ones close what the one before opened, so
 * that no reservation is given back and used as well, and no visit is used twice. A visit without hours has no
 * first one, and is used by its second.
 */
@Entity('hours_posting')
@Index('uq_hours_posting_visit', ['visitId', 'step'], { unique: true })
@Index('uq_hours_posting_grant', ['grantId', 'step'], { unique: true })
@Index('ix_hours_posting_elder', ['elderId', 'bookedOn'])
@Index('ix_hours_posting_station', ['stationId', 'bookedOn'])
@Index('ix_hours_posting_open', ['openStationId', 'bookedOn'])
@Check('ck_hours_posting_of', '(grantId IS NULL) <> (visitId IS NULL)')
@Check(
  'ck_hours_posting_step',
  "step >= 1 AND (visitId IS NULL OR (kind IN ('RESERVE', 'CORRECT')) = (step % 2 = 1))",
)
@Check(
  'ck_hours_posting_kind',
  "(kind IN ('RESERVE', 'GIVE_BACK', 'USE', 'FORFEIT', 'CORRECT')) = (visitId IS NOT NULL)",
)
export class HoursPosting {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 12 })
  kind!: HoursPostingKind;

  @Column({ type: 'integer', nullable: true })
  grantId!: number | null;

  @ManyToOne(() => HoursGrant)
  @JoinColumn({ name: 'grantId', foreignKeyConstraintName: 'fk_hours_posting_grant' })
  grant!: Relation<HoursGrant> | null;

  @Column({ type: 'integer', nullable: true })
  visitId!: number | null;

  @ManyToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_hours_posting_visit' })
  visit!: Relation<Visit> | null;

  /** Of this visit, or of this grant; from 1. */
  @Column({ type: 'integer' })
  step!: number;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_hours_posting_elder' })
  elder!: Relation<Elder>;

  /** The station that brings the visit; null for what is about a grant. */
  @Column({ type: 'integer', nullable: true })
  stationId!: number | null;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'stationId', foreignKeyConstraintName: 'fk_hours_posting_station' })
  station!: Relation<Facility> | null;

  /**
   * The station, as long as it is owed something by it, or owes it back, that stands in no statement yet: of all that a
   * ledger holds the one column that changes, so that a draft need not look through years.
   */
  @Column({ type: 'integer', nullable: true })
  openStationId!: number | null;

  /** The day on which it was written, by which it belongs to a month's statement. */
  @DayColumn()
  bookedOn!: string;

  @InstantColumn()
  postedAt!: Date;
}
