import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { InstantColumn } from '../columns.js';
import { Account } from './account.entity.js';

/** What a card reader last showed of itself. Written at intervals, so up to a minute old. */
@Entity('reader_sighting')
export class ReaderSighting {
  @PrimaryColumn({ type: 'integer' })
  readerId!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'readerId', foreignKeyConstraintName: 'fk_sighting_reader' })
  reader!: Relation<Account>;

  @InstantColumn()
  lastSeenAt!: Date;

  /** As it names it; null while it never did. */
  @Column({ type: 'varchar', length: 40, nullable: true })
  softwareVersion!: string | null;

  /** Milliseconds by which its clock is ahead of the server's, smoothed; null while it was never told. */
  @Column({ type: 'bigint', nullable: true })
  clockSkewMs!: number | null;

  /** When its key was last used from two addresses at once; null when it never was. */
  @InstantColumn({ nullable: true })
  possiblyClonedAt!: Date | null;
}
