import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { AssignedIdColumn, FenColumn, InstantColumn } from '../columns.js';
import { MealCard } from './meal-card.entity.js';

/** An elder's own money paid in at a counter. */
@Entity('top_up')
@Index('uq_top_up_request', ['requestId'], { unique: true })
@Check('ck_top_up_fen', 'fen > 0')
export class TopUp {
  @AssignedIdColumn()
  id!: number;

  /** The UUID the caller made, in lower case; a retry finds the first answer by it. */
  @Column({ type: 'varchar', length: 36 })
  requestId!: string;

  @Column({ type: 'integer' })
  cardId!: number;

  @ManyToOne(() => MealCard)
  @JoinColumn({ name: 'cardId', foreignKeyConstraintName: 'fk_top_up_card' })
  card!: Relation<MealCard>;

  @FenColumn()
  fen!: number;

  @InstantColumn()
  at!: Date;

  /** Null for money brought in by a seed or an import. */
  @Column({ type: 'integer', nullable: true })
  byId!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'byId', foreignKeyConstraintName: 'fk_top_up_by' })
  by!: Relation<Account> | null;
}
