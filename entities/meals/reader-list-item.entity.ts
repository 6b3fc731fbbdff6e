import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { InstantColumn, SafeIntegerColumn } from '../columns.js';
import { ReaderList } from './reader-list.entity.js';

/** A card, an entitlement or the terms in the list of a canteen; what is removed stays for a while, to be told. */
@Entity('reader_list_item', { withoutRowid: true })
@Index('uq_list_item_version', ['canteenId', 'version'], { unique: true })
@Check('ck_list_item_removed', '(content IS NULL) = (removedAt IS NOT NULL)')
export class ReaderListItem {
  @PrimaryColumn({ type: 'integer' })
  canteenId!: number;

  @ManyToOne(() => ReaderList)
  @JoinColumn({
    name: 'canteenId',
    referencedColumnName: 'canteenId',
    foreignKeyConstraintName: 'fk_list_item_list',
  })
  list!: Relation<ReaderList>;

  /** Its kind and its reference, such as `card:` and 32 hexadecimal digits. */
  @PrimaryColumn({ type: 'varchar', length: 40 })
  itemKey!: string;

  /** Each change of an item takes the next number of its list, so a number never means anything else. */
  @SafeIntegerColumn()
  version!: number;

  /** JSON; null once removed. */
  @Column({ type: 'text', nullable: true })
  content!: string | null;

  @InstantColumn({ nullable: true })
  removedAt!: Date | null;
}
