import { Column, Entity, JoinColumn, ManyToOne, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { InstantColumn } from '../columns.js';
import { Elder } from './elder.entity.js';

/** Whom to ring when something is wrong with an elder. */
@Entity('elder_contacts')
export class ElderContacts {
  @PrimaryColumn({ type: 'integer' })
  elderId!: number;

  @OneToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_contacts_elder' })
  elder!: Relation<Elder>;

  /** Names, relations and phones as JSON, encrypted. */
  @Column({ type: 'varchar', length: 2400 })
  contactsSealed!: string;

  @InstantColumn()
  setAt!: Date;

  @Column({ type: 'integer' })
  setById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'setById', foreignKeyConstraintName: 'fk_contacts_set_by' })
  setBy!: Relation<Account>;
}
