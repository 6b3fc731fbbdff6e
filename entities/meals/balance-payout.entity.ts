import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { AssignedIdColumn, FenColumn, InstantColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { MealCard } from './meal-card.entity.js';

export const payoutKinds = ['REFUND', 'CLOSING'] as const;
export type PayoutKind = (typeof payoutKinds)[number];

/** An elder's own money paid out at a counter: a part of it, or the rest when the account is closed. */
@Entity('balance_payout')
@Index('uq_payout_request', ['requestId'], { unique: true })
@Index('uq_payout_closed', ['closedElderId'], { unique: true })
@Index('ix_payout_elder', ['elderId'])
@Check('ck_payout_fen', "fen > 0 OR (fen = 0 AND kind = 'CLOSING')")
@Check('ck_payout_card', "(kind = 'REFUND') = (cardId IS NOT NULL)")
@Check('ck_payout_closed', "closedElderId IS NULL OR kind = 'CLOSING'")
export class BalancePayout {
  @AssignedIdColumn()
  id!: number;

  /** The UUID the caller made, in lower case; a retry finds the first answer by it. */
  @Column({ type: 'varchar', length: 36 })
  requestId!: string;

  @Column({ type: 'varchar', length: 8 })
  kind!: PayoutKind;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_payout_elder' })
  elder!: Relation<Elder>;

  /** The card by which a refund was asked for; null for a closing, which ends all of them. */
  @Column({ type: 'integer', nullable: true })
  cardId!: number | null;

  @ManyToOne(() => MealCard)
  @JoinColumn({ name: 'cardId', foreignKeyConstraintName: 'fk_payout_card' })
  card!: Relation<MealCard> | null;

  /**
   * The elder while this closing is in force, else null: its unique key closes an account once. A new card
   * opens the account again.
   */
  @Column({ type: 'integer', nullable: true })
  closedElderId!: number | null;

  @FenColumn()
  fen!: number;

  /** Who got the money in place of the elder, encrypted; null when the elder did. */
  @Column({ type: 'varchar', length: 400, nullable: true })
  heirNameSealed!: string | null;

  /** What that person is to the elder. */
  @Column({ type: 'varchar', length: 20, nullable: true })
  heirRelation!: string | null;

  /** The number of the document that proves it, encrypted. */
  @Column({ type: 'varchar', length: 400, nullable: true })
  heirDocumentSealed!: string | null;

  @InstantColumn()
  at!: Date;

  @Column({ type: 'integer' })
  byId!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'byId', foreignKeyConstraintName: 'fk_payout_by' })
  by!: Relation<Account>;
}
