import {
  Check,
  Column,
  Entity,
  JoinColumn,
  ManyToOne,
  OneToOne,
  PrimaryColumn,
  type Relation,
} from 'typeorm';
import { Account } from '../access/account.entity.js';
import { InstantColumn } from '../columns.js';
import { Visit } from './visit.entity.js';

/** How the family found a visit: once for each, changed by whoever gave it for a week. */
@Entity('visit_rating')
@Check('ck_rating_stars', 'stars >= 1 AND stars <= 5')
@Check('ck_rating_changed', 'changedAt >= ratedAt')
export class VisitRating {
  @PrimaryColumn({ type: 'integer' })
  visitId!: number;

  @OneToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_rating_visit' })
  visit!: Relation<Visit>;

  /** 1 to 5. */
  @Column({ type: 'integer' })
  stars!: number;

  /** At most 500 characters, encrypted. */
  @Column({ type: 'varchar', length: 3200, nullable: true })
  commentSealed!: string | null;

  @InstantColumn()
  ratedAt!: Date;

  @InstantColumn()
  changedAt!: Date;

  @Column({ type: 'integer' })
  ratedById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'ratedById', foreignKeyConstraintName: 'fk_rating_by' })
  ratedBy!: Relation<Account>;
}
