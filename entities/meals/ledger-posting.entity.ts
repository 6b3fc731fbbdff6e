import { Column, Entity, Index } from 'typeorm';
import { AssignedIdColumn, AssignedIdReference, DayColumn, InstantColumn } from '../columns.js';

export const postingKinds = [
  'SWIPE',
  'VOID',
  'REVIEW',
  'TOP_UP',
  'REFUND',
  'CLOSING',
  'DISPUTE',
  'OPERATOR',
] as const;
export type PostingKind = (typeof postingKinds)[number];

/** One business fact in the ledger. Its entries sum to zero, and it is never changed. */
@Entity('ledger_posting', { withoutRowid: true })
@Index('uq_posting_source', ['sourceId', 'kind'], { unique: true })
@Index('ix_posting_booked', ['bookedOn'])
export class LedgerPosting {
  @AssignedIdColumn()
  id!: number;

  @Column({ type: 'varchar', length: 12 })
  kind!: PostingKind;

  /**
   * The swipe's id for SWIPE and VOID, the review's for REVIEW, the top-up's for TOP_UP, the dispute's for DISPUTE, the
   * statement's for OPERATOR, else the payout's: each is posted once.
   */
  @AssignedIdReference()
  sourceId!: number;

  @DayColumn()
  bookedOn!: string;

  @InstantColumn()
  postedAt!: Date;
}
