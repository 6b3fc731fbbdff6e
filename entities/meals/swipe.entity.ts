import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { AssignedIdColumn, DayColumn, FenColumn, InstantColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { Facility } from '../network/facility.entity.js';
import type { Meal } from './meal-window.entity.js';
import { SubsidyRule } from './subsidy-rule.entity.js';

export const swipeOutcomes = [
  'INPUT_MALFORMED',
  'SWIPE_ID_REUSED',
  'READER_NOT_ACTIVE',
  'CLOCK_OUT_OF_RANGE',
  'CARD_UNKNOWN',
  'CARD_NOT_ACTIVE',
  'ELDER_NOT_ACTIVE',
  'MEAL_NOT_SERVED',
  'MEAL_ALREADY_TAKEN',
  'PRICE_OUT_OF_RANGE',
  'INSUFFICIENT_BALANCE',
  'RECORDED_FOR_REVIEW',
  'ACCEPTED',
] as const;
/** In order of precedence: when several apply, the first is the answer. */
export type SwipeOutcome = (typeof swipeOutcomes)[number];

export const diningModes = ['DINE_IN', 'TAKE_AWAY', 'DELIVERY'] as const;
export type DiningMode = (typeof diningModes)[number];

export const menuKinds = ['SET_MEAL', 'A_LA_CARTE', 'SPECIAL_DIET'] as const;
export type MenuKind = (typeof menuKinds)[number];

/**
 * One swipe and the answer it got, refusals too: a replay is answered from here, and a reader's sequence
 * numbers have a gap only where a swipe was lost.
 */
@Entity('swipe', { withoutRowid: true })
@Index('uq_swipe_swipe_id', ['swipeId'], { unique: true })
@Index('uq_swipe_meal', ['elderId', 'mealDate', 'claimedMeal'], { unique: true })
@Index('ix_swipe_canteen_day', ['canteenId', 'mealDate'])
@Index('ix_swipe_reader_sequence', ['readerId', 'sequence'])
@Check('ck_swipe_split', 'subsidyFen + discountFen + selfPaidFen = grossFen OR meal IS NULL')
@Check('ck_swipe_parts', 'subsidyFen >= 0 AND discountFen >= 0 AND selfPaidFen >= 0')
@Check('ck_swipe_recorded', "(outcome IN ('ACCEPTED', 'RECORDED_FOR_REVIEW')) = (meal IS NOT NULL)")
@Check(
  'ck_swipe_claim',
  "voidedAt IS NULL AND (claimedMeal IS NOT NULL OR outcome <> 'ACCEPTED') OR claimedMeal IS NULL AND voidedAt IS NOT NULL",
)
export class Swipe {
  @AssignedIdColumn()
  id!: number;

  /** The UUID the reader made, in lower case. */
  @Column({ type: 'varchar', length: 36 })
  swipeId!: string;

  @Column({ type: 'integer' })
  readerId!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'readerId', foreignKeyConstraintName: 'fk_swipe_reader' })
  reader!: Relation<Account>;

  @Column({ type: 'integer' })
  canteenId!: number;

  /** The facility, and not its settings: a swipe at a canteen that was never configured is refused, and kept. */
  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'canteenId', foreignKeyConstraintName: 'fk_swipe_canteen' })
  canteen!: Relation<Facility>;

  @Column({ type: 'integer' })
  sequence!: number;

  @Column({ type: 'varchar', length: 32 })
  cardUid!: string;

  @InstantColumn()
  swipedAt!: Date;

  @InstantColumn()
  receivedAt!: Date;

  @FenColumn()
  grossFen!: number;

  @Column({ type: 'varchar', length: 12 })
  mode!: DiningMode;

  /** Null for a set meal that was recorded before menus were told apart. */
  @Column({ type: 'varchar', length: 12, nullable: true })
  menu!: MenuKind | null;

  @Column({ type: 'boolean' })
  offline!: boolean;

  @Column({ type: 'varchar', length: 24 })
  outcome!: SwipeOutcome;

  /** What an offline swipe would have been refused for; null unless it is recorded for review. */
  @Column({ type: 'varchar', length: 24, nullable: true })
  reviewReason!: SwipeOutcome | null;

  /** Null when the card is unknown. */
  @Column({ type: 'integer', nullable: true })
  elderId!: number | null;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_swipe_elder' })
  elder!: Relation<Elder> | null;

  /** The day of the tap in China Standard Time; of the receipt when the reader's clock is out of range. */
  @DayColumn()
  mealDate!: string;

  /** Null when nothing was recorded. */
  @Column({ type: 'varchar', length: 12, nullable: true })
  meal!: Meal | null;

  /**
   * The meal while this swipe holds it for the elder on that day, else null: its unique key lets no elder
   * take a meal twice, and a voided swipe gives it free. A review holds it once a funder bears it.
   */
  @Column({ type: 'varchar', length: 12, nullable: true })
  claimedMeal!: Meal | null;

  @FenColumn()
  subsidyFen!: number;

  @FenColumn()
  discountFen!: number;

  @FenColumn()
  selfPaidFen!: number;

  /** The elder's balance after this swipe; null when the card is unknown. */
  @FenColumn({ nullable: true })
  balanceFen!: number | null;

  /** The first set of rules that gave something. */
  @Column({ type: 'integer', nullable: true })
  ruleId!: number | null;

  @ManyToOne(() => SubsidyRule)
  @JoinColumn({ name: 'ruleId', foreignKeyConstraintName: 'fk_swipe_rule' })
  rule!: Relation<SubsidyRule> | null;

  /**
   * What each rule gave, such as `12.0=300,12.3=200`: the id of the version, the place of the rule in its
   * document, and fen. Caps are counted from it. Null for swipes of the time when a version had one rule, which
   * is that of `ruleId`, and where none gave anything.
   */
  @Column({ type: 'varchar', length: 400, nullable: true })
  appliedRules!: string | null;

  @InstantColumn({ nullable: true })
  voidedAt!: Date | null;

  @Column({ type: 'varchar', length: 200, nullable: true })
  voidReason!: string | null;

  @Column({ type: 'integer', nullable: true })
  voidedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'voidedById', foreignKeyConstraintName: 'fk_swipe_voided_by' })
  voidedBy!: Relation<Account> | null;
}
