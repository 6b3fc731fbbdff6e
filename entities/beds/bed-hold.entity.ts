import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { AssignedIdColumn, DayColumn, InstantColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { Bed } from './bed.entity.js';

/** How a hold ended before it expired. */
export type HoldEnd = 'ADMITTED' | 'RELEASED';

/**
 * A bed kept for an elder from a day on. It counts while nobody ended it and its instant has not come: nothing is
 * written when it expires. Of days that are over it kept those before the day on which it ended.
 */
@Entity('bed_hold')
@Index('ix_hold_bed', ['bedId', 'expiresOn'])
@Index('ix_hold_elder', ['elderId', 'expiresOn'])
@Index('ix_hold_facility', ['facilityId', 'expiresOn'])
@Index('ix_hold_expires', ['expiresOn'])
@Check('ck_hold_days', 'expiresOn >= fromDay')
@Check('ck_hold_ended', '(endedAt IS NULL) = (endedOn IS NULL) AND (endedAt IS NULL) = (endKind IS NULL)')
@Check('ck_hold_end_kind', "endKind IS NULL OR endKind IN ('ADMITTED', 'RELEASED')")
export class BedHold {
  @AssignedIdColumn()
  id!: number;

  @Column({ type: 'integer' })
  bedId!: number;

  @ManyToOne(() => Bed)
  @JoinColumn({ name: 'bedId', foreignKeyConstraintName: 'fk_hold_bed' })
  bed!: Relation<Bed>;

  /** The facility of the bed, by which it is counted. */
  @Column({ type: 'integer' })
  facilityId!: number;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_hold_elder' })
  elder!: Relation<Elder>;

  @DayColumn()
  fromDay!: string;

  @InstantColumn()
  expiresAt!: Date;

  /** The day of expiresAt. */
  @DayColumn()
  expiresOn!: string;

  @InstantColumn()
  heldAt!: Date;

  @Column({ type: 'integer' })
  heldById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'heldById', foreignKeyConstraintName: 'fk_hold_held_by' })
  heldBy!: Relation<Account>;

  @InstantColumn({ nullable: true })
  endedAt!: Date | null;

  /** The day of endedAt. */
  @DayColumn({ nullable: true })
  endedOn!: string | null;

  @Column({ type: 'varchar', length: 8, nullable: true })
  endKind!: HoldEnd | null;
}
