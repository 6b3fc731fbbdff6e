import { createUnionType, Field, ObjectType } from 'type-graphql';
import { enumeration } from '../shared/enumeration.js';
import { BedStayType } from './bed.type.js';
import { WaitlistEntryType } from './waitlist.type.js';

/** Why a bed, a stay or a waiting list stayed as it was, in order of precedence. */
export const BedRefusalCodeEnum = enumeration('BedRefusalCode', 'Why nothing was changed.', {
  BED_NOT_FREE: 'Unknown, out of service, held or occupied on one of the days.',
  ELDER_NOT_ACTIVE: 'Unknown, deceased, moved away, or the file is closed.',
  ELDER_HAS_BED: 'The elder already has a bed in that time.',
  BED_NOT_SUITABLE: "The bed's type does not suit the elder's unexpired ability level.",
  NOT_ASSESSED: 'Never assessed, or the assessment has expired.',
  HOLD_EXPIRED: 'The hold or the offer had ended before.',
  NOT_NEXT_IN_LINE: 'Somebody on the waiting list comes first; skipping needs a reason.',
  WRONG_STATE: 'The stay, the entry or the offer is not in a state that allows it.',
  REQUEST_ID_REUSED: 'The requestId was used before with other content; nothing was written.',
});
export type BedRefusalCodeValue = keyof typeof BedRefusalCodeEnum;

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
  field!: string[] | null;
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
  field!: string[] | null;
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
