import { Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { AssignedIdColumn } from '../columns.js';
import { FraudFlag } from './fraud-flag.entity.js';
import { Swipe } from './swipe.entity.js';

/**
 * A swipe that is evidence of a sign of fraud. All of them are kept: a decision is about these, and another one opens
 * the flag again.
 */
@Entity('fraud_flag_swipe')
export class FraudFlagSwipe {
  @PrimaryColumn({ type: 'integer' })
  flagId!: number;

  @ManyToOne(() => FraudFlag)
  @JoinColumn({ name: 'flagId', foreignKeyConstraintName: 'fk_flag_swipe_flag' })
  flag!: Relation<FraudFlag>;

  @AssignedIdColumn()
  swipeId!: number;

  @ManyToOne(() => Swipe)
  @JoinColumn({ name: 'swipeId', foreignKeyConstraintName: 'fk_flag_swipe_swipe' })
  swipe!: Relation<Swipe>;
}
