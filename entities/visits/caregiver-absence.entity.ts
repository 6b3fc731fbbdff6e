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
import { InstantColumn } from '../columns.js';
import { Caregiver } from './caregiver.entity.js';

export const absenceKinds = ['DAY_OFF', 'SICK_LEAVE', 'TRAINING', 'OTHER'] as const;
export type AbsenceKind = (typeof absenceKinds)[number];

/** A time over which a caregiver does not work although the week's hours say so: [startsAt, endsAt). */
@Entity('caregiver_absence')
@Index('ix_absence_caregiver', ['caregiverId', 'endsAt'])
@Check('ck_absence_interval', 'endsAt > startsAt')
@Check('ck_absence_kind', "kind IN ('DAY_OFF', 'SICK_LEAVE', 'TRAINING', 'OTHER')")
export class CaregiverAbsence {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  caregiverId!: number;

  @ManyToOne(() => Caregiver)
  @JoinColumn({ name: 'caregiverId', foreignKeyConstraintName: 'fk_absence_caregiver' })
  caregiver!: Relation<Caregiver>;

  @Column({ type: 'varchar', length: 12 })
  kind!: AbsenceKind;

  @InstantColumn()
  startsAt!: Date;

  @InstantColumn()
  endsAt!: Date;

  @InstantColumn()
  recordedAt!: Date;

  /** Null for what a seed or an import brought in. */
  @Column({ type: 'integer', nullable: true })
  recordedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'recordedById', foreignKeyConstraintName: 'fk_absence_recorded_by' })
  recordedBy!: Relation<Account> | null;

  /** When it was taken back, so that it counts no more; null while it stands. */
  @InstantColumn({ nullable: true })
  withdrawnAt!: Date | null;
}
