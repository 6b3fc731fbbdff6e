import { Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { DayColumn, InstantColumn } from '../columns.js';
import { Visit } from './visit.entity.js';

/**
 * The elder turned out to live in an institution, or to be in hospital, on the day of a visit at home: it was called
 * off for that, or what proves it is looked at.
 */
@Entity('visit_away')
export class VisitAway {
  @PrimaryColumn({ type: 'integer' })
  visitId!: number;

  @OneToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_visit_away_visit' })
  visit!: Relation<Visit>;

  /** The first day of the stay, or of the part of it that was spent there. */
  @DayColumn()
  sinceDay!: string;

  @InstantColumn()
  foundAt!: Date;
}
