import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { InstantColumn } from '../columns.js';
import { Elder } from '../elders/elder.entity.js';
import { Caregiver } from './caregiver.entity.js';
import { Visit } from './visit.entity.js';

/** What a caregiver writes down about a visit, never changed. */
@Entity('care_note')
@Index('uq_care_note_request', ['requestId'], { unique: true })
@Index('ix_care_note_elder', ['elderId', 'id'])
@Index('ix_care_note_visit', ['visitId'])
export class CareNote {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  /** The UUID it came with, in lower case. */
  @Column({ type: 'varchar', length: 36 })
  requestId!: string;

  @Column({ type: 'integer' })
  visitId!: number;

  @ManyToOne(() => Visit)
  @JoinColumn({ name: 'visitId', foreignKeyConstraintName: 'fk_care_note_visit' })
  visit!: Relation<Visit>;

  @Column({ type: 'integer' })
  elderId!: number;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_care_note_elder' })
  elder!: Relation<Elder>;

  @Column({ type: 'integer' })
  caregiverId!: number;

  @ManyToOne(() => Caregiver)
  @JoinColumn({ name: 'caregiverId', foreignKeyConstraintName: 'fk_care_note_caregiver' })
  caregiver!: Relation<Caregiver>;

  /** At most 500 characters, encrypted. */
  @Column({ type: 'varchar', length: 3200 })
  textSealed!: string;

  /** When the server got it. */
  @InstantColumn()
  writtenAt!: Date;
}
