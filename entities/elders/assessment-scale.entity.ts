import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { DayColumn } from '../columns.js';

/** By what elders' abilities are assessed from a day on, until a later scale begins. */
@Entity('assessment_scale')
@Index('uq_assessment_scale_day', ['fromDay'], { unique: true })
@Check(
  'ck_assessment_scale',
  'validityMonths >= 1 AND comaLevel BETWEEN 0 AND 4 AND worseBy >= 0 AND riskEventsMin >= 1 AND changeDays >= 0',
)
export class AssessmentScale {
  @PrimaryColumn({ type: 'integer' })
  id!: number;

  /** Such as GB/T 42195-2022. */
  @Column({ type: 'varchar', length: 24 })
  code!: string;

  @DayColumn()
  fromDay!: string;

  @Column({ type: 'varchar', length: 60 })
  nameZh!: string;

  @Column({ type: 'varchar', length: 120 })
  nameEn!: string;

  /** For how long an assessment counts. */
  @Column({ type: 'integer' })
  validityMonths!: number;

  /** The level of whoever is in a coma, whatever the score. */
  @Column({ type: 'integer' })
  comaLevel!: number;

  /** By how many levels dementia, or enough events of risk, makes it worse. */
  @Column({ type: 'integer' })
  worseBy!: number;

  /** How many events of risk within riskDays do. */
  @Column({ type: 'integer' })
  riskEventsMin!: number;

  @Column({ type: 'integer' })
  riskDays!: number;

  /** How long a level counts yet after a change of state. */
  @Column({ type: 'integer' })
  changeDays!: number;
}
