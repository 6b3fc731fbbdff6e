import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { InstantColumn } from '../columns.js';

/** From when on a sign of fraud begins at which number; the row that began last counts. */
@Entity('flag_threshold')
export class FlagThreshold {
  @PrimaryColumn({ type: 'varchar', length: 24 })
  name!: string;

  @PrimaryColumn({ type: 'date' })
  fromDay!: string;

  @Column({ type: 'integer' })
  value!: number;

  /** Null for those that the system came with. */
  @Column({ type: 'integer', nullable: true })
  setById!: number | null;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'setById', foreignKeyConstraintName: 'fk_threshold_set_by' })
  setBy!: Relation<Account> | null;

  @InstantColumn()
  setAt!: Date;
}
