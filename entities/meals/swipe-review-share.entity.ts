import { Check, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { AssignedIdColumn, FenColumn } from '../columns.js';
import { LedgerAccount } from './ledger-account.entity.js';
import { SwipeReview } from './swipe-review.entity.js';

/** What one funder bears of a meal that is in doubt, and gets back if somebody else is to bear it. */
@Entity('swipe_review_share')
@Check('ck_review_share_fen', 'fen > 0')
export class SwipeReviewShare {
  @AssignedIdColumn()
  reviewId!: number;

  @ManyToOne(() => SwipeReview)
  @JoinColumn({ name: 'reviewId', foreignKeyConstraintName: 'fk_review_share_review' })
  review!: Relation<SwipeReview>;

  /** The funder's. */
  @PrimaryColumn({ type: 'integer' })
  accountId!: number;

  @ManyToOne(() => LedgerAccount)
  @JoinColumn({ name: 'accountId', foreignKeyConstraintName: 'fk_review_share_account' })
  account!: Relation<LedgerAccount>;

  @FenColumn()
  fen!: number;
}
