import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** A day off by the State Council's yearly notice, or a weekend day that is worked in exchange for one. */
@Entity('public_holiday')
@Check('ck_public_holiday_kind', "kind IN ('HOLIDAY', 'WORKDAY')")
export class PublicHoliday {
  @PrimaryColumn({ type: 'date' })
  day!: string;

  @Column({ type: 'varchar', length: 8 })
  kind!: 'HOLIDAY' | 'WORKDAY';

  @Column({ type: 'varchar', length: 40 })
  nameZh!: string;

  @Column({ type: 'varchar', length: 80 })
  nameEn!: string;
}
