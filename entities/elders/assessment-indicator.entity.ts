import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { AssessmentScale } from './assessment-scale.entity.js';

/** An indicator of a scale: of the first level, without a score, or of the second, in a group of the first. */
@Entity('assessment_indicator')
@Check('ck_indicator_score', '(groupCode IS NULL) = (scoreMax IS NULL)')
export class AssessmentIndicator {
  @PrimaryColumn({ type: 'integer' })
  scaleId!: number;

  @ManyToOne(() => AssessmentScale)
  @JoinColumn({ name: 'scaleId', foreignKeyConstraintName: 'fk_indicator_scale' })
  scale!: Relation<AssessmentScale>;

  @PrimaryColumn({ type: 'varchar', length: 24 })
  code!: string;

  @Column({ type: 'varchar', length: 24, nullable: true })
  groupCode!: string | null;

  /** The order in which they are asked. */
  @Column({ type: 'integer' })
  place!: number;

  @Column({ type: 'varchar', length: 60 })
  nameZh!: string;

  @Column({ type: 'varchar', length: 120 })
  nameEn!: string;

  /** The score of whoever can do it alone; the least is 0. */
  @Column({ type: 'integer', nullable: true })
  scoreMax!: number | null;
}
