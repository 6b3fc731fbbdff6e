import type { VisitStatus } from '../../entities/visits/visit.entity.js';
import type { VisitEventKind } from '../../entities/visits/visit-event.entity.js';

/** Who takes a step: the elder's side, the station's, the caregiver who brings the visit, or the server by itself. */
export type VisitSide = 'FAMILY' | 'STATION' | 'CAREGIVER' | 'SERVER';

export interface VisitStep {
  event: VisitEventKind;
  from: VisitStatus;
  by: readonly VisitSide[];
  to: VisitStatus;
  /** What else must be so, for the documentation; the functions that take the step see to it. */
  when: string;
}

const bookers = ['FAMILY', 'STATION'] as const;
const planners = ['STATION', 'SERVER'] as const;

/** The life of a visit that is booked. Code, documentation and tests read this one table. */
export const visitSteps: readonly VisitStep[] = [
  {
    event: 'ASSIGN',
    from: 'REQUESTED',
    by: planners,
    to: 'ASSIGNED',
    when: 'the caregivers are free, travel counted',
  },
  {
    event: 'ASSIGN',
    from: 'ASSIGNED',
    by: planners,
    to: 'ASSIGNED',
    when: 'others bring it, or at another time',
  },
  { event: 'UNASSIGN', from: 'ASSIGNED', by: planners, to: 'REQUESTED', when: 'its caregiver is away' },
  { event: 'RESCHEDULE', from: 'REQUESTED', by: bookers, to: 'ASSIGNED', when: 'a caregiver is free then' },
  { event: 'RESCHEDULE', from: 'ASSIGNED', by: bookers, to: 'ASSIGNED', when: 'a caregiver is free then' },
  { event: 'CANCEL', from: 'REQUESTED', by: planners, to: 'CANCELLED', when: 'at any time' },
  { event: 'CANCEL', from: 'ASSIGNED', by: planners, to: 'CANCELLED', when: 'at any time' },
  {
    event: 'CANCEL',
    from: 'REQUESTED',
    by: ['FAMILY'],
    to: 'CANCELLED',
    when: 'with the notice of the terms',
  },
  {
    event: 'CANCEL',
    from: 'ASSIGNED',
    by: ['FAMILY'],
    to: 'CANCELLED',
    when: 'with the notice of the terms',
  },
  {
    event: 'CHECK_IN',
    from: 'ASSIGNED',
    by: ['CAREGIVER'],
    to: 'IN_PROGRESS',
    when: 'the first one arrives',
  },
  {
    event: 'CHECK_IN',
    from: 'IN_PROGRESS',
    by: ['CAREGIVER'],
    to: 'IN_PROGRESS',
    when: 'the second one arrives',
  },
  { event: 'CHECK_IN', from: 'NO_SHOW', by: ['CAREGIVER'], to: 'IN_PROGRESS', when: 'it is uploaded late' },
  {
    event: 'CHECK_IN',
    from: 'COMPLETED',
    by: ['CAREGIVER'],
    to: 'COMPLETED',
    when: 'a tap made offline is uploaded late',
  },
  {
    event: 'CHECK_OUT',
    from: 'IN_PROGRESS',
    by: ['CAREGIVER'],
    to: 'IN_PROGRESS',
    when: 'somebody is still there',
  },
  {
    event: 'CHECK_OUT',
    from: 'IN_PROGRESS',
    by: ['CAREGIVER'],
    to: 'COMPLETED',
    when: 'the last one leaves',
  },
  {
    event: 'CHECK_OUT',
    from: 'COMPLETED',
    by: ['CAREGIVER'],
    to: 'COMPLETED',
    when: 'a tap made offline is uploaded late',
  },
  {
    event: 'CHECK_OUT',
    from: 'IN_PROGRESS',
    by: ['STATION'],
    to: 'COMPLETED',
    when: 'a caregiver did not check out, or one of two never came',
  },
  {
    event: 'MISS',
    from: 'ASSIGNED',
    by: ['STATION', 'SERVER'],
    to: 'NO_SHOW',
    when: 'nobody checked in in time',
  },
  { event: 'MISS', from: 'REQUESTED', by: ['STATION', 'SERVER'], to: 'NO_SHOW', when: 'its time has passed' },
];

/** The steps that somebody on these sides may take from there; none when the status does not allow it. */
export function visitStepsFor(
  event: VisitEventKind,
  from: VisitStatus,
  sides: readonly VisitSide[],
): VisitStep[] {
  return visitSteps.filter(
    (step) => step.event === event && step.from === from && step.by.some((side) => sides.includes(side)),
  );
}

/** In these a visit still takes the time of its elder and its caregivers. */
export const liveStatuses: readonly VisitStatus[] = ['REQUESTED', 'ASSIGNED', 'IN_PROGRESS'];

/** The table in Markdown, for the documentation. */
export function visitStepTable(): string {
  const lines = visitSteps.map(
    ({ event, from, by, to, when }) => `| ${from} | ${event} | ${by.join(', ')} | ${to} | ${when} |`,
  );
  return ['| from | event | who | to | when |', '|---|---|---|---|---|', ...lines].join('\n');
}
