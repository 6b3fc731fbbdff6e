import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { AssignedIdColumn, AssignedIdReference, DayColumn, InstantColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';
import { BedStay } from './bed-stay.entity.js';

export const transferStates = ['ASKED', 'ACCEPTED', 'DECLINED', 'WITHDRAWN'] as const;
export type TransferState = (typeof transferStates)[number];

/** One facility asks another to take over a resident. Nothing is kept for the resident before the other side accepts. */
@Entity('stay_transfer')
@Index('uq_transfer_open', ['openStayId'], { unique: true })
@Index('uq_transfer_new_stay', ['newStayId'], { unique: true })
@Index('ix_transfer_to', ['toFacilityId', 'state', 'id'])
@Index('ix_transfer_stay', ['stayId', 'id'])
@Check('ck_transfer_state', "state IN ('ASKED', 'ACCEPTED', 'DECLINED', 'WITHDRAWN')")
@Check('ck_transfer_open', "(state = 'ASKED') = (openStayId IS NOT NULL)")
@Check('ck_transfer_answered', "(state = 'ASKED') = (answeredAt IS NULL)")
@Check('ck_transfer_new_stay', "(state = 'ACCEPTED') = (newStayId IS NOT NULL)")
export class StayTransfer {
  @AssignedIdColumn()
  id!: number;

  @AssignedIdReference()
  stayId!: number;

  @ManyToOne(() => BedStay)
  @JoinColumn({ name: 'stayId', foreignKeyConstraintName: 'fk_transfer_stay' })
  stay!: Relation<BedStay>;

  /** The stay while the question is open. */
  @AssignedIdReference({ nullable: true })
  openStayId!: number | null;

  @Column({ type: 'integer' })
  toFacilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'toFacilityId', foreignKeyConstraintName: 'fk_transfer_to' })
  toFacility!: Relation<Facility>;

  /** The first day at the other facility, as it was asked for. */
  @DayColumn()
  onDay!: string;

  @Column({ type: 'varchar', length: 12 })
  state!: TransferState;

  @InstantColumn()
  askedAt!: Date;

  @Column({ type: 'integer' })
  askedById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'askedById', foreignKeyConstraintName: 'fk_transfer_asked_by' })
  askedBy!: Relation<Account>;

  @InstantColumn({ nullable: true })
  answeredAt!: Date | null;

  /** Null too when it fell away because the stay ended. */
  @Column({ type: 'integer', nullable: true })
  answeredById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'answeredById', foreignKeyConstraintName: 'fk_transfer_answered_by' })
  answeredBy!: Relation<Account> | null;

  /** Why it was declined, encrypted; null when nothing was said. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  answerSealed!: string | null;

  @AssignedIdReference({ nullable: true })
  newStayId!: number | null;

  @ManyToOne(() => BedStay)
  @JoinColumn({ name: 'newStayId', foreignKeyConstraintName: 'fk_transfer_new_stay' })
  newStay!: Relation<BedStay> | null;
}
