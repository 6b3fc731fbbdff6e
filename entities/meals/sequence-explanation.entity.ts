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
import { InstantColumn } from '../columns.js';

/** Why numbers of a reader's counter are missing for good. Should a swipe of them still come, it counts all the same. */
@Entity('sequence_explanation')
@Index('uq_explanation_range', ['readerId', 'fromSequence'], { unique: true })
@Check('ck_explanation_range', 'toSequence >= fromSequence')
export class SequenceExplanation {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  readerId!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'readerId', foreignKeyConstraintName: 'fk_explanation_reader' })
  reader!: Relation<Account>;

  @Column({ type: 'integer' })
  fromSequence!: number;

  /** The last number, itself among them. */
  @Column({ type: 'integer' })
  toSequence!: number;

  @Column({ type: 'varchar', length: 200 })
  reason!: string;

  @InstantColumn()
  at!: Date;

  @Column({ type: 'integer' })
  byId!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'byId', foreignKeyConstraintName: 'fk_explanation_by' })
  by!: Relation<Account>;
}
