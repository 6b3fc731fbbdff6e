import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Facility } from '../network/facility.entity.js';
import { PlanRun } from './plan-run.entity.js';

/** A station whose visits a plan is about, and whose caregivers carry them out. */
@Entity('plan_run_station')
@Index('ix_plan_run_station', ['stationId', 'planId'])
export class PlanRunStation {
  @PrimaryColumn({ type: 'integer' })
  planId!: number;

  @ManyToOne(() => PlanRun)
  @JoinColumn({ name: 'planId', foreignKeyConstraintName: 'fk_plan_run_station_plan' })
  plan!: Relation<PlanRun>;

  @PrimaryColumn({ type: 'integer' })
  stationId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'stationId', foreignKeyConstraintName: 'fk_plan_run_station_station' })
  station!: Relation<Facility>;
}
