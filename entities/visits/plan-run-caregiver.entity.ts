import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Caregiver } from './caregiver.entity.js';
import { PlanRun } from './plan-run.entity.js';

/** A caregiver whom a plan counts on, and how things stood with that caregiver when it was made. */
@Entity('plan_run_caregiver')
export class PlanRunCaregiver {
  @PrimaryColumn({ type: 'integer' })
  planId!: number;

  @ManyToOne(() => PlanRun)
  @JoinColumn({ name: 'planId', foreignKeyConstraintName: 'fk_plan_run_caregiver_plan' })
  plan!: Relation<PlanRun>;

  @PrimaryColumn({ type: 'integer' })
  caregiverId!: number;

  @ManyToOne(() => Caregiver)
  @JoinColumn({ name: 'caregiverId', foreignKeyConstraintName: 'fk_plan_run_caregiver_caregiver' })
  caregiver!: Relation<Caregiver>;

  /** A hash of hours, absences, skills and place of setting out: another one, and the plan is out of date. */
  @Column({ type: 'varchar', length: 64 })
  fingerprint!: string;
}
