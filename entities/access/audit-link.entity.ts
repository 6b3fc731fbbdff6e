import { Column, Entity, Index } from 'typeorm';
import { AssignedIdColumn, AssignedIdReference } from '../columns.js';

/** The place of a record in the chain: its hash covers the record and the hash before it. */
@Entity('audit_link')
@Index('uq_audit_link_record', ['recordId'], { unique: true })
export class AuditLink {
  /** 1, 2, 3 and so on, without a gap. */
  @AssignedIdColumn()
  seq!: number;

  @AssignedIdReference()
  recordId!: number;

  /** SHA-256 in hexadecimal. */
  @Column({ type: 'varchar', length: 64 })
  hash!: string;
}
