import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { InstantColumn } from '../columns.js';
import { Caregiver } from './caregiver.entity.js';
import { Visit } from './visit.entity.js';

/**
 * Somebody who was to bring a visit and from whom it was taken. A device without a network does not hear of it, so what
 * it stored is taken from its owner for a look. One row however often; the first time counts.
 */
@Entity('visit_former_caregiver')
@Index('ix_former_caregiver', ['caregiverId'])
export class VisitFormerCaregiver {
  @PrimaryColumn({ type: 'integer' })
  visitId!: number;

  @ManyToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_former_visit' })
  visit!: Relation<Visit>;

  @PrimaryColumn({ type: 'integer' })
  caregiverId!: number;

  @ManyToOne(() => Caregiver)
  @JoinColumn({ name: 'caregiverId', foreignKeyConstraintName: 'fk_former_caregiver' })
  caregiver!: Relation<Caregiver>;

  /** When it was taken. */
  @InstantColumn()
  relievedAt!: Date;
}
