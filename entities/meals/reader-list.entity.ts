import { Check, Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { InstantColumn, SafeIntegerColumn } from '../columns.js';
import { Canteen } from './canteen.entity.js';

/**
 * What the readers of a canteen are told of cards, as a list with versions. It is made of other tables and may be
 * thrown away at any time: then a new list begins, and every reader loads it from the start.
 */
@Entity('reader_list')
@Check('ck_list_versions', 'version >= 0 AND prunedTo >= 0 AND prunedTo <= version')
export class ReaderList {
  @PrimaryColumn({ type: 'integer' })
  canteenId!: number;

  @OneToOne(() => Canteen)
  @JoinColumn({
    name: 'canteenId',
    referencedColumnName: 'facilityId',
    foreignKeyConstraintName: 'fk_list_canteen',
  })
  canteen!: Relation<Canteen>;

  /** 16 random hexadecimal digits: versions of another list mean something else. */
  @Column({ type: 'varchar', length: 16 })
  listId!: string;

  /** 32 random hexadecimal digits, with which uids are hashed. */
  @Column({ type: 'varchar', length: 32 })
  salt!: string;

  /** The highest version that an item has had. */
  @SafeIntegerColumn()
  version!: number;

  /** Up to this version, items that were removed are no longer known to have been. */
  @SafeIntegerColumn()
  prunedTo!: number;

  /** The state of the other tables that the items show, by the clock of the business. */
  @InstantColumn()
  refreshedAt!: Date;
}
