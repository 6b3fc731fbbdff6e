import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A group of elders that a city's own policies name, such as model workers (劳动模范), beside those of the nation. */
@Entity('city_category')
export class CityCategory {
  /** 1 to 24 of A-Z, 0-9 and the hyphen; none of the nation's. */
  @PrimaryColumn({ type: 'varchar', length: 24 })
  code!: string;

  @Column({ type: 'varchar', length: 40 })
  nameZh!: string;

  @Column({ type: 'varchar', length: 80 })
  nameEn!: string;
}
