import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { AssignedIdColumn, FenColumn } from '../columns.js';
import { LedgerAccount } from './ledger-account.entity.js';
import { LedgerPosting } from './ledger-posting.entity.js';

/** One side of a posting: what it adds to an account, or takes from it when negative. */
@Entity('ledger_entry', { withoutRowid: true })
@Index('ix_entry_account', ['accountId', 'postingId'])
@Check('ck_entry_fen', 'fen <> 0')
export class LedgerEntry {
  @AssignedIdColumn()
  postingId!: number;

  @PrimaryColumn({ type: 'integer' })
  line!: number;

  @ManyToOne(() => LedgerPosting)
  @JoinColumn({ name: 'postingId', foreignKeyConstraintName: 'fk_entry_posting' })
  posting!: Relation<LedgerPosting>;

  @Column({ type: 'integer' })
  accountId!: number;

  @ManyToOne(() => LedgerAccount)
  @JoinColumn({ name: 'accountId', foreignKeyConstraintName: 'fk_entry_account' })
  account!: Relation<LedgerAccount>;

  @FenColumn()
  fen!: number;
}
