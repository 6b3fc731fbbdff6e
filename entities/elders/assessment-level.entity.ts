import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { AssessmentScale } from './assessment-scale.entity.js';

/** A level of a scale, and the least sum of scores that reaches it. */
@Entity('assessment_level')
@Check('ck_assessment_level', 'level BETWEEN 0 AND 4 AND scoreMin >= 0')
export class AssessmentLevel {
  @PrimaryColumn({ type: 'integer' })
  scaleId!: number;

  @ManyToOne(() => AssessmentScale)
  @JoinColumn({ name: 'scaleId', foreignKeyConstraintName: 'fk_assessment_level_scale' })
  scale!: Relation<AssessmentScale>;

  @PrimaryColumn({ type: 'integer' })
  level!: number;

  @Column({ type: 'integer' })
  scoreMin!: number;

  @Column({ type: 'varchar', length: 60 })
  nameZh!: string;

  @Column({ type: 'varchar', length: 120 })
  nameEn!: string;
}
