import { Check, Column, Entity, Index, JoinColumn, ManyToOne, OneToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { AssignedIdColumn, AssignedIdReference, DayColumn, InstantColumn } from '../columns.js';
import { BedHold } from './bed-hold.entity.js';
import { WaitlistEntry } from './waitlist-entry.entity.js';

/**
 * TAKEN: the elder came. TAKEN_BACK: by the facility. OFFERED: to the next in line. NOBODY: was left whom it suits.
 * NOT_FREE: somebody has it already, or it is out of service. WAITS: it does not pass on by itself here.
 */
export type OfferPassedAs = 'TAKEN' | 'TAKEN_BACK' | 'OFFERED' | 'NOBODY' | 'NOT_FREE' | 'WAITS';

/** A bed that was offered to somebody in line. It has the id of the hold that keeps the bed, and lives as long. */
@Entity('bed_offer')
@Index('ix_offer_entry', ['entryId', 'id'])
@Index('ix_offer_elder', ['elderId', 'declinedOn'])
@Index('ix_offer_bed', ['bedId', 'offeredAt'])
@Index('ix_offer_pass_on', ['passOnAt'])
@Check(
  'ck_offer_declined',
  '(declinedAt IS NULL) = (declinedOn IS NULL) AND (declinedAt IS NULL) = (declinedById IS NULL)',
)
export class BedOffer {
  @AssignedIdColumn()
  id!: number;

  @OneToOne(() => BedHold)
  @JoinColumn({ name: 'id', foreignKeyConstraintName: 'fk_offer_hold' })
  hold!: Relation<BedHold>;

  @AssignedIdReference()
  entryId!: number;

  @ManyToOne(() => WaitlistEntry)
  @JoinColumn({ name: 'entryId', foreignKeyConstraintName: 'fk_offer_entry' })
  entry!: Relation<WaitlistEntry>;

  /** As of the hold. */
  @Column({ type: 'integer' })
  elderId!: number;

  /** As of the hold. */
  @Column({ type: 'integer' })
  bedId!: number;

  @InstantColumn()
  offeredAt!: Date;

  @Column({ type: 'integer' })
  offeredById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'offeredById', foreignKeyConstraintName: 'fk_offer_by' })
  offeredBy!: Relation<Account>;

  @InstantColumn({ nullable: true })
  declinedAt!: Date | null;

  /** The day of declinedAt. */
  @DayColumn({ nullable: true })
  declinedOn!: string | null;

  @Column({ type: 'integer', nullable: true })
  declinedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'declinedById', foreignKeyConstraintName: 'fk_offer_declined_by' })
  declinedBy!: Relation<Account> | null;

  /** Why it was declined, encrypted; null once the person was erased. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  reasonSealed!: string | null;

  /** From when on it is looked at whether the bed passes on: its expiry, or when it was refused; null when it was. */
  @InstantColumn({ nullable: true })
  passOnAt!: Date | null;

  /** What became of the bed then; null as long as nobody looked. */
  @Column({ type: 'varchar', length: 12, nullable: true })
  passedOnAs!: OfferPassedAs | null;

  /** The offer by which the bed passed on. */
  @AssignedIdReference({ nullable: true })
  nextOfferId!: number | null;
}
