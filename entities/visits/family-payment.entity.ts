import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { Account } from '../access/account.entity.js';
import { DayColumn, FenColumn, InstantColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { Facility } from '../network/facility.entity.js';
import { Visit } from './visit.entity.js';

export const paymentMeans = ['CASH', 'TRANSFER'] as const;
export type PaymentMeans = (typeof paymentMeans)[number];

/**
 * A family paid its part of a visit, or such a payment is taken back by an opposite one; never changed. Its entries sum
 * to zero: what the family owes and what the station is owed become less by it.
 */
@Entity('family_payment')
@Index('uq_family_payment_request', ['requestId'], { unique: true })
@Index('uq_family_payment_reverses', ['reversesId'], { unique: true })
@Index('ix_family_payment_visit', ['visitId'])
@Index('ix_family_payment_elder', ['elderId'])
@Index('ix_family_payment_station', ['stationId', 'bookedOn'])
@Check('ck_family_payment_fen', 'fen <> 0 AND (fen < 0) = (reversesId IS NOT NULL)')
@Check('ck_family_payment_means', "means IN ('CASH', 'TRANSFER')")
export class FamilyPayment {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  /** The UUID it came with, in lower case. */
  @Column({ type: 'varchar', length: 36 })
  requestId!: string;

  @Column({ type: 'integer' })
  visitId!: number;

  @ManyToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_family_payment_visit' })
  visit!: Relation<Visit>;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_family_payment_elder' })
  elder!: Relation<Elder>;

  @Column({ type: 'integer' })
  stationId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'stationId', foreignKeyConstraintName: 'fk_family_payment_station' })
  station!: Relation<Facility>;

  /** Below zero for one that takes another back. */
  @FenColumn()
  fen!: number;

  @Column({ type: 'varchar', length: 8 })
  means!: PaymentMeans;

  /** To whom it was paid. */
  @Column({ type: 'integer' })
  takenById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'takenById', foreignKeyConstraintName: 'fk_family_payment_taken_by' })
  takenBy!: Relation<Account>;

  /** The payment that this one takes back; null of a payment. */
  @Column({ type: 'integer', nullable: true })
  reversesId!: number | null;

  @ManyToOne(() => FamilyPayment)
  @JoinColumn({ name: 'reversesId', foreignKeyConstraintName: 'fk_family_payment_reverses' })
  reverses!: Relation<FamilyPayment> | null;

  /** Why it is taken back, encrypted; null of a payment. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  reasonSealed!: string | null;

  /** The day on which it was written. */
  @DayColumn()
  bookedOn!: string;

  @InstantColumn()
  recordedAt!: Date;

  @Column({ type: 'integer' })
  recordedById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'recordedById', foreignKeyConstraintName: 'fk_family_payment_recorded_by' })
  recordedBy!: Relation<Account>;
}
