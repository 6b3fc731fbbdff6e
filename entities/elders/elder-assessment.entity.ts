import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { AssignedIdColumn, DayColumn, InstantColumn } from '../columns.js';
import { AssessmentScale } from './assessment-scale.entity.js';
import { Elder } from './elder.entity.js';

/** REGISTERED is a level that the file was opened with, kept when the first assessment takes its place. */
export type AssessmentKind = 'ASSESSED' | 'REGISTERED';

/** One assessment of an elder. It counts from its day until countsUntil, or until the next. */
@Entity('elder_assessment')
@Index('uq_assessment_request', ['requestId'], { unique: true })
@Index('uq_assessment_place', ['elderId', 'place'], { unique: true })
@Check('ck_assessment_kind', "kind IN ('ASSESSED', 'REGISTERED')")
@Check('ck_assessment_level_of', 'level BETWEEN 0 AND 4')
@Check(
  'ck_assessment_whole',
  "(kind = 'ASSESSED') = (score IS NOT NULL) AND (kind = 'ASSESSED') = (findingsSealed IS NOT NULL) AND (kind = 'ASSESSED') = (scaleId IS NOT NULL) AND (kind = 'ASSESSED') = (requestId IS NOT NULL)",
)
export class ElderAssessment {
  @AssignedIdColumn()
  id!: number;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_assessment_elder' })
  elder!: Relation<Elder>;

  /** Counts the elder's assessments in the order in which they took each other's place. */
  @Column({ type: 'integer' })
  place!: number;

  @Column({ type: 'varchar', length: 12 })
  kind!: AssessmentKind;

  @Column({ type: 'varchar', length: 36, nullable: true })
  requestId!: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  contentHash!: string | null;

  @DayColumn()
  assessedOn!: string;

  @Column({ type: 'integer' })
  level!: number;

  /** The sum of all scores. */
  @Column({ type: 'integer', nullable: true })
  score!: number | null;

  @Column({ type: 'integer', nullable: true })
  scaleId!: number | null;

  @ManyToOne(() => AssessmentScale)
  @JoinColumn({ name: 'scaleId', foreignKeyConstraintName: 'fk_assessment_scale' })
  scale!: Relation<AssessmentScale> | null;

  /** The scores and what makes the level worse, as JSON, encrypted. */
  @Column({ type: 'varchar', length: 2400, nullable: true })
  findingsSealed!: string | null;

  /** The first day on which it would no longer count; null for one that does not expire. */
  @DayColumn({ nullable: true })
  expiresOn!: string | null;

  /** The same, or sooner where a change of state was reported. */
  @DayColumn({ nullable: true })
  countsUntil!: string | null;

  @InstantColumn()
  recordedAt!: Date;

  @Column({ type: 'integer', nullable: true })
  recordedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'recordedById', foreignKeyConstraintName: 'fk_assessment_by' })
  recordedBy!: Relation<Account> | null;
}
