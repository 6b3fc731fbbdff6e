import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { AssignedIdColumn, AssignedIdReference, DayColumn, InstantColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { Facility } from '../network/facility.entity.js';
import { Bed } from './bed.entity.js';
import { DischargeReason } from './discharge-reason.entity.js';

/** How a stay that goes on in another bed ends. */
export const transferReason = 'TRANSFER';

/**
 * Over [fromDay, toDay) an elder has a bed; no two stays of a bed or of an elder share a day. Two of them without an
 * end are refused by the table itself; for the rest the rows of the elder and of the beds are locked before stays are
 * read and written. A reservation that was taken back before it began ends where it began, and so holds no day.
 */
@Entity('bed_stay')
@Index('uq_stay_open_bed', ['openBedId'], { unique: true })
@Index('uq_stay_open_elder', ['openElderId'], { unique: true })
@Index('uq_stay_previous', ['previousStayId'], { unique: true })
@Index('ix_stay_bed', ['bedId', 'toDay', 'fromDay'])
@Index('ix_stay_elder', ['elderId', 'toDay', 'fromDay'])
@Index('ix_stay_facility', ['facilityId', 'toDay', 'fromDay'])
@Index('ix_stay_to', ['toDay', 'facilityId', 'fromDay'])
@Check('ck_stay_days', 'toDay IS NULL OR toDay >= fromDay')
@Check('ck_stay_cancelled', '(cancelledAt IS NULL) = (toDay IS NULL OR toDay > fromDay)')
@Check('ck_stay_open_bed', '(toDay IS NULL) = (openBedId IS NOT NULL)')
@Check('ck_stay_open_elder', '(toDay IS NULL) = (openElderId IS NOT NULL)')
@Check('ck_stay_ended', '(toDay IS NULL) = (endReason IS NULL)')
@Check('ck_stay_admitted', 'admittedOn <= fromDay')
export class BedStay {
  /** That of the hold which it came from, if it came from one. */
  @AssignedIdColumn()
  id!: number;

  @Column({ type: 'integer' })
  bedId!: number;

  @ManyToOne(() => Bed)
  @JoinColumn({ name: 'bedId', foreignKeyConstraintName: 'fk_stay_bed' })
  bed!: Relation<Bed>;

  /** The facility of the bed, by which it is counted. */
  @Column({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_stay_facility' })
  facility!: Relation<Facility>;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_stay_elder' })
  elder!: Relation<Elder>;

  @DayColumn()
  fromDay!: string;

  @DayColumn({ nullable: true })
  toDay!: string | null;

  /** The bed and the elder while the stay has no end. */
  @Column({ type: 'integer', nullable: true })
  openBedId!: number | null;

  @Column({ type: 'integer', nullable: true })
  openElderId!: number | null;

  /** When the elder came, transfers left out: the first day of the first of the stays that follow each other. */
  @DayColumn()
  admittedOn!: string;

  /** The stay that went on as this one. */
  @AssignedIdReference({ nullable: true })
  previousStayId!: number | null;

  @DayColumn({ nullable: true })
  contractSignedOn!: string | null;

  /** The first day after the trial; the admission itself when there is none. */
  @DayColumn()
  trialEndsOn!: string;

  /** A code of discharge_reason. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  endReason!: string | null;

  @ManyToOne(() => DischargeReason)
  @JoinColumn({
    name: 'endReason',
    referencedColumnName: 'code',
    foreignKeyConstraintName: 'fk_stay_end_reason',
  })
  reason!: Relation<DischargeReason> | null;

  /** What was said about the end, encrypted; null when nothing was. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  endNoteSealed!: string | null;

  @InstantColumn()
  enteredAt!: Date;

  /** Null for what a seed or an import brought in. */
  @Column({ type: 'integer', nullable: true })
  enteredById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'enteredById', foreignKeyConstraintName: 'fk_stay_entered_by' })
  enteredBy!: Relation<Account> | null;

  /** When its end was entered. */
  @InstantColumn({ nullable: true })
  endedAt!: Date | null;

  @Column({ type: 'integer', nullable: true })
  endedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'endedById', foreignKeyConstraintName: 'fk_stay_ended_by' })
  endedBy!: Relation<Account> | null;

  /** When it was taken back before it had begun. */
  @InstantColumn({ nullable: true })
  cancelledAt!: Date | null;
}
