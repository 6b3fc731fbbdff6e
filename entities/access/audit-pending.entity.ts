import { Entity } from 'typeorm';
import { AssignedIdColumn } from '../columns.js';

/** A record that has no place in the chain yet: written with the record, deleted with the link. */
@Entity('audit_pending')
export class AuditPending {
  @AssignedIdColumn()
  recordId!: number;
}
