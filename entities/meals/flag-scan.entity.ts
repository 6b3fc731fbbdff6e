import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { InstantColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';

/** That a canteen's day was looked through for signs of fraud, and how much of it there was then. */
@Entity('flag_scan')
@Index('ix_scan_due', ['isDue', 'day'])
export class FlagScan {
  @PrimaryColumn({ type: 'integer' })
  canteenId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'canteenId', foreignKeyConstraintName: 'fk_scan_canteen' })
  canteen!: Relation<Facility>;

  @PrimaryColumn({ type: 'date' })
  day!: string;

  /** How many swipes the day had: when there are more, it is looked through again. */
  @Column({ type: 'integer' })
  swipes!: number;

  /** True when something else became known about the day, such as a death. */
  @Column({ type: 'boolean' })
  isDue!: boolean;

  @InstantColumn()
  scannedAt!: Date;
}
