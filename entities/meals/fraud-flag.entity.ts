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
import { Account } from '../access/account.entity.js';
import { AssignedIdReference, DayColumn, InstantColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { Facility } from '../network/facility.entity.js';

export const flagRules = [
  'MANY_CARDS',
  'TOO_FAST_TRAVEL',
  'DURING_STAY',
  'AFTER_END',
  'OUTSIDE_WINDOWS',
  'LONG_BACKFILL',
  'BEYOND_SEATS',
  'SAME_ORDER',
  'OWN_DELIVERIES',
] as const;
export type FlagRule = (typeof flagRules)[number];

export const flagStates = ['OPEN', 'IN_WORK', 'CONFIRMED', 'HARMLESS'] as const;
export type FlagState = (typeof flagStates)[number];

/** A sign of fraud about one subject on one day. */
@Entity('fraud_flag')
@Index('uq_flag_subject', ['rule', 'day', 'subject'], { unique: true })
@Index('ix_flag_canteen', ['canteenId', 'state', 'day', 'id'])
@Index('ix_flag_state', ['state', 'day', 'id'])
@Index('ix_flag_elder', ['elderId'])
@Check('ck_flag_assignee', "(state = 'IN_WORK') = (assigneeId IS NOT NULL)")
export class FraudFlag {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 24 })
  rule!: FlagRule;

  /** The day of the taps. */
  @DayColumn()
  day!: string;

  /** What the rule is about, such as `elder:7` or `reader:3:LUNCH`: once for each rule and day. */
  @Column({ type: 'varchar', length: 64 })
  subject!: string;

  @Column({ type: 'integer' })
  canteenId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'canteenId', foreignKeyConstraintName: 'fk_flag_canteen' })
  canteen!: Relation<Facility>;

  @Column({ type: 'integer', nullable: true })
  elderId!: number | null;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_flag_elder' })
  elder!: Relation<Elder> | null;

  @Column({ type: 'integer', nullable: true })
  readerId!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'readerId', foreignKeyConstraintName: 'fk_flag_reader' })
  reader!: Relation<Account> | null;

  /** In the unit of the rule. */
  @AssignedIdReference()
  measured!: number;

  /** What it was held against. */
  @AssignedIdReference()
  threshold!: number;

  /** How many swipes showed it when evidence was added last; what was voided stays among the evidence. */
  @Column({ type: 'integer' })
  swipes!: number;

  @Column({ type: 'varchar', length: 12 })
  state!: FlagState;

  /** Who works on it. */
  @Column({ type: 'integer', nullable: true })
  assigneeId!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'assigneeId', foreignKeyConstraintName: 'fk_flag_assignee' })
  assignee!: Relation<Account> | null;

  @InstantColumn()
  foundAt!: Date;
}
