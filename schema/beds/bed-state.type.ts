import { enumeration } from '../shared/enumeration.js';

export const BedTypeEnum = enumeration('BedType', 'For whom a bed is equipped.', {
  GENERAL: 'Full-time, for elders who need little help.',
  NURSING: 'Full-time, with nursing (护理型床位).',
  DAY_CARE: 'For the day only; the elder sleeps at home.',
  HOME: 'A family care bed (家庭养老床位): an adapted home with devices and visits.',
});
export type BedTypeValue = keyof typeof BedTypeEnum;

/** Follows from stays, holds and closures; it is never stored beside them. */
export const BedStateEnum = enumeration('BedState', 'What a bed is on a day.', {
  FREE: 'In service, and nobody has it.',
  HELD: 'Kept for an elder who is expected, until the hold expires.',
  OCCUPIED: 'A resident is in it.',
  ON_LEAVE: 'Kept for a resident who is away for a time.',
  OUT_OF_SERVICE: 'Registered, and closed for the time being.',
});
export type BedStateValue = keyof typeof BedStateEnum;
