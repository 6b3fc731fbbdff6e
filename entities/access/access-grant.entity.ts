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
import { Elder } from '../elders/elder.entity.js';
import { Facility } from '../network/facility.entity.js';
import { Account } from './account.entity.js';
import { FamilyConsent } from './family-consent.entity.js';

export const roles = [
  'ADMIN',
  'MANAGER',
  'STAFF',
  'CAREGIVER',
  'COURIER',
  'FINANCE',
  'AUDITOR',
  'READER',
  'FAMILY',
] as const;
export type Role = (typeof roles)[number];

/** What a relative may be given besides being an elder's relative: each by itself. */
export const familyRights = ['BOOKING', 'HEALTH', 'MONEY'] as const;
export type FamilyRight = (typeof familyRights)[number];

/**
 * A role that an account holds over [fromAt, untilAt): at a facility and everything beneath it, or, for a
 * family member, towards one elder.
 */
@Entity('access_grant')
@Index('ix_grant_account', ['accountId'])
@Index('ix_grant_facility', ['facilityId', 'role'])
@Check('ck_grant_interval', 'untilAt IS NULL OR untilAt >= fromAt')
@Index('ix_grant_elder', ['elderId'])
@Index('ix_grant_consent', ['consentId'])
@Check('ck_grant_facility', "role = 'ADMIN' OR (role = 'FAMILY') = (facilityId IS NULL)")
@Check('ck_grant_elder', "(role = 'FAMILY') = (elderId IS NOT NULL)")
export class AccessGrant {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  accountId!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'accountId', foreignKeyConstraintName: 'fk_grant_account' })
  account!: Relation<Account>;

  @Column({ type: 'varchar', length: 12 })
  role!: Role;

  /** Null for an administrator of the whole network, and for a family member. */
  @Column({ type: 'integer', nullable: true })
  facilityId!: number | null;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_grant_facility' })
  facility!: Relation<Facility> | null;

  /** The elder of a family member; null for every other role. */
  @Column({ type: 'integer', nullable: true })
  elderId!: number | null;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_grant_elder' })
  elder!: Relation<Elder> | null;

  @InstantColumn()
  fromAt!: Date;

  @InstantColumn({ nullable: true })
  untilAt!: Date | null;

  /** Whether ID numbers, phones and addresses are shown whole under this grant, as far as its role may. */
  @Column({ type: 'boolean', default: false })
  showsIdentities!: boolean;

  /** The rights of a relative, with blanks between them; null for every other role. */
  @Column({ type: 'varchar', length: 40, nullable: true })
  familyRights!: string | null;

  /** A first relative, who may let in others. */
  @Column({ type: 'boolean', default: false })
  mayLetIn!: boolean;

  /** The consent that a relative's grant rests on; null for every other role. */
  @Column({ type: 'integer', nullable: true })
  consentId!: number | null;

  @ManyToOne(() => FamilyConsent)
  @JoinColumn({ name: 'consentId', foreignKeyConstraintName: 'fk_grant_consent' })
  consent!: Relation<FamilyConsent> | null;
}
