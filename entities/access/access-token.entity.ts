import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { InstantColumn } from '../columns.js';
import { Account } from './account.entity.js';

/** An opaque bearer token, of which only the hash is kept: whoever reads this table can call nothing. */
@Entity('access_token')
@Index('uq_token_hash', ['hash'], { unique: true })
@Index('ix_token_account', ['accountId'])
export class AccessToken {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  accountId!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'accountId', foreignKeyConstraintName: 'fk_token_account' })
  account!: Relation<Account>;

  /** SHA-256 in hexadecimal. The token has 256 random bits, so it needs neither salt nor stretching. */
  @Column({ type: 'varchar', length: 64 })
  hash!: string;

  @InstantColumn()
  createdAt!: Date;

  /** A revoked token is kept: its reader is told that it was revoked, not that it never was. */
  @InstantColumn({ nullable: true })
  revokedAt!: Date | null;
}
