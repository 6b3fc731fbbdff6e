import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { InstantColumn } from '../columns.js';

/** How often somebody has tried lately, by user name and by address: one row for each, on which tries queue. */
@Entity('sign_in_throttle')
@Index('ix_throttle_last', ['lastAt'])
@Check('ck_throttle_tries', 'tries > 0')
export class SignInThrottle {
  /** SHA-256 of what is counted: people type passwords into the field for the name. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  subject!: string;

  @Column({ type: 'integer' })
  tries!: number;

  @InstantColumn()
  lastAt!: Date;

  /** Tries before this instant are not looked at. */
  @InstantColumn()
  blockedUntil!: Date;
}
