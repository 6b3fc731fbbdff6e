import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** The groups of GB/T 43153-2023, in its order. */
export const serviceGroups = [
  'DAILY_CARE',
  'BASIC_NURSING',
  'HEALTH',
  'VISITING',
  'COMFORT',
  'ERRANDS',
  'ADAPTATION',
] as const;
export type ServiceGroup = (typeof serviceGroups)[number];

/** Who may bring a service: anybody, or only somebody of the elder's own gender. */
export type GenderRule = 'ANY' | 'SAME';

/** A service that is brought to homes, as the catalogue lists it. */
@Entity('home_service')
@Index('uq_home_service_code', ['code'], { unique: true })
@Check('ck_home_service_minutes', 'minutes > 0 AND preparationMinutes >= 0 AND bufferMinutes >= 0')
@Check('ck_home_service_caregivers', 'caregivers >= 1 AND caregivers <= 2')
export class HomeService {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 32 })
  code!: string;

  @Column({ type: 'varchar', length: 24 })
  serviceGroup!: ServiceGroup;

  @Column({ type: 'varchar', length: 40 })
  nameZh!: string;

  @Column({ type: 'varchar', length: 80 })
  nameEn!: string;

  /** How long one visit lasts, travel left out. */
  @Column({ type: 'integer' })
  minutes!: number;

  /** The skill that each caregiver must have; null when anyone may bring it. */
  @Column({ type: 'varchar', length: 24, nullable: true })
  skill!: string | null;

  /** How many caregivers it takes. */
  @Column({ type: 'integer' })
  caregivers!: number;

  /** At the station before setting out, such as for packing a bath tub. */
  @Column({ type: 'integer' })
  preparationMinutes!: number;

  /** Kept free after the visit before the way to the next begins. */
  @Column({ type: 'integer' })
  bufferMinutes!: number;

  @Column({ type: 'varchar', length: 8 })
  genderRule!: GenderRule;
}
