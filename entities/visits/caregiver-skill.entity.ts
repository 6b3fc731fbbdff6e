import { Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { DayColumn } from '../columns.js';
import { Caregiver } from './caregiver.entity.js';

/** A skill that a caregiver has proven. */
@Entity('caregiver_skill')
export class CaregiverSkill {
  @PrimaryColumn({ type: 'integer' })
  caregiverId!: number;

  @ManyToOne(() => Caregiver)
  @JoinColumn({ name: 'caregiverId', foreignKeyConstraintName: 'fk_skill_caregiver' })
  caregiver!: Relation<Caregiver>;

  @PrimaryColumn({ type: 'varchar', length: 24 })
  skill!: string;

  /** The first day on which the certificate no longer counts; null for one without an end. */
  @DayColumn({ nullable: true })
  expiresOn!: string | null;
}
