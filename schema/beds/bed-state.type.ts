import type { OutOfServiceReason } from '../../entities/beds/bed-out-of-service.entity.js';
import type { RoomGender } from '../../entities/beds/room.entity.js';
import type { LeaveKind } from '../../entities/beds/stay-leave.entity.js';
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

export const RoomGenderEnum = enumeration<RoomGender>('RoomGender', 'Who may live in a room.', {
  FEMALE: 'Women.',
  MALE: 'Men.',
  ANY: 'Anybody, as couples do.',
});

export const LeaveKindEnum = enumeration<LeaveKind>(
  'LeaveKind',
  'Where a resident is who is away for a time.',
  {
    HOME: 'With the family. Meals at a canteen are subsidised as for who lives at home.',
    HOSPITAL: 'In hospital.',
  },
);

export const OutOfServiceReasonEnum = enumeration<OutOfServiceReason>(
  'OutOfServiceReason',
  'Why nobody can have a registered bed for a time.',
  {
    REPAIR: 'The bed or the room is repaired.',
    DISINFECTION: 'The room is disinfected.',
    INSPECTION: 'An authority has closed it.',
    STAFFING: 'There are not enough people to care for it.',
    OTHER: 'Another reason.',
  },
);
