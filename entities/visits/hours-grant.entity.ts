import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { DayColumn, InstantColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { HoursRule } from './hours-rule.entity.js';

/**
 * The government hours of one elder from one grant of a set of rules over one month or week. It is made when it is
 * first needed. Its two sums are those of the ledger, kept because every booking asks them; the elder's row is
 * locked before they change.
 */
@Entity('hours_grant')
@Index('uq_hours_grant', ['elderId', 'period', 'setCode', 'grantCode'], { unique: true })
@Index('ix_hours_grant_end', ['toDay'])
@Check('ck_hours_grant_days', 'toDay > fromDay')
@Check('ck_hours_grant_left', 'leftMinutes >= 0 AND leftMinutes <= grantedMinutes')
export class HoursGrant {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_hours_grant_elder' })
  elder!: Relation<Elder>;

  /** The version of the rules by which it stands now. */
  @Column({ type: 'integer' })
  ruleId!: number;

  @ManyToOne(() => HoursRule)
  @JoinColumn({ name: 'ruleId', foreignKeyConstraintName: 'fk_hours_grant_rule' })
  rule!: Relation<HoursRule>;

  @Column({ type: 'varchar', length: 32 })
  setCode!: string;

  @Column({ type: 'varchar', length: 32 })
  grantCode!: string;

  /** The month as 2026-03, or the week as the day of its Monday, 2026-03-09. */
  @Column({ type: 'varchar', length: 10 })
  period!: string;

  @DayColumn()
  fromDay!: string;

  /** The first day after the period. */
  @DayColumn()
  toDay!: string;

  @Column({ type: 'integer' })
  grantedMinutes!: number;

  /** Neither reserved nor used, lost or expired. */
  @Column({ type: 'integer' })
  leftMinutes!: number;

  @InstantColumn()
  grantedAt!: Date;
}
