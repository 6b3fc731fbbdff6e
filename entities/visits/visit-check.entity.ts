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
import { Caregiver } from './caregiver.entity.js';
import { Visit } from './visit.entity.js';

export type CheckKind = 'IN' | 'OUT';

/** What was read at the door: nothing, one of its own tags, or something else. */
export type TagResult = 'NONE' | 'MATCH' | 'OTHER';

/**
 * A tap of a caregiver at a door, as it came in. Nothing of it is changed but the position, which is taken
 * out when it is no longer needed or the elder is erased.
 */
@Entity('visit_check')
@Index('uq_check_request', ['requestId'], { unique: true })
@Index('ix_check_visit', ['visitId', 'caregiverId'])
@Index('ix_check_received', ['receivedAt'])
@Check('ck_check_kind', "kind IN ('IN', 'OUT')")
@Check('ck_check_tag', "tag IN ('NONE', 'MATCH', 'OTHER')")
@Check('ck_check_metres', 'COALESCE(distanceMetres, 0) >= 0 AND COALESCE(accuracyMetres, 0) >= 0')
export class VisitCheck {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  /** The UUID that the device gave the tap, in lower case. */
  @Column({ type: 'varchar', length: 36 })
  requestId!: string;

  @Column({ type: 'integer' })
  visitId!: number;

  @ManyToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_check_visit' })
  visit!: Relation<Visit>;

  @Column({ type: 'integer' })
  caregiverId!: number;

  @ManyToOne(() => Caregiver)
  @JoinColumn({ name: 'caregiverId', foreignKeyConstraintName: 'fk_check_caregiver' })
  caregiver!: Relation<Caregiver>;

  @Column({ type: 'varchar', length: 4 })
  kind!: CheckKind;

  /** The device's clock at the tap. */
  @InstantColumn()
  deviceAt!: Date;

  /** The device's clock at the upload; null when it did not tell. */
  @InstantColumn({ nullable: true })
  sentAt!: Date | null;

  @InstantColumn()
  receivedAt!: Date;

  /** The instant as which the tap counts: that of the device, corrected and bounded. */
  @InstantColumn()
  countsAt!: Date;

  @Column({ type: 'boolean' })
  isOffline!: boolean;

  /** Latitude and longitude in millionths of a degree (WGS 84), encrypted; null when not known. */
  @Column({ type: 'varchar', length: 160, nullable: true })
  positionSealed!: string | null;

  /** From the door; null where one of the two places is not known. */
  @Column({ type: 'integer', nullable: true })
  distanceMetres!: number | null;

  /** What the device said of its own position; null when it did not. */
  @Column({ type: 'integer', nullable: true })
  accuracyMetres!: number | null;

  @Column({ type: 'varchar', length: 8 })
  tag!: TagResult;

  /** Why it cannot be taken as it is, in words of capital letters with a blank between; empty for none. */
  @Column({ type: 'varchar', length: 80 })
  doubts!: string;
}
