import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { Facility } from '../network/facility.entity.js';
import type { BedType } from './bed.entity.js';

/** The line at a facility for beds of a type: the row that is locked while a bed is offered. */
@Entity('waitlist_line')
@Index('ix_line_offers_free', ['offersFreeById'])
@Check('ck_waitlist_line_type', "bedType IN ('GENERAL', 'NURSING', 'DAY_CARE', 'HOME')")
export class WaitlistLine {
  @PrimaryColumn({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_waitlist_line_facility' })
  facility!: Relation<Facility>;

  @PrimaryColumn({ type: 'varchar', length: 12 })
  bedType!: BedType;

  /** Whether a bed of it that somebody did not take is offered to the next by itself; null for what the rule says. */
  @Column({ type: 'boolean', nullable: true })
  passesOn!: boolean | null;

  /** Who let free beds of it be offered by themselves, and in whose name they are; null while they wait for a manager. */
  @Column({ type: 'integer', nullable: true })
  offersFreeById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'offersFreeById', foreignKeyConstraintName: 'fk_waitlist_line_offers_free' })
  offersFreeBy!: Relation<Account> | null;
}
