import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { HomeService } from './home-service.entity.js';

/** Something that whoever brings a service takes along, in the order in which it is packed. */
@Entity('home_service_item')
@Check('ck_service_item_number', 'number >= 1')
export class HomeServiceItem {
  @PrimaryColumn({ type: 'integer' })
  serviceId!: number;

  @ManyToOne(() => HomeService)
  @JoinColumn({ name: 'serviceId', foreignKeyConstraintName: 'fk_service_item_service' })
  service!: Relation<HomeService>;

  /** From 1. */
  @PrimaryColumn({ type: 'integer' })
  number!: number;

  @Column({ type: 'varchar', length: 40 })
  nameZh!: string;

  @Column({ type: 'varchar', length: 80 })
  nameEn!: string;
}
