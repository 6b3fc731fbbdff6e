import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { InstantColumn } from '../columns.js';
import { Caregiver } from './caregiver.entity.js';
import { PlanRun } from './plan-run.entity.js';
import { Visit } from './visit.entity.js';

/** What a caregiver does at one visit in the best plan so far, and how long the way there is. */
@Entity('plan_run_stop')
@Check('ck_plan_stop_interval', 'endsAt > startsAt')
@Check('ck_plan_stop_ways', 'waySeconds >= 0 AND (backSeconds IS NULL OR backSeconds >= 0)')
export class PlanRunStop {
  @PrimaryColumn({ type: 'integer' })
  planId!: number;

  @ManyToOne(() => PlanRun)
  @JoinColumn({ name: 'planId', foreignKeyConstraintName: 'fk_plan_run_stop_plan' })
  plan!: Relation<PlanRun>;

  @PrimaryColumn({ type: 'integer' })
  caregiverId!: number;

  @ManyToOne(() => Caregiver)
  @JoinColumn({ name: 'caregiverId', foreignKeyConstraintName: 'fk_plan_run_stop_caregiver' })
  caregiver!: Relation<Caregiver>;

  @PrimaryColumn({ type: 'integer' })
  visitId!: number;

  @ManyToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_plan_run_stop_visit' })
  visit!: Relation<Visit>;

  /** 0 for the first caregiver of a visit, 1 for the second. */
  @Column({ type: 'integer' })
  part!: number;

  @InstantColumn()
  startsAt!: Date;

  @InstantColumn()
  endsAt!: Date;

  /** From the stop before, or from the station for the first of a working span. */
  @Column({ type: 'integer' })
  waySeconds!: number;

  /** Back to the station, of the last of a working span; null for the others. */
  @Column({ type: 'integer', nullable: true })
  backSeconds!: number | null;
}
