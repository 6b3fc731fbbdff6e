import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { AssignedIdColumn, AssignedIdReference, DayColumn, FenColumn, InstantColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { Facility } from '../network/facility.entity.js';
import type { Meal } from './meal-window.entity.js';
import { Swipe } from './swipe.entity.js';

export const deliveryStates = [
  'ORDERED',
  'ASSIGNED',
  'OUT',
  'HANDED_OVER',
  'CAME_BACK',
  'CANCELLED',
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export const deliveryProofs = ['CODE', 'PHOTO'] as const;
export type DeliveryProof = (typeof deliveryProofs)[number];

export const comeBackReasons = [
  'NOBODY_AT_HOME',
  'REFUSED_BY_ELDER',
  'IN_HOSPITAL',
  'ADDRESS_WRONG',
  'WEATHER',
  'OTHER',
] as const;
export type ComeBackReason = (typeof comeBackReasons)[number];

/** One meal of one day that is to be brought to an elder. It costs nothing until it is handed over. */
@Entity('delivery_order')
@Index('uq_delivery_request', ['requestId', 'day'], { unique: true })
@Index('uq_delivery_own_request', ['ownRequestId'], { unique: true })
@Index('uq_delivery_live', ['elderId', 'day', 'liveMeal'], { unique: true })
@Index('uq_delivery_end_request', ['endRequestId'], { unique: true })
@Index('uq_delivery_swipe', ['swipeRowId'], { unique: true })
@Index('uq_delivery_photo', ['usedPhoto'], { unique: true })
@Index('ix_delivery_canteen', ['canteenId', 'day', 'meal', 'id'])
@Index('ix_delivery_courier', ['courierId', 'day', 'meal'])
@Index('ix_delivery_reason', ['reason', 'day', 'id'])
@Check('ck_delivery_swipe', "(state = 'HANDED_OVER') = (swipeRowId IS NOT NULL)")
@Check('ck_delivery_proof', "(state = 'HANDED_OVER') = (proof IS NOT NULL)")
@Check('ck_delivery_photo', "(COALESCE(proof, '') = 'PHOTO') = (photoReference IS NOT NULL)")
@Check('ck_delivery_reason', "(state = 'CAME_BACK') = (reason IS NOT NULL)")
@Check('ck_delivery_live', "(state IN ('CAME_BACK', 'CANCELLED')) = (liveMeal IS NULL)")
@Check('ck_delivery_tries', 'codeTries >= 0')
export class DeliveryOrder {
  @AssignedIdColumn()
  id!: number;

  /** The UUID that the caller made, in lower case; the orders of one call share it. */
  @Column({ type: 'varchar', length: 36 })
  requestId!: string;

  /** The same on the first of these orders and null on the others, so that no other call is done under this id. */
  @Column({ type: 'varchar', length: 36, nullable: true })
  ownRequestId!: string | null;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_delivery_elder' })
  elder!: Relation<Elder>;

  @Column({ type: 'integer' })
  canteenId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'canteenId', foreignKeyConstraintName: 'fk_delivery_canteen' })
  canteen!: Relation<Facility>;

  @DayColumn()
  day!: string;

  @Column({ type: 'varchar', length: 12 })
  meal!: Meal;

  /** The meal while the order holds it for the elder on that day; null once it came back or was cancelled. */
  @Column({ type: 'varchar', length: 12, nullable: true })
  liveMeal!: Meal | null;

  /** The price on the menu when it was ordered. */
  @FenColumn()
  grossFen!: number;

  /** What the rule lets the elder be asked for the bringing itself. */
  @FenColumn()
  feeFen!: number;

  @Column({ type: 'varchar', length: 12 })
  state!: DeliveryState;

  /** A random text from which, under the key of the server alone, the elder's code follows. */
  @Column({ type: 'varchar', length: 36 })
  codeSeed!: string;

  /** How often a wrong code was given. */
  @Column({ type: 'integer' })
  codeTries!: number;

  @InstantColumn()
  orderedAt!: Date;

  @Column({ type: 'integer' })
  orderedById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'orderedById', foreignKeyConstraintName: 'fk_delivery_ordered_by' })
  orderedBy!: Relation<Account>;

  /** Who is to bring it; null until somebody is. */
  @Column({ type: 'integer', nullable: true })
  courierId!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'courierId', foreignKeyConstraintName: 'fk_delivery_courier' })
  courier!: Relation<Account> | null;

  @InstantColumn({ nullable: true })
  outAt!: Date | null;

  /** When it was handed over, came back or was cancelled. */
  @InstantColumn({ nullable: true })
  endedAt!: Date | null;

  @Column({ type: 'integer', nullable: true })
  endedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'endedById', foreignKeyConstraintName: 'fk_delivery_ended_by' })
  endedBy!: Relation<Account> | null;

  /** The UUID of the call that handed it over or brought it back, in lower case. */
  @Column({ type: 'varchar', length: 36, nullable: true })
  endRequestId!: string | null;

  @Column({ type: 'varchar', length: 8, nullable: true })
  proof!: DeliveryProof | null;

  /** Under which name the photo is kept elsewhere. */
  @Column({ type: 'varchar', length: 120, nullable: true })
  photoReference!: string | null;

  /**
   * The same in lower case, while it is kept, so that no photo proves two meals; null where it proved an earlier one
   * before this was asked.
   */
  @Column({ type: 'varchar', length: 120, nullable: true })
  usedPhoto!: string | null;

  @Column({ type: 'varchar', length: 20, nullable: true })
  reason!: ComeBackReason | null;

  /** What the courier wrote beside it, encrypted. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  reasonSealed!: string | null;

  /** The meal as it was booked when it was handed over. */
  @AssignedIdReference({ nullable: true })
  swipeRowId!: number | null;

  @ManyToOne(() => Swipe)
  @JoinColumn({ name: 'swipeRowId', foreignKeyConstraintName: 'fk_delivery_swipe' })
  swipe!: Relation<Swipe> | null;
}
