import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Elder } from './elder.entity.js';

/** Those of the national list of target groups (民发〔2023〕58号), and who is entitled to special care. */
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

/** A category that an elder belongs to, one row each: one of the nation's, or the code of one of the city's own. */
@Entity('elder_category')
@Index('ix_elder_category', ['category'])
export class ElderCategoryMembership {
  @PrimaryColumn({ type: 'integer' })
  elderId!: number;

  @PrimaryColumn({ type: 'varchar', length: 24 })
  category!: string;

  @ManyToOne(() => Elder)
  @JoinColumn({ name: 'elderId', foreignKeyConstraintName: 'fk_category_elder' })
  elder!: Relation<Elder>;
}
