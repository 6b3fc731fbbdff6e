import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Elder } from './elder.entity.js';

export const elderCategories = [
  'DESTITUTE',
  'MINIMUM_LIVING',
  'LOW_INCOME',
  'DISABLED',
  'HANDICAPPED',
  'LIVING_ALONE',
  'EMPTY_NEST',
  'LEFT_BEHIND',
  'BEREAVED_FAMILY',
  'PREFERENTIAL',
] as const;
export type ElderCategory = (typeof elderCategories)[number];

/** A category that an elder belongs to, one row each. */
@Entity('elder_category')
@Index('ix_elder_category', ['category'])
export class ElderCategoryMembership {
  @PrimaryColumn({ type: 'integer' })
  elderId!: number;

  @PrimaryColumn({ type: 'varchar', length: 24 })
  category!: ElderCategory;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_category_elder' })
  elder!: Relation<Elder>;
}
