import { Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { AssignedIdColumn } from '../columns.js';
import { WaitlistEntry } from './waitlist-entry.entity.js';
import { WaitlistPass } from './waitlist-pass.entity.js';

/** Who was passed over. */
@Entity('waitlist_skip')
@Index('ix_skip_entry', ['entryId'])
export class WaitlistSkip {
  @AssignedIdColumn()
  passId!: number;

  @ManyToOne(() => WaitlistPass)
  @JoinColumn({ name: 'passId', foreignKeyConstraintName: 'fk_skip_pass' })
  pass!: Relation<WaitlistPass>;

  @AssignedIdColumn()
  entryId!: number;

  @ManyToOne(() => WaitlistEntry)
  @JoinColumn({ name: 'entryId', foreignKeyConstraintName: 'fk_skip_entry' })
  entry!: Relation<WaitlistEntry>;
}
