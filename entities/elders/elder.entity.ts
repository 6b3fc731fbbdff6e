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
import { DayColumn, InstantColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';

export const elderStatuses = ['ACTIVE', 'DECEASED', 'MOVED_AWAY', 'CLOSED'] as const;
export type ElderStatus = (typeof elderStatuses)[number];

@Entity('elder')
@Index('uq_elder_id_number_hash', ['idNumberHash'], { unique: true })
@Index('ix_elder_home_station', ['homeStationId', 'registeredOn', 'endedOn'])
@Index('ix_elder_name', ['name'])
@Check('ck_elder_ended', "(status = 'ACTIVE') = (endedOn IS NULL)")
@Check('ck_elder_ability', 'abilityLevel IS NULL OR (abilityLevel >= 0 AND abilityLevel <= 4)')
export class Elder {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 60 })
  name!: string;

  /** The ID number of GB 11643-1999, 18 characters, encrypted; null once the file was erased. */
  @Column({ type: 'varchar', length: 100, nullable: true })
  idNumberSealed!: string | null;

  /** The keyed hash of the ID number, by which it is found and has one file only; null once erased. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  idNumberHash!: string | null;

  /** The telephone number, encrypted; null when none is known. */
  @Column({ type: 'varchar', length: 120, nullable: true })
  phoneSealed!: string | null;

  /** Where the elder lives, encrypted; null when it is not known. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  addressSealed!: string | null;

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

  /** When the person was erased from the file; null while the file is whole. */
  @InstantColumn({ nullable: true })
  erasedAt!: Date | null;
}
