import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { InstantColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';

/** That a canteen's day was looked through for signs of fraud, and how much of it there was then. */
@Entity('flag_scan')
@Index('ix_scan_due', ['dueMark'])
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

  /** How often something else became known about the day, such as a death, or late swipes of one before it. */
  @Column({ type: 'integer' })
  marks!: number;

  /** The mark for which it has to be looked through again, else null. A scan clears the one that it began with. */
  @Column({ type: 'integer', nullable: true })
  dueMark!: number | null;

  @InstantColumn()
  scannedAt!: Date;
}
