import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { FenColumn } from '../columns.js';
import { FamilyPayment } from './family-payment.entity.js';

/** The accounts of the ledger of hours that a family's payment moves. */
export type FamilyPaymentAccount = 'FAMILY' | 'STATION_RECEIVABLE';

/**
 * One side of a payment. The accounts are those of `hours_entry`, and what stands in one of them is the sum of both
 * tables: a use makes a family owe and a station be owed, a payment makes both less.
 */
@Entity('family_payment_entry')
@Index('ix_family_entry_account', ['account', 'ownerId'])
@Check('ck_family_entry_account', "account IN ('FAMILY', 'STATION_RECEIVABLE') AND fen <> 0")
export class FamilyPaymentEntry {
  @PrimaryColumn({ type: 'integer' })
  paymentId!: number;

  @PrimaryColumn({ type: 'integer' })
  line!: number;

  @ManyToOne(() => FamilyPayment)
  @JoinColumn({ name: 'paymentId', foreignKeyConstraintName: 'fk_family_entry_payment' })
  payment!: Relation<FamilyPayment>;

  @Column({ type: 'varchar', length: 20 })
  account!: FamilyPaymentAccount;

  @Column({ type: 'integer' })
  ownerId!: number;

  @FenColumn()
  fen!: number;
}
