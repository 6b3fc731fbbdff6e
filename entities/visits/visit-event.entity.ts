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
import { Visit, type VisitStatus } from './visit.entity.js';

export const visitEventKinds = [
  'BOOK',
  'ASSIGN',
  'UNASSIGN',
  'RESCHEDULE',
  'CANCEL',
  'CHECK_IN',
  'CHECK_OUT',
  'MISS',
] as const;
export type VisitEventKind = (typeof visitEventKinds)[number];

/** Whoever brought it about that a visit was called off: what it costs is borne by whom it lies with. */
export type CancelCause = 'FAMILY' | 'STATION';

/** A step in the life of a visit, never changed: who took it, when, and how the visit stood after it. */
@Entity('visit_event')
@Index('uq_visit_event', ['visitId', 'version'], { unique: true })
@Index('ix_visit_event_at', ['at'])
@Check('ck_visit_event_version', 'version >= 1')
export class VisitEvent {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  visitId!: number;

  @ManyToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_visit_event_visit' })
  visit!: Relation<Visit>;

  /** The version of the visit that the step made. */
  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'varchar', length: 12 })
  kind!: VisitEventKind;

  @Column({ type: 'varchar', length: 16 })
  status!: VisitStatus;

  @InstantColumn()
  startsAt!: Date;

  @InstantColumn()
  at!: Date;

  /** Null for what the server, a seed or an import did. */
  @Column({ type: 'integer', nullable: true })
  byId!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'byId', foreignKeyConstraintName: 'fk_visit_event_by' })
  by!: Relation<Account> | null;

  /** True when a manager went past a rule that binds families, such as the notice of a cancellation. */
  @Column({ type: 'boolean' })
  isOverride!: boolean;

  /** On whose account it was called off; null of other steps, and where the platform did it by itself. */
  @Column({ type: 'varchar', length: 8, nullable: true })
  causedBy!: CancelCause | null;

  /** Why, encrypted; null where no reason is asked for. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  reasonSealed!: string | null;
}
