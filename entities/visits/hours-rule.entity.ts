import { Check, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { Facility } from '../network/facility.entity.js';
import { RuleVersion } from '../rule-version.js';

/**
 * A version of a set of rules of government hours, for the stations beneath a facility, in the format of
 * docs/home-care-hours.md. The grants that it made name it.
 */
@Entity('hours_rule')
@Index('uq_hours_rule_version', ['code', 'version'], { unique: true })
@Index('ix_hours_rule_facility', ['facilityId', 'fromDay'])
@Check('ck_hours_rule_interval', 'toDay IS NULL OR toDay > fromDay')
@Check('ck_hours_rule_decided', "(status = 'PROPOSED') = (decidedAt IS NULL)")
@Check(
  'ck_hours_rule_second_person',
  "status <> 'APPROVED' OR proposedById IS NULL OR decidedById IS NULL OR decidedById <> proposedById",
)
export class HoursRule extends RuleVersion {
  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_hours_rule_facility' })
  facility!: Relation<Facility>;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'proposedById', foreignKeyConstraintName: 'fk_hours_rule_proposed_by' })
  proposedBy!: Relation<Account> | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'decidedById', foreignKeyConstraintName: 'fk_hours_rule_decided_by' })
  decidedBy!: Relation<Account> | null;
}
