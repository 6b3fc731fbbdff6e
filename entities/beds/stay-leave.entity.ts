import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { AssignedIdColumn, AssignedIdReference, DayColumn, InstantColumn } from '../columns.js';
import { BedStay } from './bed-stay.entity.js';

export const leaveKinds = ['HOME', 'HOSPITAL'] as const;
export type LeaveKind = (typeof leaveKinds)[number];

/**
 * Over [fromDay, toDay) a resident is away and the bed is kept. It lies within its stay, ends with it at the latest, and
 * no two of a stay share a day. One that ended where it began holds no day.
 */
@Entity('stay_leave')
@Index('uq_leave_open_stay', ['openStayId'], { unique: true })
@Index('ix_leave_stay', ['stayId', 'fromDay'])
@Index('ix_leave_facility', ['facilityId', 'toDay', 'fromDay'])
@Index('ix_leave_to', ['toDay', 'facilityId', 'fromDay'])
@Check('ck_leave_kind', "kind IN ('HOME', 'HOSPITAL')")
@Check('ck_leave_days', 'toDay IS NULL OR toDay >= fromDay')
@Check('ck_leave_open', '(toDay IS NULL) = (openStayId IS NOT NULL)')
@Check('ck_leave_expected', 'expectedBackOn IS NULL OR expectedBackOn > fromDay')
export class StayLeave {
  @AssignedIdColumn()
  id!: number;

  @AssignedIdReference()
  stayId!: number;

  @ManyToOne(() => BedStay)
  @JoinColumn({ name: 'stayId', foreignKeyConstraintName: 'fk_leave_stay' })
  stay!: Relation<BedStay>;

  /** The stay while the leave has no end. */
  @AssignedIdReference({ nullable: true })
  openStayId!: number | null;

  /** The facility of the bed, by which it is counted. */
  @Column({ type: 'integer' })
  facilityId!: number;

  @Column({ type: 'varchar', length: 8 })
  kind!: LeaveKind;

  @DayColumn()
  fromDay!: string;

  @DayColumn({ nullable: true })
  toDay!: string | null;

  /** The first day on which the resident is thought to be back; null when nobody knows. */
  @DayColumn({ nullable: true })
  expectedBackOn!: string | null;

  @InstantColumn()
  startedAt!: Date;

  /** Null for what a seed or an import brought in. */
  @Column({ type: 'integer', nullable: true })
  startedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'startedById', foreignKeyConstraintName: 'fk_leave_started_by' })
  startedBy!: Relation<Account> | null;
}
