import { Field, ObjectType } from 'type-graphql';
import type { CareRefusalCode } from '../../src/visits/care-refusals.js';
import { enumeration } from '../shared/enumeration.js';

export const CareRefusalCodeEnum = enumeration<CareRefusalCode>(
  'CareRefusalCode',
  'Why nothing was written. When several apply, the first in this list is the answer.',
  {
    REQUEST_ID_MALFORMED: 'The requestId is no UUID.',
    NOTE_INVALID: 'A text that is needed is missing, or one is too long or holds control characters.',
    NOTHING_GIVEN: 'Neither a note nor a measurement was given.',
    VISIT_UNKNOWN: 'No visit has this id, as far as the caller may see.',
    ELDER_UNKNOWN: 'No elder has this id, as far as the caller may see.',
    FACILITY_UNKNOWN: 'No facility has this id, as far as the caller may see.',
    SERVICE_UNKNOWN: 'No service has this code, or the caller’s grant is not for the whole network.',
    TAG_UNKNOWN: 'No tag has this id, as far as the caller may see.',
    ALERT_UNKNOWN: 'No alert has this id, as far as the caller may see.',
    PAYMENT_UNKNOWN: 'No payment has this id, as far as the caller may see.',
    REQUEST_ID_REUSED: 'The requestId was used before with other content.',
    ELDER_NOT_ACTIVE: 'The file of the elder has ended.',
    BACKDATED: 'The day lies before today.',
    VALUE_OUT_OF_RANGE: 'A number is out of its range; the message says which it is.',
    TIME_OUT_OF_RANGE: 'It is not the time for that; the message says when it is.',
    TOO_MANY: 'More than there may be.',
    WRONG_STATE: 'What it is about is not in a state for that.',
    OWN_VISIT:
      'Whoever brought the visit, or ended it, does not decide about its evidence; nor do a station, and who called it off or objected, about an objection.',
    ALREADY_RATED: 'Somebody else rated the visit, or it was rated more than seven days ago.',
  },
);

@ObjectType('CareRefusal', {
  simpleResolvers: true,
  description: 'An expected refusal: nothing was written.',
})
export class CareRefusalType {
  @Field(() => CareRefusalCodeEnum, { description: 'The reason, for programs.' })
  code!: CareRefusalCode;

  @Field(() => String, { description: 'The reason, for people, in the language of accept-language.' })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'The input field at fault, as a path; null when no one field is.',
  })
  field!: readonly string[] | null;
}
