import { Check, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { InstantColumn } from '../columns.js';
import { Account } from './account.entity.js';

/** An address from which a card reader called, over [firstSeenAt, lastSeenAt] without a long silence between. */
@Entity('reader_address')
@Check('ck_reader_address_interval', 'lastSeenAt >= firstSeenAt')
export class ReaderAddress {
  @PrimaryColumn({ type: 'integer' })
  readerId!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'readerId', foreignKeyConstraintName: 'fk_reader_address_reader' })
  reader!: Relation<Account>;

  /** IPv4 or IPv6, as the server saw it. */
  @PrimaryColumn({ type: 'varchar', length: 45 })
  address!: string;

  @InstantColumn()
  firstSeenAt!: Date;

  @InstantColumn()
  lastSeenAt!: Date;
}
