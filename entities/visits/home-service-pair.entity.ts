import { Check, Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { HomeService } from './home-service.entity.js';

/**
 * When the second of two caregivers comes, in minutes after the first: each stays until the visit ends. Of a service
 * without a row both begin together.
 */
@Entity('home_service_pair')
@Check('ck_pair_after', 'secondAfterMin >= 0 AND secondAfterMin <= secondAfterMax')
export class HomeServicePair {
  @PrimaryColumn({ type: 'integer' })
  serviceId!: number;

  @OneToOne(() => HomeService)
  @JoinColumn({ name: 'serviceId', foreignKeyConstraintName: 'fk_pair_service' })
  service!: Relation<HomeService>;

  @Column({ type: 'integer' })
  secondAfterMin!: number;

  @Column({ type: 'integer' })
  secondAfterMax!: number;
}
