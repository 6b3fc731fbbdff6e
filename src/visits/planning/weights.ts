/**
 * How much each evil counts against the others. The unit is a minute of travel; a plan's cost is the sum of all, and
 * less is better. A weight of 0 leaves an evil out of account.
 */
export interface PlanningWeights {
  /** Of a minute on the way. */
  travel: number;
  /** Of a minute by which one part of one visit starts after its latest start. */
  lateness: number;
  /** Of a minute of the greatest lateness in the plan. */
  worstLateness: number;
  /** Of a minute by which a visit starts earlier or later than the family was told. */
  movedMinute: number;
  /** Of a part done by another caregiver than the family was told. */
  changedCaregiver: number;
  /** Of a part done by somebody whom the elder never saw, and in proportion for less strange ones. */
  stranger: number;
  /** Of a minute of unevenness: the squared minutes of work over the minutes of shift, beyond an even share. */
  unevenness: number;
  /** Of a minute of a caregiver's day beyond `normalDayMinutes`. */
  overtime: number;
  /** Of a visit that is not in the plan. It is meant to exceed all the rest, so that nothing is left out for comfort. */
  leftOut: number;
}

/** Lateness hurts more than driving; a promise is broken for a quarter of an hour saved, not for three minutes. */
export const defaultWeights: PlanningWeights = {
  travel: 1,
  lateness: 2,
  worstLateness: 2,
  movedMinute: 0.5,
  changedCaregiver: 15,
  stranger: 10,
  unevenness: 0.2,
  overtime: 1.5,
  leftOut: 5000,
};
