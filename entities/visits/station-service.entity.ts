import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Facility } from '../network/facility.entity.js';
import { HomeService } from './home-service.entity.js';

/**
 * That a service is offered, or is not, from a day on by a home-care station or by all stations beneath a place. The
 * nearest place that says anything counts, and of that place what began last; where nobody says anything, it is
 * offered.
 */
@Entity('station_service')
export class StationService {
  @PrimaryColumn({ type: 'integer' })
  serviceId!: number;

  @ManyToOne(() => HomeService)
  @JoinColumn({ name: 'serviceId', foreignKeyConstraintName: 'fk_station_service_service' })
  service!: Relation<HomeService>;

  @PrimaryColumn({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_station_service_facility' })
  facility!: Relation<Facility>;

  @PrimaryColumn({ type: 'date' })
  fromDay!: string;

  @Column({ type: 'boolean' })
  isOffered!: boolean;
}
