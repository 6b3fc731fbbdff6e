import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  OneToOne,
  PrimaryColumn,
  type Relation,
} from 'typeorm';
import { Account } from '../access/account.entity.js';
import { InstantColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';
import { Visit } from './visit.entity.js';

/** Lets payment through, asks for a look, or blocks it. */
export type EvidenceDecision = 'PAY' | 'LOOK' | 'BLOCK';

/** Whoever has looked lets it through or not. */
export type EvidenceVerdict = 'PAY' | 'BLOCK';

/** What the taps of a visit are worth as evidence that it was brought, and what somebody decided who looked. */
@Entity('visit_evidence')
@Index('ix_evidence_open', ['openStationId', 'visitId'])
@Check('ck_evidence_score', 'score >= 0 AND score <= 100')
@Check('ck_evidence_decision', "decision IN ('PAY', 'LOOK', 'BLOCK')")
@Check(
  'ck_evidence_decided',
  '(decided IS NULL) = (decidedById IS NULL) AND (decided IS NULL) = (decidedAt IS NULL)',
)
@Check('ck_evidence_open', 'openStationId IS NULL OR decided IS NULL')
export class VisitEvidence {
  @PrimaryColumn({ type: 'integer' })
  visitId!: number;

  @OneToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_evidence_visit' })
  visit!: Relation<Visit>;

  /** 0 to 100. */
  @Column({ type: 'integer' })
  score!: number;

  /** What the rules say. */
  @Column({ type: 'varchar', length: 8 })
  decision!: EvidenceDecision;

  /** Codes of what was found, with a blank between; empty for nothing. */
  @Column({ type: 'varchar', length: 400 })
  reasons!: string;

  @InstantColumn()
  scoredAt!: Date;

  /** Who ended the visit in the place of a caregiver who did not check out; null when nobody did. */
  @Column({ type: 'integer', nullable: true })
  endedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'endedById', foreignKeyConstraintName: 'fk_evidence_ended_by' })
  endedBy!: Relation<Account> | null;

  /** The station, as long as somebody has to look; null otherwise. */
  @Column({ type: 'integer', nullable: true })
  openStationId!: number | null;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'openStationId', foreignKeyConstraintName: 'fk_evidence_station' })
  openStation!: Relation<Facility> | null;

  /** What somebody decided; null while nobody has. */
  @Column({ type: 'varchar', length: 8, nullable: true })
  decided!: EvidenceVerdict | null;

  @InstantColumn({ nullable: true })
  decidedAt!: Date | null;

  @Column({ type: 'integer', nullable: true })
  decidedById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'decidedById', foreignKeyConstraintName: 'fk_evidence_decided_by' })
  decidedBy!: Relation<Account> | null;

  /** Why, encrypted. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  noteSealed!: string | null;
}
