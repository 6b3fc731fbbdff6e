import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { InstantColumn } from '../columns.js';
import { MealCard } from './meal-card.entity.js';

/** A new card in place of an old one; the money is the elder's, so it follows without a posting. */
@Entity('card_replacement')
@Index('uq_replacement_request', ['requestId'], { unique: true })
@Index('uq_replacement_old', ['oldCardId'], { unique: true })
@Index('uq_replacement_new', ['newCardId'], { unique: true })
export class CardReplacement {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  /** The UUID the caller made, in lower case; a retry finds the first answer by it. */
  @Column({ type: 'varchar', length: 36 })
  requestId!: string;

  @Column({ type: 'integer' })
  oldCardId!: number;

  @ManyToOne(() => MealCard)
  @JoinColumn({ name: 'oldCardId', foreignKeyConstraintName: 'fk_replacement_old' })
  oldCard!: Relation<MealCard>;

  @Column({ type: 'integer' })
  newCardId!: number;

  @ManyToOne(() => MealCard)
  @JoinColumn({ name: 'newCardId', foreignKeyConstraintName: 'fk_replacement_new' })
  newCard!: Relation<MealCard>;

  @InstantColumn()
  at!: Date;
}
