import { Check, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { Facility } from '../network/facility.entity.js';
import { RuleVersion } from '../rule-version.js';

/**
 * A version of a set of subsidy rules, for the canteens beneath a facility, in the format of
 * docs/meal-subsidy-rules.md. The swipes that it paid for name it.
 */
@Entity('subsidy_rule')
@Index('uq_rule_code_version', ['code', 'version'], { unique: true })
@Index('ix_rule_facility', ['facilityId', 'fromDay'])
@Check('ck_rule_interval', 'toDay IS NULL OR toDay > fromDay')
@Check('ck_rule_decided', "(status = 'PROPOSED') = (decidedAt IS NULL)")
@Check(
  'ck_rule_second_person',
  "status <> 'APPROVED' OR proposedById IS NULL OR decidedById IS NULL OR decidedById <> proposedById",
)
export class SubsidyRule extends RuleVersion {
  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_rule_facility' })
  facility!: Relation<Facility>;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'proposedById', foreignKeyConstraintName: 'fk_rule_proposed_by' })
  proposedBy!: Relation<Account> | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'decidedById', foreignKeyConstraintName: 'fk_rule_decided_by' })
  decidedBy!: Relation<Account> | null;
}
