import { Check, Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { FenColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';

/** On which terms a canteen has meals brought; a canteen without a row brings none. Who may have them is the rules'. */
@Entity('delivery_terms')
@Check('ck_delivery_terms_price', 'priceFen > 0')
@Check('ck_delivery_terms_cutoff', 'cutoffMinutes >= 0')
@Check('ck_delivery_terms_position', '(latitudeMicro IS NULL) = (longitudeMicro IS NULL)')
export class DeliveryTerms {
  @PrimaryColumn({ type: 'integer' })
  canteenId!: number;

  @OneToOne(() => Facility)
  @JoinColumn({ name: 'canteenId', foreignKeyConstraintName: 'fk_delivery_terms_canteen' })
  canteen!: Relation<Facility>;

  /** What a set meal that is brought costs on the menu, at the time of the order. */
  @FenColumn()
  priceFen!: number;

  /** How long before the meal's window begins orders are closed. */
  @Column({ type: 'integer' })
  cutoffMinutes!: number;

  /** Where volunteers set out, in millionths of a degree (WGS 84); null when it is not known. */
  @Column({ type: 'integer', nullable: true })
  latitudeMicro!: number | null;

  @Column({ type: 'integer', nullable: true })
  longitudeMicro!: number | null;
}
