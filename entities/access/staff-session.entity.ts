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
import { Account } from './account.entity.js';

/** What lasts from a sign-in to a sign-out: all tokens that came from that sign-in live and end with it. */
@Entity('staff_session')
@Index('ix_session_account', ['accountId'])
@Check('ck_session_interval', 'expiresAt > startedAt')
export class StaffSession {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  accountId!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'accountId', foreignKeyConstraintName: 'fk_session_account' })
  account!: Relation<Account>;

  @InstantColumn()
  startedAt!: Date;

  /** Refreshing does not move it: a person proves again who they are at least this often. */
  @InstantColumn()
  expiresAt!: Date;

  /** A one-time code was given, at the sign-in or when codes were set up within the session. */
  @Column({ type: 'boolean' })
  secondFactor!: boolean;

  /** Null while it is open. */
  @InstantColumn({ nullable: true })
  endedAt!: Date | null;
}
