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
import { DayColumn } from '../columns.js';
import { Facility } from './facility.entity.js';

/**
 * Beneath which facility another stands, over [fromDay, toDay). A move ends one row and begins the next,
 * so a question about last month is answered by the tree of last month. A root has no row.
 */
@Entity('facility_placement')
@Index('uq_placement_facility_from', ['facilityId', 'fromDay'], { unique: true })
@Index('ix_placement_parent', ['parentId', 'fromDay'])
@Check('ck_placement_interval', 'toDay IS NULL OR toDay > fromDay')
@Check('ck_placement_parent', 'parentId <> facilityId')
export class FacilityPlacement {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_placement_facility' })
  facility!: Relation<Facility>;

  @Column({ type: 'integer' })
  parentId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'parentId', foreignKeyConstraintName: 'fk_placement_parent' })
  parent!: Relation<Facility>;

  @DayColumn()
  fromDay!: string;

  @DayColumn({ nullable: true })
  toDay!: string | null;
}
