import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { AssignedIdColumn, AssignedIdReference, DayColumn, FenColumn, InstantColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';
import { Funder } from './funder.entity.js';
import { Swipe } from './swipe.entity.js';

export const reviewBearers = ['CANTEEN', 'FUNDER', 'ELDER', 'AS_PAID'] as const;
/**
 * Who bears the price of a meal that was recorded for review, or the subsidy of one that was doubted later; AS_PAID
 * leaves a doubted subsidy with the funders that it was charged to.
 */
export type ReviewBearer = (typeof reviewBearers)[number];

export const lateReasons = ['STAY_ENTERED_LATE', 'END_ENTERED_LATE'] as const;
/** What was entered after the meal and, known at the tap, would have left it without a subsidy. */
export type LateReason = (typeof lateReasons)[number];

export const reviewReasons = [
  'CARD_NOT_ACTIVE',
  'ELDER_NOT_ACTIVE',
  'MEAL_NOT_SERVED',
  'MEAL_ALREADY_TAKEN',
  'PRICE_OUT_OF_RANGE',
  'INSUFFICIENT_BALANCE',
  ...lateReasons,
] as const;
/** What an offline swipe would have been refused for, or what became known after an accepted one. */
export type ReviewReason = (typeof reviewReasons)[number];

/**
 * A swipe that was recorded for review, or doubted after it was accepted or after funders were to bear it, and what was
 * decided on it. A swipe has one at a time: the next looks at what the last one decided.
 */
@Entity('swipe_review')
@Index('uq_review_number', ['swipeRowId', 'number'], { unique: true })
@Index('uq_review_request', ['requestId'], { unique: true })
@Index('ix_review_open', ['openCanteenId', 'mealDate', 'id'])
@Check('ck_review_decided', '(bornBy IS NULL) = (decidedAt IS NULL)')
@Check('ck_review_funder', "(COALESCE(bornBy, '') = 'FUNDER') = (funderId IS NOT NULL)")
@Check('ck_review_open', 'openCanteenId IS NULL OR decidedAt IS NULL')
@Check('ck_review_withdrawn', 'withdrawn = 0 OR (openCanteenId IS NULL AND decidedAt IS NULL)')
export class SwipeReview {
  /**
   * That of the posting that is looked at: the swipe's own, which has the swipe's id, or the one by which the review
   * before was decided. So no decision is looked at twice, and each is posted once.
   */
  @AssignedIdColumn()
  id!: number;

  @AssignedIdReference()
  swipeRowId!: number;

  @ManyToOne(() => Swipe)
  @JoinColumn({ name: 'swipeRowId', foreignKeyConstraintName: 'fk_review_swipe' })
  swipe!: Relation<Swipe>;

  /** 1 for the first review of the swipe, and so on. */
  @Column({ type: 'integer' })
  number!: number;

  @Column({ type: 'integer' })
  canteenId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'canteenId', foreignKeyConstraintName: 'fk_review_canteen' })
  canteen!: Relation<Facility>;

  /** The canteen while something is to be decided, else null: what is open is found by it. */
  @Column({ type: 'integer', nullable: true })
  openCanteenId!: number | null;

  @DayColumn()
  mealDate!: string;

  /** What the swipe would have been refused for, or what became known after it. */
  @Column({ type: 'varchar', length: 24 })
  reason!: ReviewReason;

  /** What funders bear that is in doubt, as the shares say; null for the price of a swipe recorded for review. */
  @FenColumn({ nullable: true })
  doubtedFen!: number | null;

  /** True when it ended by itself: no stay of the elder covers the day of the meal any more. */
  @Column({ type: 'boolean' })
  withdrawn!: boolean;

  /** The UUID of the decision, in lower case. */
  @Column({ type: 'varchar', length: 36, nullable: true })
  requestId!: string | null;

  @Column({ type: 'varchar', length: 8, nullable: true })
  bornBy!: ReviewBearer | null;

  @Column({ type: 'integer', nullable: true })
  funderId!: number | null;

  @ManyToOne(() => Funder)
  @JoinColumn({ name: 'funderId', foreignKeyConstraintName: 'fk_review_funder' })
  funder!: Relation<Funder> | null;

  @Column({ type: 'varchar', length: 200, nullable: true })
  note!: string | null;

  @InstantColumn({ nullable: true })
  decidedAt!: Date | null;

  @Column({ type: 'integer', nullable: true })
  decidedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'decidedById', foreignKeyConstraintName: 'fk_review_decided_by' })
  decidedBy!: Relation<Account> | null;
}
