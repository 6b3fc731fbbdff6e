import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { InstantColumn } from '../columns.js';
import { type FlagState, FraudFlag } from './fraud-flag.entity.js';

/** One step in the life of a sign of fraud. */
@Entity('fraud_flag_event')
export class FraudFlagEvent {
  @PrimaryColumn({ type: 'integer' })
  flagId!: number;

  @ManyToOne(() => FraudFlag)
  @JoinColumn({ name: 'flagId', foreignKeyConstraintName: 'fk_flag_event_flag' })
  flag!: Relation<FraudFlag>;

  /** Counts from 1. */
  @PrimaryColumn({ type: 'integer' })
  number!: number;

  @Column({ type: 'varchar', length: 12 })
  step!: string;

  @Column({ type: 'varchar', length: 12 })
  toState!: FlagState;

  /** Null for the scan. */
  @Column({ type: 'integer', nullable: true })
  byId!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'byId', foreignKeyConstraintName: 'fk_flag_event_by' })
  by!: Relation<Account> | null;

  @InstantColumn()
  at!: Date;

  /** Why, in the words of whoever took the step. */
  @Column({ type: 'varchar', length: 200, nullable: true })
  note!: string | null;
}
