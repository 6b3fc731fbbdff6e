import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { InstantColumn } from '../columns.js';
import { StaffSession } from './staff-session.entity.js';

/** What a session goes on with, once each. A used one is kept: whoever brings it again has copied it. */
@Entity('refresh_token')
@Index('uq_refresh_token_hash', ['hash'], { unique: true })
@Index('ix_refresh_token_session', ['sessionId'])
export class RefreshToken {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'integer' })
  sessionId!: number;

  @ManyToOne(() => StaffSession)
  @JoinColumn({ name: 'sessionId', foreignKeyConstraintName: 'fk_refresh_token_session' })
  session!: Relation<StaffSession>;

  /** SHA-256 in hexadecimal of 256 random bits. */
  @Column({ type: 'varchar', length: 64 })
  hash!: string;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn({ nullable: true })
  usedAt!: Date | null;
}
