import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { FenColumn } from '../columns.js';
import { HoursGrant } from './hours-grant.entity.js';
import { HoursPosting } from './hours-posting.entity.js';

export const hoursAccounts = [
  /** Minutes that a version of rules has handed out, negative; ownerId is the hours_rule. */
  'PROGRAMME',
  /** Minutes of a grant, by what became of them; ownerId is the grant. None falls below zero. */
  'LEFT',
  'RESERVED',
  'USED',
  'FORFEITED',
  'EXPIRED',
  /** What funders will owe when reserved visits are brought, negative, and which station will be owed it. */
  'PROMISED_BY',
  'PROMISED_TO',
  /** What a funder has come to owe, negative; ownerId is the funder, 0 for what was agreed without hours. */
  'FUNDER',
  /** What a family has come to owe, negative; ownerId is the elder. */
  'FAMILY',
  /** What a station has come to be owed; ownerId is its facility. */
  'STATION_RECEIVABLE',
] as const;
export type HoursAccount = (typeof hoursAccounts)[number];

/**
 * One side of a posting: the minutes or the fen that it adds to an account, or takes from it when negative. An
 * account is its kind and its owner; nothing else is known of it, so it has no table.
 */
@Entity('hours_entry')
@Index('ix_hours_entry_account', ['account', 'ownerId', 'postingId'])
@Check('ck_hours_entry_something', 'minutes <> 0 OR fen <> 0')
@Check(
  'ck_hours_entry_unit',
  "CASE WHEN account IN ('PROGRAMME', 'LEFT', 'RESERVED', 'USED', 'FORFEITED', 'EXPIRED') THEN fen = 0 ELSE minutes = 0 END",
)
export class HoursEntry {
  @PrimaryColumn({ type: 'integer' })
  postingId!: number;

  @PrimaryColumn({ type: 'integer' })
  line!: number;

  @ManyToOne(() => HoursPosting)
  @JoinColumn({ name: 'postingId', foreignKeyConstraintName: 'fk_hours_entry_posting' })
  posting!: Relation<HoursPosting>;

  @Column({ type: 'varchar', length: 20 })
  account!: HoursAccount;

  @Column({ type: 'integer' })
  ownerId!: number;

  /** For which grant the minutes or the money are; null where none pays. */
  @Column({ type: 'integer', nullable: true })
  grantId!: number | null;

  @ManyToOne(() => HoursGrant)
  @JoinColumn({ name: 'grantId', foreignKeyConstraintName: 'fk_hours_entry_grant' })
  grant!: Relation<HoursGrant> | null;

  @Column({ type: 'integer' })
  minutes!: number;

  @FenColumn()
  fen!: number;
}
