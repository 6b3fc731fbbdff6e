import { Check, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { FenColumn } from '../columns.js';
import { HomeService } from './home-service.entity.js';

/** What one visit of a service costs from a day on, until a later price begins. */
@Entity('home_service_price')
@Check('ck_service_price_fen', 'fen >= 0')
export class HomeServicePrice {
  @PrimaryColumn({ type: 'integer' })
  serviceId!: number;

  @ManyToOne(() => HomeService)
  @JoinColumn({ name: 'serviceId', foreignKeyConstraintName: 'fk_service_price_service' })
  service!: Relation<HomeService>;

  @PrimaryColumn({ type: 'date' })
  fromDay!: string;

  @FenColumn()
  fen!: number;
}
