import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { ElderCategory } from '../elders/elder-category-membership.entity.js';

/** Who comes before whom from a day on: the first row whose conditions an elder meets gives the class. */
@Entity('waitlist_class')
@Check('ck_waitlist_class', 'classRank >= 1 AND (levelMin IS NULL OR levelMin BETWEEN 0 AND 4)')
export class WaitlistClass {
  @PrimaryColumn({ type: 'date' })
  fromDay!: string;

  @PrimaryColumn({ type: 'integer' })
  place!: number;

  /** 1 comes first. */
  @Column({ type: 'integer' })
  classRank!: number;

  @Column({ type: 'varchar', length: 24, nullable: true })
  category!: ElderCategory | null;

  @Column({ type: 'integer', nullable: true })
  levelMin!: number | null;

  @Column({ type: 'integer', nullable: true })
  ageMin!: number | null;

  /** Before everybody of its rank, and admitted whoever waits. */
  @Column({ type: 'boolean' })
  atOnce!: boolean;

  @Column({ type: 'varchar', length: 60 })
  nameZh!: string;

  @Column({ type: 'varchar', length: 120 })
  nameEn!: string;
}
