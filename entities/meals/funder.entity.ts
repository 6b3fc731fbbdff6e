import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** Who bears a part of a subsidy: a level of government, or a donor. */
@Entity('funder')
@Index('uq_funder_code', ['code'], { unique: true })
export class Funder {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 32 })
  code!: string;

  @Column({ type: 'varchar', length: 100 })
  name!: string;

  /** PROVINCE, CITY, DISTRICT, TOWN or DONOR; null where rules name the funder by its code alone. */
  @Column({ type: 'varchar', length: 12, nullable: true })
  level!: string | null;

  /** The place that it pays for, by which rules find the funder of a level; null for donors and where no rule asks. */
  @Column({ type: 'varchar', length: 12, nullable: true })
  divisionCode!: string | null;
}
