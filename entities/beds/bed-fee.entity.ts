import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { FenColumn, InstantColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';
import type { BedType } from './bed.entity.js';

/** What a day in a bed of a type costs at a facility from a day on, until a later fee begins. */
@Entity('bed_fee')
@Check('ck_bed_fee_fen', 'fenPerDay >= 0')
export class BedFee {
  @PrimaryColumn({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_bed_fee_facility' })
  facility!: Relation<Facility>;

  @PrimaryColumn({ type: 'varchar', length: 12 })
  bedType!: BedType;

  @PrimaryColumn({ type: 'date' })
  fromDay!: string;

  @FenColumn()
  fenPerDay!: number;

  @InstantColumn()
  setAt!: Date;

  @Column({ type: 'integer' })
  setById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'setById', foreignKeyConstraintName: 'fk_bed_fee_set_by' })
  setBy!: Relation<Account>;
}
