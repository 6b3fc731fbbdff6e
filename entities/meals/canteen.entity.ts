import { Check, Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
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

  /** How many eat there at once; null where nobody counted. */
  @Column({ type: 'integer', nullable: true })
  seats!: number | null;

  /** How many times the seats are filled during a meal; null means once. */
  @Column({ type: 'integer', nullable: true })
  seatings!: number | null;

  /** WGS 84, in millionths of a degree; null with the longitude where nobody measured. */
  @Column({ type: 'integer', nullable: true })
  latitudeMicrodegrees!: number | null;

  @Column({ type: 'integer', nullable: true })
  longitudeMicrodegrees!: number | null;
}
