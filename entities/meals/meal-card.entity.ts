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

export const cardStatuses = ['ACTIVE', 'LOST', 'REPLACED', 'EXPIRED', 'CLOSED'] as const;
export type CardStatus = (typeof cardStatuses)[number];

@Entity('meal_card')
@Index('uq_card_uid', ['uid'], { unique: true })
@Index('uq_card_active_elder', ['activeElderId'], { unique: true })
@Index('ix_card_elder', ['elderId'])
@Check('ck_card_active', "(status = 'ACTIVE') = (activeElderId IS NOT NULL)")
export class MealCard {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  /** What the chip answers a reader: upper-case hexadecimal. */
  @Column({ type: 'varchar', length: 32 })
  uid!: string;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_card_elder' })
  elder!: Relation<Elder>;

  /** The elder's id while the card is active, null otherwise: its unique key allows one active card each. */
  @Column({ type: 'integer', nullable: true })
  activeElderId!: number | null;

  @Column({ type: 'varchar', length: 16 })
  status!: CardStatus;

  @DayColumn()
  issuedOn!: string;

  /** The first day on which it no longer pays; null for a card without an end. */
  @DayColumn({ nullable: true })
  expiresOn!: string | null;

  /** When it stopped being active, for a tap before that still pays; null while it is active. */
  @InstantColumn({ nullable: true })
  stoppedAt!: Date | null;
}
