import { Check, Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { InstantColumn } from '../columns.js';
import { Account } from './account.entity.js';

/** The one code that was sent to an account last; an older one is gone with the row that it stood in. */
@Entity('sign_in_code')
@Check('ck_sign_in_code_interval', 'expiresAt > createdAt')
export class SignInCode {
  @PrimaryColumn({ type: 'integer' })
  accountId!: number;

  @OneToOne(() => Account)
  @JoinColumn({ name: 'accountId', foreignKeyConstraintName: 'fk_sign_in_code_account' })
  account!: Relation<Account>;

  /** HMAC-SHA-256 in hexadecimal: a million codes are tried in a second, but not without the key. */
  @Column({ type: 'varchar', length: 64 })
  codeHash!: string;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  expiresAt!: Date;

  /** How often somebody gave a code for this account since it was sent. */
  @Column({ type: 'integer' })
  tries!: number;

  /** When it opened a session; null while it never did. */
  @InstantColumn({ nullable: true })
  usedAt!: Date | null;
}
