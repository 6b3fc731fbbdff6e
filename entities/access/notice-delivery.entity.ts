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
import { InstantColumn } from '../columns.js';
import { ElderNotice } from '../elders/elder-notice.entity.js';
import { Account } from './account.entity.js';

export type DeliveryOutcome = 'SENT' | 'GIVEN_UP' | 'STALE' | 'NO_PHONE';

/** A notice on its way to one phone, which is looked up whenever it is tried. */
@Entity('notice_delivery')
@Index('uq_notice_delivery', ['noticeId', 'accountId'], { unique: true })
@Index('ix_notice_delivery_due', ['dueAt', 'id'])
@Check('ck_notice_delivery_ended', '(dueAt IS NULL) = (outcome IS NOT NULL)')
@Check('ck_notice_delivery_end', '(endedAt IS NULL) = (outcome IS NULL)')
@Check(
  'ck_notice_delivery_outcome',
  "outcome IS NULL OR outcome IN ('SENT', 'GIVEN_UP', 'STALE', 'NO_PHONE')",
)
export class NoticeDelivery {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  noticeId!: number;

  @ManyToOne(() => ElderNotice)
  @JoinColumn({ name: 'noticeId', foreignKeyConstraintName: 'fk_notice_delivery_notice' })
  notice!: Relation<ElderNotice>;

  /** The relative; null for the phone of the elder. */
  @Column({ type: 'integer', nullable: true })
  accountId!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'accountId', foreignKeyConstraintName: 'fk_notice_delivery_account' })
  account!: Relation<Account> | null;

  /** Begun ones are counted, so that one that a crash cut off counts too. */
  @Column({ type: 'integer' })
  attempts!: number;

  /** When it is tried next; null when it is over. */
  @InstantColumn({ nullable: true })
  dueAt!: Date | null;

  @InstantColumn({ nullable: true })
  endedAt!: Date | null;

  @Column({ type: 'varchar', length: 8, nullable: true })
  outcome!: DeliveryOutcome | null;
}
