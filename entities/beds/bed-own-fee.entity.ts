import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { FenColumn, InstantColumn } from '../columns.js';
import { Bed } from './bed.entity.js';

/** What a day in one bed costs from a day on, in the place of the fee of its type; null when that counts again. */
@Entity('bed_own_fee')
@Check('ck_bed_own_fee_fen', 'fenPerDay IS NULL OR fenPerDay >= 0')
export class BedOwnFee {
  @PrimaryColumn({ type: 'integer' })
  bedId!: number;

  @ManyToOne(() => Bed)
  @JoinColumn({ name: 'bedId', foreignKeyConstraintName: 'fk_own_fee_bed' })
  bed!: Relation<Bed>;

  @PrimaryColumn({ type: 'date' })
  fromDay!: string;

  @FenColumn({ nullable: true })
  fenPerDay!: number | null;

  @InstantColumn()
  setAt!: Date;

  @Column({ type: 'integer' })
  setById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'setById', foreignKeyConstraintName: 'fk_own_fee_set_by' })
  setBy!: Relation<Account>;
}
