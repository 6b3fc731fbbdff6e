import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { InstantColumn } from '../columns.js';
import { PlanRun } from './plan-run.entity.js';
import { Visit } from './visit.entity.js';

/** A visit that a plan knows of, as it was when the plan was made: those to be planned, and those it plans around. */
@Entity('plan_run_visit')
@Check('ck_plan_visit_left_out', "leftOutCode IS NULL OR role = 'OPEN'")
@Check('ck_plan_visit_role', "role IN ('OPEN', 'FIXED')")
export class PlanRunVisit {
  @PrimaryColumn({ type: 'integer' })
  planId!: number;

  @ManyToOne(() => PlanRun)
  @JoinColumn({ name: 'planId', foreignKeyConstraintName: 'fk_plan_run_visit_plan' })
  plan!: Relation<PlanRun>;

  @PrimaryColumn({ type: 'integer' })
  visitId!: number;

  @ManyToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_plan_run_visit_visit' })
  visit!: Relation<Visit>;

  /** OPEN where the plan may move it or give it to others; FIXED where it has begun or belongs to another station. */
  @Column({ type: 'varchar', length: 8 })
  role!: 'OPEN' | 'FIXED';

  @Column({ type: 'integer' })
  version!: number;

  /** A hash of its times, its caregivers and its door: another one, and the plan is out of date. */
  @Column({ type: 'varchar', length: 64 })
  fingerprint!: string;

  @InstantColumn()
  startsAt!: Date;

  @Column({ type: 'integer', nullable: true })
  firstCaregiverId!: number | null;

  @Column({ type: 'integer', nullable: true })
  secondCaregiverId!: number | null;

  /** When the second caregiver was to come. */
  @InstantColumn({ nullable: true })
  secondStartsAt!: Date | null;

  /** Why the best plan so far leaves it out; null where it does not. */
  @Column({ type: 'varchar', length: 24, nullable: true })
  leftOutCode!: string | null;

  /** The same in words. */
  @Column({ type: 'varchar', length: 400, nullable: true })
  reasonZh!: string | null;

  @Column({ type: 'varchar', length: 400, nullable: true })
  reasonEn!: string | null;
}
