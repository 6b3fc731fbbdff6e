import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { AssignedIdReference, InstantColumn } from '../columns.js';

export const bedOperations = ['HOLD', 'ADMIT', 'TRANSFER', 'ASK_TRANSFER', 'ACCEPT_TRANSFER'] as const;
export type BedOperation = (typeof bedOperations)[number];

/** What was answered to a request that wrote something, so that it writes nothing when it is sent again. */
@Entity('bed_request')
@Index('ix_bed_request_row', ['rowId'])
export class BedRequest {
  /** The UUID that the caller made, in lower case. */
  @PrimaryColumn({ type: 'varchar', length: 36 })
  requestId!: string;

  @Column({ type: 'varchar', length: 16 })
  operation!: BedOperation;

  /** The hash of what was asked, by which other content is known. */
  @Column({ type: 'varchar', length: 64 })
  contentHash!: string;

  /** The hold, stay or transfer that came of it. */
  @AssignedIdReference()
  rowId!: number;

  @InstantColumn()
  answeredAt!: Date;
}
