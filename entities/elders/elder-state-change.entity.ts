import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { AssignedIdColumn, AssignedIdReference, DayColumn, InstantColumn } from '../columns.js';
import { Elder } from './elder.entity.js';
import { ElderAssessment } from './elder-assessment.entity.js';

export const stateChangeKinds = ['ILLNESS', 'HOSPITAL', 'ACCIDENT', 'BETTER', 'OTHER'] as const;
export type StateChangeKind = (typeof stateChangeKinds)[number];

/** Somebody saw that an elder can do less, or more, than was assessed. It is open until the next assessment. */
@Entity('elder_state_change')
@Index('uq_state_change_open', ['openElderId'], { unique: true })
@Index('ix_state_change_elder', ['elderId', 'id'])
@Check('ck_state_change_open', '(openElderId IS NULL) = (assessmentId IS NOT NULL)')
@Check('ck_state_change_kind', "kind IN ('ILLNESS', 'HOSPITAL', 'ACCIDENT', 'BETTER', 'OTHER')")
export class ElderStateChange {
  @AssignedIdColumn()
  id!: number;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_state_change_elder' })
  elder!: Relation<Elder>;

  /** The elder while it is open, so that one is open at a time. */
  @Column({ type: 'integer', nullable: true })
  openElderId!: number | null;

  @DayColumn()
  changedOn!: string;

  @Column({ type: 'varchar', length: 16 })
  kind!: StateChangeKind;

  @Column({ type: 'varchar', length: 1200, nullable: true })
  noteSealed!: string | null;

  @InstantColumn()
  reportedAt!: Date;

  @Column({ type: 'integer' })
  reportedById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'reportedById', foreignKeyConstraintName: 'fk_state_change_by' })
  reportedBy!: Relation<Account>;

  /** The assessment that answered it. */
  @AssignedIdReference({ nullable: true })
  assessmentId!: number | null;

  @ManyToOne(() => ElderAssessment)
  @JoinColumn({ name: 'assessmentId', foreignKeyConstraintName: 'fk_state_change_answer' })
  assessment!: Relation<ElderAssessment> | null;
}
