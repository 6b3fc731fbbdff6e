import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Account } from '../access/account.entity.js';
import { InstantColumn } from '../columns.js';
import { Facility } from '../network/facility.entity.js';

/**
 * On which terms visits of a facility, and of all beneath it, are carried out from a day on.
 * The nearest facility above a station that has any decides.
 */
@Entity('visit_care_terms')
@Check('ck_care_terms_metres', 'nearMetres > 0 AND nearMetres <= farMetres')
@Check('ck_care_terms_limits', 'stationAfterMinutes >= 0 AND stationAfterMinutes <= streetAfterMinutes')
@Check('ck_care_terms_scores', 'lookFrom >= 0 AND lookFrom <= payFrom AND payFrom <= 100')
export class VisitCareTerms {
  @PrimaryColumn({ type: 'integer' })
  facilityId!: number;

  @ManyToOne(() => Facility)
  @JoinColumn({ name: 'facilityId', foreignKeyConstraintName: 'fk_care_terms_facility' })
  facility!: Relation<Facility>;

  @PrimaryColumn({ type: 'date' })
  fromDay!: string;

  /** Up to here from the door a position is good. */
  @Column({ type: 'integer' })
  nearMetres!: number;

  /** Beyond this it is too far away. */
  @Column({ type: 'integer' })
  farMetres!: number;

  /** True where a live tap from too far away is refused; false where it blocks the payment alone. */
  @Column({ type: 'boolean' })
  isFarRefused!: boolean;

  /** How long before its start a visit can be checked into. */
  @Column({ type: 'integer' })
  opensMinutes!: number;

  /** How long after its end taps still belong to it. */
  @Column({ type: 'integer' })
  closesMinutes!: number;

  /** The least time on site, in percent of the planned minutes, that needs no second look. */
  @Column({ type: 'integer' })
  minutesShareMin!: number;

  /** How far the clock of a device may be from that of the server. */
  @Column({ type: 'integer' })
  clockDriftSeconds!: number;

  /** How long after a tap its upload needs no second look. */
  @Column({ type: 'integer' })
  offlineHoursMax!: number;

  /** How long after its start a visit that nobody began alerts the station. */
  @Column({ type: 'integer' })
  stationAfterMinutes!: number;

  /** How long after its start it alerts the street centre too. */
  @Column({ type: 'integer' })
  streetAfterMinutes!: number;

  /** The least score that lets payment through. */
  @Column({ type: 'integer' })
  payFrom!: number;

  /** The least score that asks for a look; what is below blocks payment. */
  @Column({ type: 'integer' })
  lookFrom!: number;

  @InstantColumn()
  setAt!: Date;

  @Column({ type: 'integer' })
  setById!: number;

  @ManyToOne(() => Account)
  @JoinColumn({ name: 'setById', foreignKeyConstraintName: 'fk_care_terms_set_by' })
  setBy!: Relation<Account>;
}
