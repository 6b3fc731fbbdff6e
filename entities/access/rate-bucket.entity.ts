import { Entity, PrimaryColumn } from 'typeorm';
import { InstantColumn } from '../columns.js';

/** A bucket of a limit that all servers share. One whose instant has passed is full, and is swept away. */
@Entity('rate_bucket')
export class RateBucket {
  /** SHA-256 of what is limited, in hexadecimal: no card's number stands here. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  bucketKey!: string;

  @InstantColumn()
  fullAt!: Date;
}
