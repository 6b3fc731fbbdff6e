import { Check, Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Facility } from '../network/facility.entity.js';

/** How caregivers get about; the speed that goes with it is a rule. */
export const travelModes = ['WALK', 'CYCLE', 'CAR'] as const;
export type TravelMode = (typeof travelModes)[number];

/** What planning knows of a home-care station: where its caregivers set out, and how. */
@Entity('home_station')
@Check('ck_home_station_place', 'latitudeMicro BETWEEN -90000000 AND 90000000')
@Check('ck_home_station_mode', "travelMode IN ('WALK', 'CYCLE', 'CAR')")
export class HomeStation {
  @PrimaryColumn({ type: 'integer' })
  facilityId!: number;

  @OneToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_home_station_facility' })
  facility!: Relation<Facility>;

  /** Millionths of a degree (WGS 84). */
  @Column({ type: 'integer' })
  latitudeMicro!: number;

  @Column({ type: 'integer' })
  longitudeMicro!: number;

  @Column({ type: 'varchar', length: 8 })
  travelMode!: TravelMode;
}
