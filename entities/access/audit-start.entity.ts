import { Column, Entity } from 'typeorm';
import { AssignedIdColumn, InstantColumn } from '../columns.js';

/** Where the log begins after old records were pruned: the last link that is gone. The greatest one counts. */
@Entity('audit_start')
export class AuditStart {
  @AssignedIdColumn()
  seq!: number;

  @Column({ type: 'varchar', length: 64 })
  hash!: string;

  @InstantColumn()
  prunedAt!: Date;
}
