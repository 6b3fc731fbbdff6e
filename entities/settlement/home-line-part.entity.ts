import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { AssignedIdColumn, FenColumn } from '../columns.js';
import { Funder } from '../meals/funder.entity.js';
import { MonthStatement } from './month-statement.entity.js';

/** What one funder pays by a line of a home, and for how many days; below zero where it gets something back. */
@Entity('home_line_part', { withoutRowid: true })
@Index('ix_home_part_posting', ['postingId'])
export class HomeLinePart {
  @PrimaryColumn({ type: 'integer' })
  statementId!: number;

  @ManyToOne(() => MonthStatement)
  @JoinColumn({ name: 'statementId', foreignKeyConstraintName: 'fk_home_part_statement' })
  statement!: Relation<MonthStatement>;

  /** That of the line. */
  @AssignedIdColumn()
  postingId!: number;

  @PrimaryColumn({ type: 'integer' })
  funderId!: number;

  @ManyToOne(() => Funder)
  @JoinColumn({ name: 'funderId', foreignKeyConstraintName: 'fk_home_part_funder' })
  funder!: Relation<Funder>;

  @Column({ type: 'integer' })
  days!: number;

  @FenColumn()
  fen!: number;
}
