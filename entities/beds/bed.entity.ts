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
import { Facility } from '../network/facility.entity.js';
import { Room } from './room.entity.js';

export const bedTypes = ['GENERAL', 'NURSING', 'DAY_CARE', 'HOME'] as const;
export type BedType = (typeof bedTypes)[number];

/**
 * A bed of a room. Its type and its room never change: a bed that is refitted is closed and another is registered.
 * Its row is locked before anything that decides who has it changes; what it is on a day is stored nowhere.
 */
@Entity('bed')
@Index('uq_bed_label', ['roomId', 'label'], { unique: true })
@Index('ix_bed_counts', ['facilityId', 'closedOn', 'registeredOn', 'inServiceFrom', 'type'])
@Index('ix_bed_facility', ['facilityId', 'id'])
@Check('ck_bed_type', "type IN ('GENERAL', 'NURSING', 'DAY_CARE', 'HOME')")
@Check('ck_bed_days', 'inServiceFrom >= registeredOn AND (closedOn IS NULL OR closedOn >= registeredOn)')
export class Bed {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  roomId!: number;

  @ManyToOne(() => Room)
  @JoinColumn({ name: 'roomId', foreignKeyConstraintName: 'fk_bed_room' })
  room!: Relation<Room>;

  /** The facility of the room, by which beds are counted. */
  @Column({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_bed_facility' })
  facility!: Relation<Facility>;

  /** Within its room. */
  @Column({ type: 'varchar', length: 20 })
  label!: string;

  @Column({ type: 'varchar', length: 12 })
  type!: BedType;

  @DayColumn()
  registeredOn!: string;

  /** The first day on which somebody can have it. */
  @DayColumn()
  inServiceFrom!: string;

  /** The first day on which it is no longer registered. */
  @DayColumn({ nullable: true })
  closedOn!: string | null;
}
