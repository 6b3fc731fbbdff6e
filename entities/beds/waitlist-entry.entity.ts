import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { AssignedIdColumn, DayColumn, InstantColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { Facility } from '../network/facility.entity.js';
import type { BedType } from './bed.entity.js';

export type WaitlistEnd = 'ADMITTED' | 'LEFT' | 'CLOSED' | 'FILE_ENDED';

/** An elder who waits for a bed of a type at a facility. The place in line is computed and stored nowhere. */
@Entity('waitlist_entry')
@Index('uq_waitlist_request', ['requestId'], { unique: true })
@Index('uq_waitlist_open', ['openElderId', 'facilityId', 'bedType'], { unique: true })
@Index('ix_waitlist_line', ['facilityId', 'bedType', 'openElderId'])
@Index('ix_waitlist_elder', ['elderId', 'id'])
@Check('ck_waitlist_type', "bedType IN ('GENERAL', 'NURSING', 'DAY_CARE', 'HOME')")
@Check('ck_waitlist_open', '(openElderId IS NULL) = (endedAt IS NOT NULL)')
@Check('ck_waitlist_ended', '(endedAt IS NULL) = (endKind IS NULL)')
@Check('ck_waitlist_end_kind', "endKind IS NULL OR endKind IN ('ADMITTED', 'LEFT', 'CLOSED', 'FILE_ENDED')")
export class WaitlistEntry {
  @AssignedIdColumn()
  id!: number;

  @Column({ type: 'varchar', length: 36 })
  requestId!: string;

  @Column({ type: 'varchar', length: 64 })
  contentHash!: string;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_waitlist_elder' })
  elder!: Relation<Elder>;

  /** The elder while waiting, so that nobody stands in one line twice. */
  @Column({ type: 'integer', nullable: true })
  openElderId!: number | null;

  @Column({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_waitlist_facility' })
  facility!: Relation<Facility>;

  @Column({ type: 'varchar', length: 12 })
  bedType!: BedType;

  @DayColumn()
  joinedOn!: string;

  @InstantColumn()
  joinedAt!: Date;

  @Column({ type: 'integer' })
  joinedById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'joinedById', foreignKeyConstraintName: 'fk_waitlist_joined_by' })
  joinedBy!: Relation<Account>;

  @InstantColumn({ nullable: true })
  endedAt!: Date | null;

  /** Null when it ended with something else. */
  @Column({ type: 'integer', nullable: true })
  endedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'endedById', foreignKeyConstraintName: 'fk_waitlist_ended_by' })
  endedBy!: Relation<Account> | null;

  @Column({ type: 'varchar', length: 12, nullable: true })
  endKind!: WaitlistEnd | null;
}
