import { createUnionType, Field, ObjectType } from 'type-graphql';
import type { Language } from '../../src/shared/text.js';
import type { VisitRefusal } from '../../src/visits/visit-refusals.js';
import { enumeration } from '../shared/enumeration.js';
import { type ShownRefusal, shownRefusal } from '../shared/refusal.js';
import { VisitType } from './visit.type.js';
import { shownSlot, VisitSlotType } from './visit-slot.type.js';

/** Why a visit was not booked or changed, in order of precedence. */
export const VisitRefusalCodeEnum = enumeration('VisitRefusalCode', 'Why nothing was booked or changed.', {
  REQUEST_ID_MALFORMED: 'The requestId is no UUID.',
  NOTE_INVALID: 'A note or a reason is too long or has a line break, or flexMinutes is out of range.',
  START_INVALID: 'The start has seconds: visits begin on whole minutes.',
  RECURRENCE_INVALID:
    'No RRULE by days, weeks or months with COUNT or UNTIL, without any occurrence, with too many, or its first is not startsAt.',
  VISIT_UNKNOWN: 'There is no such visit, or the caller may not change it.',
  WRONG_STATUS: 'The status does not allow it; the message says from which to which.',
  ELDER_NOT_ACTIVE: 'Unknown, deceased, moved away, or the file is closed.',
  SERVICE_NOT_OFFERED: 'No station that serves the elder offers it.',
  TIME_OUT_OF_RANGE: 'In the past, or further ahead than bookings are open.',
  ELDER_BUSY: 'The elder has another visit at that time.',
  NO_CAREGIVER_FREE: 'No caregiver with the skill is free, travel counted.',
  TOO_LATE_TO_CANCEL: 'The visit begins too soon to be called off.',
  TOO_FAR_AWAY: "Checked in or out too far from the elder's home.",
  POSITION_INVALID:
    'No place on the earth, only one of latitude and longitude, or an accuracy that cannot be.',
  TAG_INVALID: 'What was read of a tag is empty, or has more than 100 characters.',
  TOO_MANY: 'Forty taps of this caregiver are kept of the visit already.',
  REQUEST_ID_REUSED: 'The requestId was used before with other content; nothing was written.',
});
export type VisitRefusalCodeValue = keyof typeof VisitRefusalCodeEnum;

@ObjectType('VisitRefusal', {
  simpleResolvers: true,
  description: 'An expected refusal: nothing was written.',
})
export class VisitRefusalType {
  @Field(() => VisitRefusalCodeEnum, { description: 'The reason, for programs.' })
  code!: VisitRefusalCodeValue;

  @Field(() => String, { description: 'The reason, for people, in the language of accept-language.' })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'The input field at fault, as a path; null when no one field is.',
  })
  field!: readonly string[] | null;

  @Field(() => [VisitSlotType], {
    description: 'Up to five nearest free slots, when the time was the trouble.',
  })
  alternatives!: VisitSlotType[];
}

export const VisitResultUnion = createUnionType({
  name: 'VisitResult',
  description: 'The visit as it now stands, or why nothing changed.',
  types: () => [VisitType, VisitRefusalType] as const,
  resolveType: (value) => ('alternatives' in value ? VisitRefusalType : VisitType),
});

/** A refusal with the slots that could be had instead. */
export function shownVisitRefusal(
  refusal: VisitRefusal,
  language: Language,
): ShownRefusal<VisitRefusalCodeValue> & { alternatives: VisitSlotType[] } {
  return { ...shownRefusal(refusal, language), alternatives: refusal.alternatives.map(shownSlot) };
}
