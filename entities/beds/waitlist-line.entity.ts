import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Facility } from '../network/facility.entity.js';
import type { BedType } from './bed.entity.js';

/** The line at a facility for beds of a type: the row that is locked while a bed is offered. */
@Entity('waitlist_line')
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
}
