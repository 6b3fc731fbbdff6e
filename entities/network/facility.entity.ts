import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { DayColumn } from '../columns.js';

export const facilityKinds = [
  'CITY_CENTER',
  'COUNTY_CENTER',
  'STREET_CENTER',
  'DAY_CARE_CENTER',
  'HOME_CARE_STATION',
  'ELDER_CANTEEN',
  'NURSING_HOME',
  'REGIONAL_CENTER',
  'HAPPINESS_HOME',
  'NEIGHBOR_POINT',
] as const;
export type FacilityKind = (typeof facilityKinds)[number];

/** A place of the network. Where it stands in the tree is dated and kept in FacilityPlacement. */
@Entity('facility')
@Index('uq_facility_code', ['code'], { unique: true })
@Index('ix_facility_kind', ['kind'])
export class Facility {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  /** Unique and stable: it is printed on the door plate. */
  @Column({ type: 'varchar', length: 32 })
  code!: string;

  @Column({ type: 'varchar', length: 100 })
  name!: string;

  @Column({ type: 'varchar', length: 24 })
  kind!: FacilityKind;

  /** GB/T 2260: 4 digits for a city, 6 for a county, 9 for a street or town, 12 for a community. */
  @Column({ type: 'varchar', length: 12 })
  divisionCode!: string;

  @DayColumn()
  openedOn!: string;

  /** The first day on which it is no longer open. */
  @DayColumn({ nullable: true })
  closedOn!: string | null;
}
