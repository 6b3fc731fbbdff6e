import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** How beds are offered from a day on, until a later rule begins. */
@Entity('waitlist_rule')
@Check(
  'ck_waitlist_rule',
  'offerHours >= 1 AND moveInDaysMax >= 0 AND refusalsMax >= 1 AND refusalDays >= 1 AND closedDays >= 0',
)
export class WaitlistRule {
  @PrimaryColumn({ type: 'date' })
  fromDay!: string;

  /** For how long an offer counts. */
  @Column({ type: 'integer' })
  offerHours!: number;

  /** How many days after an offer its stay may begin. */
  @Column({ type: 'integer' })
  moveInDaysMax!: number;

  /** This many refusals within refusalDays close the list to an elder for closedDays. */
  @Column({ type: 'integer' })
  refusalsMax!: number;

  @Column({ type: 'integer' })
  refusalDays!: number;

  @Column({ type: 'integer' })
  closedDays!: number;

  /** Whether an offer that nobody answered is a refusal. */
  @Column({ type: 'boolean' })
  silenceRefuses!: boolean;

  /** Whether a bed that somebody did not take is offered to the next by itself, where a line says nothing else. */
  @Column({ type: 'boolean', default: true })
  passesOn!: boolean;
}
