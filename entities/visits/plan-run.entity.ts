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
import { DayColumn, InstantColumn, SafeIntegerColumn } from '../columns.js';

export const planStates = ['RUNNING', 'DONE', 'STOPPED', 'FAILED'] as const;
export type PlanState = (typeof planStates)[number];

export const planFailures = ['CRASHED', 'OUT_OF_MEMORY', 'OUT_OF_TIME', 'SERVER_LOST'] as const;
export type PlanFailure = (typeof planFailures)[number];

/** One search for a better plan of some days of some stations, how far it came, and what became of it. */
@Entity('plan_run')
@Index('ix_plan_run_days', ['toDay', 'fromDay'])
@Check('ck_plan_run_days', 'toDay > fromDay')
@Check('ck_plan_run_state', "state IN ('RUNNING', 'DONE', 'STOPPED', 'FAILED')")
@Check('ck_plan_run_ended', "(state = 'RUNNING') = (endedAt IS NULL)")
@Check('ck_plan_run_failure', "(state = 'FAILED') = (failure IS NOT NULL)")
@Check('ck_plan_run_applied', "appliedAt IS NULL OR state IN ('DONE', 'STOPPED')")
@Check('ck_plan_run_counts', 'iterations >= 0 AND plannedVisits >= 0 AND leftOutVisits >= 0')
export class PlanRun {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 8 })
  state!: PlanState;

  /** The days that are planned: [fromDay, toDay). */
  @DayColumn()
  fromDay!: string;

  @DayColumn()
  toDay!: string;

  /** With the same seed and iterations the same day gives the same plan. */
  @SafeIntegerColumn()
  seed!: number;

  /** How long it may search, in seconds. */
  @Column({ type: 'integer' })
  secondsMax!: number;

  /** After how many moves the search ends; null where the time alone ends it. */
  @SafeIntegerColumn({ nullable: true })
  iterationsMax!: number | null;

  /** What a minute of each evil counted, as JSON; settings that change later leave a plan as it was made. */
  @Column({ type: 'varchar', length: 600 })
  weights!: string;

  /** What the day as it was booked costs, and what the best plan so far does, as JSON; null before the first plan. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  costs!: string | null;

  /** How many moves were tried. */
  @SafeIntegerColumn()
  iterations!: number;

  @Column({ type: 'integer' })
  plannedVisits!: number;

  @Column({ type: 'integer' })
  leftOutVisits!: number;

  @InstantColumn()
  startedAt!: Date;

  @Column({ type: 'integer' })
  startedById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'startedById', foreignKeyConstraintName: 'fk_plan_run_started_by' })
  startedBy!: Relation<Account>;

  /** When the server that searches was heard of last, by the machine's clock: one that died says nothing more. */
  @InstantColumn()
  heardAt!: Date;

  /** When somebody asked the search to stop; null while nobody did. */
  @InstantColumn({ nullable: true })
  stopAskedAt!: Date | null;

  @InstantColumn({ nullable: true })
  endedAt!: Date | null;

  @Column({ type: 'varchar', length: 16, nullable: true })
  failure!: PlanFailure | null;

  @InstantColumn({ nullable: true })
  appliedAt!: Date | null;

  @Column({ type: 'integer', nullable: true })
  appliedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'appliedById', foreignKeyConstraintName: 'fk_plan_run_applied_by' })
  appliedBy!: Relation<Account> | null;

  /** How many visits the plan changed when it was applied. */
  @Column({ type: 'integer', nullable: true })
  appliedVisits!: number | null;
}
