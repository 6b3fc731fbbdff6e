import { Column, Entity, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { AssignedIdColumn, InstantColumn } from '../columns.js';

/** Why a bed was given past somebody in line. It has the id of the offer, or of the stay, that was given. */
@Entity('waitlist_pass')
export class WaitlistPass {
  @AssignedIdColumn()
  id!: number;

  /** Encrypted; null once somebody who was passed over was erased. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  reasonSealed!: string | null;

  @InstantColumn()
  passedAt!: Date;

  @Column({ type: 'integer' })
  passedById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'passedById', foreignKeyConstraintName: 'fk_pass_by' })
  passedBy!: Relation<Account>;
}
