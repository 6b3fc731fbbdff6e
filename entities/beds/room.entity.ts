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

/** Who may live in a room: women, men, or anybody, as couples do. */
export const roomGenders = ['FEMALE', 'MALE', 'ANY'] as const;
export type RoomGender = (typeof roomGenders)[number];

/** A room of a facility. Its row is locked before beds are added to it. */
@Entity('room')
@Index('uq_room_name', ['facilityId', 'building', 'name'], { unique: true })
@Check('ck_room_gender', "genderRule IN ('FEMALE', 'MALE', 'ANY')")
@Check('ck_room_closed', 'closedOn IS NULL OR closedOn >= registeredOn')
export class Room {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_room_facility' })
  facility!: Relation<Facility>;

  @Column({ type: 'varchar', length: 40 })
  building!: string;

  /** 1 is the ground floor; below ground it is negative. */
  @Column({ type: 'integer' })
  floor!: number;

  /** As its door says. */
  @Column({ type: 'varchar', length: 40 })
  name!: string;

  @Column({ type: 'varchar', length: 8 })
  genderRule!: RoomGender;

  @DayColumn()
  registeredOn!: string;

  /** The first day on which it is no room of the facility any more. */
  @DayColumn({ nullable: true })
  closedOn!: string | null;
}
