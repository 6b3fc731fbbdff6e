import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { FenColumn } from '../columns.js';

export const ledgerAccountKinds = [
  /** An elder's own money; ownerId is the elder. Never below zero. */
  'ELDER',
  /** What a funder has come to owe; ownerId is the funder. */
  'FUNDER',
  /** What a canteen has come to be owed for meals; ownerId is the canteen's facility. */
  'CANTEEN_RECEIVABLE',
  /** What a canteen bears itself; ownerId is the canteen's facility. */
  'CANTEEN_DISCOUNT',
  /** What a canteen has come to be owed beside its meals; ownerId is the canteen's facility. */
  'CANTEEN_OPERATOR',
  /** Money paid in from outside the ledger; there is one, with ownerId 0. */
  'CASH',
] as const;
export type LedgerAccountKind = (typeof ledgerAccountKinds)[number];

@Entity('ledger_account')
@Index('uq_account_owner', ['kind', 'ownerId'], { unique: true })
@Check('ck_account_balance', 'balanceFen IS NULL OR balanceFen >= 0')
@Check('ck_account_kept', "(kind = 'ELDER') = (balanceFen IS NOT NULL)")
export class LedgerAccount {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 24 })
  kind!: LedgerAccountKind;

  @Column({ type: 'integer' })
  ownerId!: number;

  /**
   * The sum of the account's entries, kept for elders alone because every swipe asks it. The accounts of
   * funders and canteens are summed when asked: a kept sum would be one row that every swipe waits for.
   */
  @FenColumn({ nullable: true })
  balanceFen!: number | null;
}
