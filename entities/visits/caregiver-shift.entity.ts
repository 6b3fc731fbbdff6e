import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { DayColumn } from '../columns.js';
import { Caregiver } from './caregiver.entity.js';

/**
 * Hours that a caregiver works every week on one weekday, from a day on. Several rows of a weekday are several
 * spans of its days; whoever works other hours later has the old rows ended and new ones begun.
 */
@Entity('caregiver_shift')
@Check('ck_shift_weekday', 'weekday BETWEEN 1 AND 7')
@Check('ck_shift_minutes', 'fromMinute >= 0 AND fromMinute < toMinute AND toMinute <= 1440')
@Check('ck_shift_days', 'toDay IS NULL OR toDay > fromDay')
export class CaregiverShift {
  @PrimaryColumn({ type: 'integer' })
  caregiverId!: number;

  @ManyToOne(() => Caregiver)
  @JoinColumn({ name: 'caregiverId', foreignKeyConstraintName: 'fk_shift_caregiver' })
  caregiver!: Relation<Caregiver>;

  /** 1 for Monday to 7 for Sunday (ISO 8601). */
  @PrimaryColumn({ type: 'integer' })
  weekday!: number;

  /** Minutes since midnight, China Standard Time, half-open: [fromMinute, toMinute). */
  @PrimaryColumn({ type: 'integer' })
  fromMinute!: number;

  @PrimaryColumn({ type: 'date' })
  fromDay!: string;

  @Column({ type: 'integer' })
  toMinute!: number;

  /** The first day on which these hours no longer count; null while no end is known. */
  @DayColumn({ nullable: true })
  toDay!: string | null;
}
