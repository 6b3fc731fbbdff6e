import { Column, Entity, Index, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { InstantColumn } from '../columns.js';
import { Account } from './account.entity.js';

/** The phone by which a relative signs in: one account for each number, whoever the elders are. */
@Entity('family_phone')
@Index('uq_family_phone_hash', ['phoneHash'], { unique: true })
export class FamilyPhone {
  @PrimaryColumn({ type: 'integer' })
  accountId!: number;

  @OneToOne(() => Account)
  @JoinColumn({ name: 'accountId', foreignKeyConstraintName: 'fk_family_phone_account' })
  account!: Relation<Account>;

  /** The number, encrypted. */
  @Column({ type: 'varchar', length: 120 })
  phoneSealed!: string;

  /** The keyed hash by which it is found. */
  @Column({ type: 'varchar', length: 64 })
  phoneHash!: string;

  @InstantColumn()
  createdAt!: Date;
}
