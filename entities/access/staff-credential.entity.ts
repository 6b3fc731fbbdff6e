import { Check, Column, Entity, Index, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { InstantColumn } from '../columns.js';
import { Account } from './account.entity.js';

/** How a person proves to be the holder of an account: user name, password and, when set up, one-time codes. */
@Entity('staff_credential')
@Index('uq_credential_user_name', ['userName'], { unique: true })
@Check('ck_credential_totp', 'totpSecret IS NOT NULL OR totpSince IS NULL')
export class StaffCredential {
  @PrimaryColumn({ type: 'integer' })
  accountId!: number;

  @OneToOne(() => Account)
  @JoinColumn({ name: 'accountId', foreignKeyConstraintName: 'fk_credential_account' })
  account!: Relation<Account>;

  /** In lower case: two names that a person would read as one are one. */
  @Column({ type: 'varchar', length: 40 })
  userName!: string;

  /** In the PHC string format, which names the algorithm and its parameters. */
  @Column({ type: 'varchar', length: 255 })
  passwordHash!: string;

  /** Somebody else chose the password, so it opens nothing until its owner has changed it. */
  @Column({ type: 'boolean' })
  temporary!: boolean;

  @InstantColumn()
  passwordSetAt!: Date;

  /** What the codes are made from, encrypted; null when never set up. */
  @Column({ type: 'varchar', length: 255, nullable: true })
  totpSecret!: string | null;

  /** What they will be made from once a first code of it is shown, encrypted; null when nothing is being replaced. */
  @Column({ type: 'varchar', length: 255, nullable: true })
  totpNext!: string | null;

  /** From when a code is asked for; null as long as the first code has not shown that the set-up works. */
  @InstantColumn({ nullable: true })
  totpSince!: Date | null;

  /** The 30 seconds since 1970 of the last code that counted; no code counts twice. */
  @Column({ type: 'integer', nullable: true })
  totpLastStep!: number | null;
}
