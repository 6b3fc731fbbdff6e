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
}
