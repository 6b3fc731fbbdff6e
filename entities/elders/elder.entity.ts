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

export const elderStatuses = ['ACTIVE', 'DECEASED', 'MOVED_AWAY', 'CLOSED'] as const;
export type ElderStatus = (typeof elderStatuses)[number];

@Entity('elder')
@Index('uq_elder_id_number', ['idNumber'], { unique: true })
@Index('ix_elder_home_station', ['homeStationId', 'registeredOn', 'endedOn'])
@Index('ix_elder_name', ['name'])
@Check('ck_elder_ended', "(status = 'ACTIVE') = (endedOn IS NULL)")
@Check('ck_elder_ability', 'abilityLevel IS NULL OR (abilityLevel >= 0 AND abilityLevel <= 4)')
export class Elder {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 60 })
  name!: string;

  /** GB 11643-1999, 18 characters, the check character in upper case. */
  @Column({ type: 'varchar', length: 18 })
  idNumber!: string;

  /** The birth date within the ID number, kept apart so that age bands can be searched. */
  @DayColumn()
  birthDate!: string;

  /** GB/T 42195-2022, 0 (able) to 4 (fully disabled); null when never assessed. */
  @Column({ type: 'integer', nullable: true })
  abilityLevel!: number | null;

  /** The first day on which the ability level no longer counts. */
  @DayColumn({ nullable: true })
  abilityExpiresOn!: string | null;

  @Column({ type: 'integer', nullable: true })
  homeStationId!: number | null;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'homeStationId', foreignKeyConstraintName: 'fk_elder_home_station' })
  homeStation!: Relation<Facility> | null;

  @Column({ type: 'varchar', length: 16 })
  status!: ElderStatus;

  @DayColumn()
  registeredOn!: string;

  /** The day of death, of moving away or of closing the file; null while active. */
  @DayColumn({ nullable: true })
  endedOn!: string | null;
}
