import { Column, Entity, Index } from 'typeorm';
import { AssignedIdColumn, InstantColumn } from '../columns.js';

/**
 * One line of the audit log: who did what to whom, from where, and what came of it. A row is inserted and
 * never changed. It refers to no other table by a foreign key, because it outlives what it speaks of.
 */
@Entity('audit_record')
@Index('ix_audit_at', ['at'])
@Index('ix_audit_account', ['accountId', 'at'])
@Index('ix_audit_facility', ['facilityId', 'at'])
@Index('ix_audit_elder', ['elderId', 'at'])
@Index('ix_audit_operation', ['operation', 'at'])
export class AuditRecord {
  @AssignedIdColumn()
  id!: number;

  /** By the machine's clock, also where the clock of the business was set. */
  @InstantColumn()
  at!: Date;

  /** Null for a caller without an account, and for a batch of several readers. */
  @Column({ type: 'integer', nullable: true })
  accountId!: number | null;

  /** The roles held at that instant, separated by blanks. */
  @Column({ type: 'varchar', length: 100 })
  roles!: string;

  /** Null where the work did not come over the network. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  address!: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  requestId!: string | null;

  /** The operation of the graph, Type.field for an edge, or the words of a command. */
  @Column({ type: 'varchar', length: 64 })
  operation!: string;

  /** The place it was about; where none is known, the one at which the caller's role is held. */
  @Column({ type: 'integer', nullable: true })
  facilityId!: number | null;

  @Column({ type: 'integer', nullable: true })
  elderId!: number | null;

  /** What else it was about, by kind and id, such as card:12. */
  @Column({ type: 'varchar', length: 80, nullable: true })
  subject!: string | null;

  /** DONE, or the code of the refusal or of the error. */
  @Column({ type: 'varchar', length: 40 })
  result!: string;

  /** How many equal ones this record stands for: swipes of a batch, refusals that came at once. */
  @Column({ type: 'integer' })
  times!: number;

  /** Bounded, masked JSON: what was asked, before and after. */
  @Column({ type: 'text' })
  details!: string;
}
