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
import { AccessGrant } from './access-grant.entity.js';
import { Account } from './account.entity.js';
import { ConsentText } from './consent-text.entity.js';

export const consentEvents = ['GIVEN', 'CHANGED', 'WITHDRAWN'] as const;
export type ConsentEvent = (typeof consentEvents)[number];

export const consentGivers = ['ELDER', 'RELATIVE'] as const;
export type ConsentGiver = (typeof consentGivers)[number];

export const consentWays = ['IN_PERSON', 'SIGNED_PAPER', 'PHONE_CALL', 'ONLINE'] as const;
export type ConsentWay = (typeof consentWays)[number];

/** That somebody let a relative in, changed what the relative may, or took it back. Rows are never changed. */
@Entity('family_consent')
@Index('ix_family_consent_grant', ['grantId'])
@Index('ix_family_consent_recorded_by', ['recordedById'])
@Index('ix_family_consent_giver_grant', ['giverGrantId'])
@Index('ix_family_consent_text', ['textId'])
@Check('ck_family_consent_giver', "(giver = 'RELATIVE') = (giverGrantId IS NOT NULL)")
@Check('ck_family_consent_text', "(event = 'WITHDRAWN') = (textId IS NULL)")
export class FamilyConsent {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  grantId!: number;

  @ManyToOne(() => AccessGrant)
  @JoinColumn({ name: 'grantId', foreignKeyConstraintName: 'fk_family_consent_grant' })
  grant!: Relation<AccessGrant>;

  @Column({ type: 'varchar', length: 12 })
  event!: ConsentEvent;

  /** The elder, through the member of staff who recorded it, or a relative who may let in others. */
  @Column({ type: 'varchar', length: 12 })
  giver!: ConsentGiver;

  /** Whose account recorded it. */
  @Column({ type: 'integer' })
  recordedById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'recordedById', foreignKeyConstraintName: 'fk_family_consent_recorded_by' })
  recordedBy!: Relation<Account>;

  /** The grant of the relative who gave it; null when the elder did. */
  @Column({ type: 'integer', nullable: true })
  giverGrantId!: number | null;

  @ManyToOne(() => AccessGrant)
  @JoinColumn({ name: 'giverGrantId', foreignKeyConstraintName: 'fk_family_consent_giver_grant' })
  giverGrant!: Relation<AccessGrant> | null;

  /** The relative, as who gave the consent calls them. */
  @Column({ type: 'varchar', length: 60 })
  name!: string;

  @Column({ type: 'varchar', length: 16 })
  how!: ConsentWay;

  /** What was agreed to; null for a withdrawal, which needs no text. */
  @Column({ type: 'integer', nullable: true })
  textId!: number | null;

  @ManyToOne(() => ConsentText)
  @JoinColumn({ name: 'textId', foreignKeyConstraintName: 'fk_family_consent_text' })
  text!: Relation<ConsentText> | null;

  /** Of BOOKING, HEALTH and MONEY those that were given, with blanks between them. */
  @Column({ type: 'varchar', length: 40 })
  rights!: string;

  @Column({ type: 'boolean' })
  mayLetIn!: boolean;

  /** The end that was agreed on; of a withdrawal, the instant of it. */
  @InstantColumn()
  untilAt!: Date;

  @InstantColumn()
  at!: Date;
}
