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
import { Elder } from '../elders/elder.entity.js';

/** A QR or NFC tag at an elder's door. Its text is shown once, when it is issued; only a keyed hash of it is kept. */
@Entity('door_tag')
@Index('uq_door_tag_code', ['codeHash'], { unique: true })
@Index('ix_door_tag_elder', ['elderId'])
@Check('ck_door_tag_revoked', '(revokedAt IS NULL) = (revokedById IS NULL)')
export class DoorTag {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_door_tag_elder' })
  elder!: Relation<Elder>;

  @Column({ type: 'varchar', length: 64 })
  codeHash!: string;

  @InstantColumn()
  issuedAt!: Date;

  @Column({ type: 'integer' })
  issuedById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'issuedById', foreignKeyConstraintName: 'fk_door_tag_issued_by' })
  issuedBy!: Relation<Account>;

  @InstantColumn({ nullable: true })
  revokedAt!: Date | null;

  @Column({ type: 'integer', nullable: true })
  revokedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'revokedById', foreignKeyConstraintName: 'fk_door_tag_revoked_by' })
  revokedBy!: Relation<Account> | null;
}
