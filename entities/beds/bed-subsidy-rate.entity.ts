import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { FenColumn } from '../columns.js';
import type { BedType } from './bed.entity.js';
import { BedSubsidy } from './bed-subsidy.entity.js';

/** What a rule pays for whom. The rows of a rule are tried from the top; the first that suits counts. */
@Entity('bed_subsidy_rate')
@Check(
  'ck_bed_rate_levels',
  '(levelMin IS NULL) = (levelMax IS NULL) AND (levelMin IS NULL OR levelMin <= levelMax)',
)
@Check('ck_bed_rate_range', 'levelMin IS NULL OR (levelMin >= 0 AND levelMax <= 4)')
@Check('ck_bed_rate_fen', 'fen >= 0')
export class BedSubsidyRate {
  @PrimaryColumn({ type: 'integer' })
  subsidyId!: number;

  @ManyToOne(() => BedSubsidy)
  @JoinColumn({ name: 'subsidyId', foreignKeyConstraintName: 'fk_bed_rate_subsidy' })
  subsidy!: Relation<BedSubsidy>;

  /** Counts from 1. */
  @PrimaryColumn({ type: 'integer' })
  place!: number;

  /** Null for beds of any type. */
  @Column({ type: 'varchar', length: 12, nullable: true })
  bedType!: BedType | null;

  /** The ability levels, both ends included; null for everybody, those without a level too. */
  @Column({ type: 'integer', nullable: true })
  levelMin!: number | null;

  @Column({ type: 'integer', nullable: true })
  levelMax!: number | null;

  /** For the period of the rule. */
  @FenColumn()
  fen!: number;
}
