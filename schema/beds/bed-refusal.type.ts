import { createUnionType, Field, ObjectType } from 'type-graphql';
import type { BedRefusalCode } from '../../src/beds/bed-refusals.js';
import { enumeration } from '../shared/enumeration.js';
import { BedStayType } from './bed.type.js';
import { WaitlistEntryType } from './waitlist.type.js';

export const BedRefusalCodeEnum = enumeration<BedRefusalCode>(
  'BedRefusalCode',
  'Why nothing was changed. When several apply, the first in this list is the answer; a bed or an elder that there is not, as far as the caller may see, comes before all but a malformed request id.',
  {
    REQUEST_ID_MALFORMED: 'The requestId is no UUID.',
    REASON_UNKNOWN: 'No code of dischargeReasons.',
    NOTE_INVALID: 'A note has at most 200 characters, and no control characters.',
    FEE_OUT_OF_RANGE: 'Less than nothing, or more than 1000000 fen a day.',
    RULE_INVALID: 'A number of a rule is out of range, or its place is; the field says which.',
    ROOMS_INVALID: 'None, or more than 200 at once.',
    STAY_UNKNOWN: 'There is no such stay or hold, as far as the caller may see.',
    TRANSFER_UNKNOWN: 'There is no such transfer that the caller may answer or take back.',
    REQUEST_ID_REUSED: 'The requestId was used before with other content; nothing was written.',
    WRONG_STATE: 'The stay, the entry or the offer is not in a state that allows it.',
    DAY_OUT_OF_RANGE: 'Too late or too early a day; the message says which days may be.',
    HOLD_TOO_LONG: 'The hold would last longer than the rule of its type allows.',
    HOLD_EXPIRED: 'The hold or the offer had ended before.',
    BED_NOT_FREE: 'Unknown, out of service, held or occupied on one of the days.',
    ELDER_NOT_ACTIVE: 'Unknown, deceased, moved away, or the file is closed.',
    ELDER_HAS_BED: 'The elder already has a bed in that time.',
    BED_NOT_SUITABLE:
      "The bed's type does not suit the elder's unexpired ability level, or the room the elder.",
    NOT_ASSESSED: 'Never assessed, or the assessment has expired.',
    CONTRACT_MISSING: 'The rule wants the contract signed before the elder comes.',
    NOT_NEXT_IN_LINE: 'Somebody on the waiting list comes first; skipping needs a reason.',
    LEAVE_LIMIT: 'No days of leave are left in this year, or fewer than asked for.',
    CHARGED_ALREADY: 'The day is on a bill already.',
  },
);
export type BedRefusalCodeValue = BedRefusalCode;

@ObjectType('BedRefusal', { simpleResolvers: true, description: 'An expected refusal: nothing was written.' })
export class BedRefusalType {
  @Field(() => BedRefusalCodeEnum, { description: 'The reason, for programs.' })
  code!: BedRefusalCodeValue;

  @Field(() => String, { description: 'The reason, for people, in the language of accept-language.' })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'The argument at fault, as a path; null when no one argument is.',
  })
  field!: readonly string[] | null;
}

@ObjectType('WaitlistRefusal', {
  simpleResolvers: true,
  description: 'An expected refusal about a waiting list: nothing was written.',
})
export class WaitlistRefusalType {
  @Field(() => BedRefusalCodeEnum, { description: 'The reason, for programs.' })
  code!: BedRefusalCodeValue;

  @Field(() => String, { description: 'The reason, for people, in the language of accept-language.' })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'The argument at fault, as a path; null when no one argument is.',
  })
  field!: readonly string[] | null;
}

export const BedResultUnion = createUnionType({
  name: 'BedResult',
  description: 'The stay as it now is, or why nothing changed.',
  types: () => [BedStayType, BedRefusalType] as const,
  resolveType: (value) => ('code' in value ? BedRefusalType : BedStayType),
});

export const WaitlistResultUnion = createUnionType({
  name: 'WaitlistResult',
  description: 'The entry as it now is, or why nothing changed.',
  types: () => [WaitlistEntryType, WaitlistRefusalType] as const,
  resolveType: (value) => ('code' in value ? WaitlistRefusalType : WaitlistEntryType),
});
