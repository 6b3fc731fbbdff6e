import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { InstantColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';

/**
 * From when on a number that plans are made by counts at a facility and beneath it. Of one facility the row that
 * began last counts, and of several facilities above a station the nearest one's.
 */
@Entity('planning_setting')
export class PlanningSetting {
  @PrimaryColumn({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_planning_setting_facility' })
  facility!: Relation<Facility>;

  @PrimaryColumn({ type: 'varchar', length: 24 })
  name!: string;

  @PrimaryColumn({ type: 'date' })
  fromDay!: string;

  /** Null where from this day on what lies above counts again. */
  @Column({ type: 'integer', nullable: true })
  value!: number | null;

  @Column({ type: 'integer' })
  setById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'setById', foreignKeyConstraintName: 'fk_planning_setting_set_by' })
  setBy!: Relation<Account>;

  @InstantColumn()
  setAt!: Date;
}
