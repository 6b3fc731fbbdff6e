import { Column, PrimaryGeneratedColumn } from 'typeorm';
import { DayColumn, InstantColumn } from './columns.js';

export const versionStatuses = ['PROPOSED', 'APPROVED', 'REJECTED', 'WITHDRAWN'] as const;
export type VersionStatus = (typeof versionStatuses)[number];

/**
 * What the versions of any set of rules have in common, for the places beneath a facility. Of the approved versions of
 * a code the one that began last counts on a day, until its `toDay`; an approved one is never changed. The tables
 * add their own keys and checks, which are named after them.
 */
export abstract class RuleVersion {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 32 })
  code!: string;

  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'integer' })
  facilityId!: number;

  @DayColumn()
  fromDay!: string;

  /** The first day on which nothing of it counts any more; null while no end is known. */
  @DayColumn({ nullable: true })
  toDay!: string | null;

  @Column({ type: 'varchar', length: 12 })
  status!: VersionStatus;

  /** JSON, checked when it was proposed. */
  @Column({ type: 'text' })
  document!: string;

  /** Null for what the command line or a seed brought in. */
  @Column({ type: 'integer', nullable: true })
  proposedById!: number | null;

  @InstantColumn()
  proposedAt!: Date;

  /** Who approved, rejected or withdrew it. */
  @Column({ type: 'integer', nullable: true })
  decidedById!: number | null;

  @InstantColumn({ nullable: true })
  decidedAt!: Date | null;

  @Column({ type: 'varchar', length: 200, nullable: true })
  decisionNote!: string | null;
}
