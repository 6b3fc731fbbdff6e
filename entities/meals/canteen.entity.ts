import { Check, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { FenColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';

/** What an ELDER_CANTEEN facility has beside other facilities. */
@Entity('canteen')
@Check('ck_canteen_price', 'priceFenMax > 0')
export class Canteen {
  @PrimaryColumn({ type: 'integer' })
  facilityId!: number;

  @OneToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_canteen_facility' })
  facility!: Relation<Facility>;

  /** The dearest meal that a reader of this canteen may record. */
  @FenColumn()
  priceFenMax!: number;
}
