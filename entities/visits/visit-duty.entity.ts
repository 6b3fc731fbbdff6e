import { Check, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { DayColumn } from '../columns.js';
import type { ElderCategory } from '../elders/elder-category-membership.entity.js';
import { Facility } from '../network/facility.entity.js';

/**
 * The government's list of elders who must be visited every month: those of a category, from an ability level on, whose
 * home station lies at a facility or beneath it. Several rows are several reasons to be on it.
 */
@Entity('visit_duty')
@Check('ck_visit_duty_ability', 'abilityFrom >= 0 AND abilityFrom <= 4')
@Check('ck_visit_duty_days', 'toDay IS NULL OR toDay > fromDay')
export class VisitDuty {
  @PrimaryColumn({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_visit_duty_facility' })
  facility!: Relation<Facility>;

  @PrimaryColumn({ type: 'varchar', length: 24 })
  category!: ElderCategory;

  /** 0 for everybody of the category, whether assessed or not; else the least level, as long as it counts. */
  @PrimaryColumn({ type: 'integer' })
  abilityFrom!: number;

  @PrimaryColumn({ type: 'date' })
  fromDay!: string;

  /** The first day on which it is no duty any more; null while it is one. */
  @DayColumn({ nullable: true })
  toDay!: string | null;
}
