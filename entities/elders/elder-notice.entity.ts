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
import { InstantColumn } from '../columns.js';
import { Elder } from './elder.entity.js';

/** What a family is told of. */
export const noticeKinds = ['BED_OFFERED', 'VISIT_MOVED', 'VISIT_CANCELLED', 'VISIT_MISSED'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** Something that an elder's family is to be told. The words are made when it is sent; no phone is kept here. */
@Entity('elder_notice')
@Index('ix_elder_notice_waiting', ['spreadAt', 'id'])
@Index('ix_elder_notice_elder', ['elderId'])
@Index('ix_elder_notice_queued', ['queuedAt'])
@Check('ck_elder_notice_kind', "kind IN ('BED_OFFERED', 'VISIT_MOVED', 'VISIT_CANCELLED', 'VISIT_MISSED')")
@Check('ck_elder_notice_times', 'times >= 1')
export class ElderNotice {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 16 })
  kind!: NoticeKind;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_elder_notice_elder' })
  elder!: Relation<Elder>;

  /** The instant it is about: until when an offer is answered, when a visit begins now. */
  @InstantColumn({ nullable: true })
  happensAt!: Date | null;

  /** When a visit that was moved was to begin before. */
  @InstantColumn({ nullable: true })
  insteadOf!: Date | null;

  /** How many it is about, the first of them told of by name: a series is moved in one message. */
  @Column({ type: 'integer' })
  times!: number;

  @InstantColumn()
  queuedAt!: Date;

  /** From this instant on nobody needs to be told any more. */
  @InstantColumn()
  staleAt!: Date;

  /** When it was found out whom to tell; null before. */
  @InstantColumn({ nullable: true })
  spreadAt!: Date | null;
}
