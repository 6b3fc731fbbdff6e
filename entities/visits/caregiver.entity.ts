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
import { Account } from '../access/account.entity.js';
import { DayColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';

export type Gender = 'FEMALE' | 'MALE';

/**
 * Somebody whom a home-care station sends out, one row for each account. What the person may see is in the
 * account's grants; this is whom visits are planned for. The row is locked before its visits are changed.
 */
@Entity('caregiver')
@Index('uq_caregiver_account', ['accountId'], { unique: true })
@Index('ix_caregiver_station', ['stationId'])
@Check('ck_caregiver_active', 'activeUntil IS NULL OR activeUntil > activeFrom')
export class Caregiver {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  accountId!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'accountId', foreignKeyConstraintName: 'fk_caregiver_account' })
  account!: Relation<Account>;

  @Column({ type: 'integer' })
  stationId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'stationId', foreignKeyConstraintName: 'fk_caregiver_station' })
  station!: Relation<Facility>;

  @Column({ type: 'varchar', length: 8 })
  gender!: Gender;

  /** Where the caregiver lives, as a GB/T 2260 division code of up to 12 digits; null when not known. */
  @Column({ type: 'varchar', length: 12, nullable: true })
  homeDivisionCode!: string | null;

  @DayColumn()
  activeFrom!: string;

  /** The first day on which no visit is planned any more; null while none is set. */
  @DayColumn({ nullable: true })
  activeUntil!: string | null;
}
