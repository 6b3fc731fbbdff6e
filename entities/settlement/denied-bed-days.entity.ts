import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BedStay } from '../beds/bed-stay.entity.js';
import { AssignedIdColumn, AssignedIdReference } from '../columns.js';
import { StatementDispute } from './statement-dispute.entity.js';

/** Days of a stay that no funder pays for, because a dispute about them was upheld. They stay days of the stay. */
@Entity('denied_bed_days')
@Index('ix_denied_stay', ['stayId', 'month'])
export class DeniedBedDays {
  @AssignedIdColumn()
  disputeId!: number;

  @ManyToOne(() => StatementDispute)
  @JoinColumn({ name: 'disputeId', foreignKeyConstraintName: 'fk_denied_dispute' })
  dispute!: Relation<StatementDispute>;

  @AssignedIdReference()
  stayId!: number;

  @ManyToOne(() => BedStay)
  @JoinColumn({ name: 'stayId', foreignKeyConstraintName: 'fk_denied_stay' })
  stay!: Relation<BedStay>;

  /** YYYY-MM of the days. */
  @Column({ type: 'varchar', length: 7 })
  month!: string;

  /** A letter a day of the month: X for one that is denied, - for the rest. */
  @Column({ type: 'varchar', length: 31 })
  days!: string;
}
