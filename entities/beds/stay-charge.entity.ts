import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { DayColumn, FenColumn, InstantColumn } from '../columns.js';
import { BedStay } from './bed-stay.entity.js';

/**
 * The fees of a stay for a month, as they were put on the bill. The row is never changed; from then on the days it
 * counts stay as they are, so that the stay cannot end before them.
 */
@Entity('stay_charge')
@Check('ck_charge_sums', 'days >= 0 AND leaveDays >= 0 AND leaveDays <= days AND fen >= 0')
export class StayCharge {
  @PrimaryColumn({ type: 'bigint' })
  stayId!: number;

  @ManyToOne(() => BedStay)
  @JoinColumn({ name: 'stayId', foreignKeyConstraintName: 'fk_charge_stay' })
  stay!: Relation<BedStay>;

  /** YYYY-MM. */
  @PrimaryColumn({ type: 'varchar', length: 7 })
  month!: string;

  /** The first day that is not charged with this month or an earlier one. */
  @DayColumn()
  untilDay!: string;

  @Column({ type: 'integer' })
  days!: number;

  /** Of the days, those on leave. */
  @Column({ type: 'integer' })
  leaveDays!: number;

  @FenColumn()
  fen!: number;

  @InstantColumn()
  chargedAt!: Date;

  @Column({ type: 'integer' })
  chargedById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'chargedById', foreignKeyConstraintName: 'fk_charge_by' })
  chargedBy!: Relation<Account>;
}
