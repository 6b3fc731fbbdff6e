import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  OneToOne,
  PrimaryColumn,
  type Relation,
} from 'typeorm';
import { Account } from '../access/account.entity.js';
import { InstantColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';
import { Visit } from './visit.entity.js';

/** Whoever looks at an objection agrees with the family or does not. */
export type ObjectionDecision = 'UPHELD' | 'DENIED';

/** A family says that a visit was not called off on its account; once for a visit. */
@Entity('visit_objection')
@Index('ix_objection_open', ['openStationId', 'visitId'])
@Check('ck_objection_decision', "decision IS NULL OR decision IN ('UPHELD', 'DENIED')")
@Check(
  'ck_objection_decided',
  '(decision IS NULL) = (decidedById IS NULL) AND (decision IS NULL) = (decidedAt IS NULL)',
)
@Check('ck_objection_open', '(openStationId IS NULL) = (decision IS NOT NULL)')
export class VisitObjection {
  @PrimaryColumn({ type: 'integer' })
  visitId!: number;

  @OneToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_objection_visit' })
  visit!: Relation<Visit>;

  /** The station of the visit as long as nobody has decided; null afterwards. */
  @Column({ type: 'integer', nullable: true })
  openStationId!: number | null;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'openStationId', foreignKeyConstraintName: 'fk_objection_station' })
  openStation!: Relation<Facility> | null;

  /** What the family says, encrypted; null once the elder's file was erased. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  reasonSealed!: string | null;

  @InstantColumn()
  madeAt!: Date;

  @Column({ type: 'integer' })
  madeById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'madeById', foreignKeyConstraintName: 'fk_objection_by' })
  madeBy!: Relation<Account>;

  /** Null while nobody has decided. */
  @Column({ type: 'varchar', length: 8, nullable: true })
  decision!: ObjectionDecision | null;

  @InstantColumn({ nullable: true })
  decidedAt!: Date | null;

  @Column({ type: 'integer', nullable: true })
  decidedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'decidedById', foreignKeyConstraintName: 'fk_objection_decided_by' })
  decidedBy!: Relation<Account> | null;

  /** Why it was decided so, encrypted. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  noteSealed!: string | null;
}
