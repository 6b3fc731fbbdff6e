import { enumeration } from '../shared/enumeration.js';

/** The life cycle of a visit. */
export const VisitStatusEnum = enumeration(
  'VisitStatus',
  'Where a visit stands between being asked for and being done.',
  {
    REQUESTED: 'Asked for; no caregiver is assigned yet.',
    ASSIGNED: 'A caregiver is assigned and has not checked in.',
    IN_PROGRESS: 'The caregiver has checked in and not out.',
    COMPLETED: 'The caregiver has checked out.',
    CANCELLED: 'Called off before it began.',
    NO_SHOW: 'Its time passed and nobody checked in.',
  },
);
export type VisitStatusValue = keyof typeof VisitStatusEnum;
