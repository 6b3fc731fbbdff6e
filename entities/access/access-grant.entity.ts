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
import { Facility } from '../network/facility.entity.js';
import { Account } from './account.entity.js';

export const roles = ['ADMIN', 'MANAGER', 'AUDITOR', 'READER'] as const;
export type Role = (typeof roles)[number];

/** A role that an account holds at a facility and everything beneath it, over [fromAt, untilAt). */
@Entity('access_grant')
@Index('ix_grant_account', ['accountId'])
@Index('ix_grant_facility', ['facilityId', 'role'])
@Check('ck_grant_interval', 'untilAt IS NULL OR untilAt >= fromAt')
@Check('ck_grant_facility', "role = 'ADMIN' OR facilityId IS NOT NULL")
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

  /** Null for an administrator of the whole network. */
  @Column({ type: 'integer', nullable: true })
  facilityId!: number | null;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_grant_facility' })
  facility!: Relation<Facility> | null;

  @InstantColumn()
  fromAt!: Date;

  @InstantColumn({ nullable: true })
  untilAt!: Date | null;

  /** Whether ID numbers, phones and addresses are shown whole under this grant, as far as its role may. */
  @Column({ type: 'boolean', default: false })
  showsIdentities!: boolean;
}
