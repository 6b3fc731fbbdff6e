import { Check, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { InstantColumn } from '../columns.js';
import { Caregiver } from './caregiver.entity.js';
import { Visit } from './visit.entity.js';

/**
 * A caregiver of a visit and the time the visit takes of that caregiver: of two, one may come later than the
 * other. Taken away when the visit is given to somebody else.
 */
@Entity('visit_caregiver')
@Index('ix_visit_caregiver', ['caregiverId', 'startsAt'])
@Check('ck_visit_caregiver_interval', 'endsAt > startsAt AND endsAt <= startsAt + 86400000')
export class VisitCaregiver {
  @PrimaryColumn({ type: 'integer' })
  visitId!: number;

  @ManyToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_visit_caregiver_visit' })
  visit!: Relation<Visit>;

  @PrimaryColumn({ type: 'integer' })
  caregiverId!: number;

  @ManyToOne(() => Caregiver)
  @JoinColumn({ name: 'caregiverId', foreignKeyConstraintName: 'fk_visit_caregiver_caregiver' })
  caregiver!: Relation<Caregiver>;

  @InstantColumn()
  startsAt!: Date;

  @InstantColumn()
  endsAt!: Date;
}
