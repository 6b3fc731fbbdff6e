import { Column, Entity, JoinColumn, ManyToOne, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { InstantColumn } from '../columns.js';
import { Elder } from './elder.entity.js';

/** How an elder's door is found, for whoever brings something there. */
@Entity('elder_door')
export class ElderDoor {
  @PrimaryColumn({ type: 'integer' })
  elderId!: number;

  @OneToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_door_elder' })
  elder!: Relation<Elder>;

  /** Latitude and longitude in millionths of a degree (WGS 84), encrypted; null when it is not known. */
  @Column({ type: 'varchar', length: 160, nullable: true })
  positionSealed!: string | null;

  /** Such as "third floor, ring twice", encrypted; null when there is nothing to say. */
  @Column({ type: 'varchar', length: 1200, nullable: true })
  noteSealed!: string | null;

  @InstantColumn()
  setAt!: Date;

  @Column({ type: 'integer' })
  setById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'setById', foreignKeyConstraintName: 'fk_door_set_by' })
  setBy!: Relation<Account>;
}
