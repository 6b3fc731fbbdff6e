import { createUnionType, Field, ObjectType } from 'type-graphql';
import type { FacilityRefusal, FacilityRefusalCode } from '../../src/network/facility-refusals.js';
import type { Language } from '../../src/shared/text.js';
import { enumeration } from '../shared/enumeration.js';
import { shownRefusal } from '../shared/refusal.js';
import { FacilityType } from './facility.type.js';

const FacilityRefusalCodeEnum = enumeration<FacilityRefusalCode>(
  'FacilityRefusalCode',
  'Why a facility was not added or changed. When several apply, the first in this list is the answer.',
  {
    FACILITY_UNKNOWN: 'There is no such facility, or it lies outside what the caller’s grants cover.',
    ALREADY_CLOSED: 'It is closed, or set to close by that day.',
    CODE_INVALID: 'A code is 1 to 32 capital letters, digits or hyphens, with no hyphen at either end.',
    NAME_INVALID: 'A name is 1 to 100 characters.',
    DATE_OUT_OF_RANGE: 'The day is too early or too late; the message says what it may be.',
    PARENT_UNKNOWN: 'There is no such parent, or it lies outside what the caller’s grants cover.',
    ALREADY_THERE: 'It stands beneath that parent already on that day.',
    WOULD_BE_A_CYCLE: 'On that day or later it would stand beneath itself.',
    KIND_NOT_ALLOWED_HERE: 'Its kind may not stand beneath the parent’s kind.',
    DIVISION_CODE_INVALID: 'Not digits, not as many as its level has, or not within the parent’s division.',
    PARENT_NOT_OPEN: 'The parent is not open for all of that time.',
    NOT_EMPTY:
      'On that day or later open facilities stand beneath it, somebody has or holds a bed of it, or a meal is to be brought from it; the message says what.',
    CODE_TAKEN: 'Another facility, perhaps a closed one, has the code.',
  },
);

@ObjectType('FacilityRefusal', {
  simpleResolvers: true,
  description: 'An expected refusal: nothing was written.',
})
export class FacilityRefusalType {
  @Field(() => FacilityRefusalCodeEnum, {
    description:
      'The reason, for programs; not `code`, which is a facility’s own field beside it in the union.',
  })
  refusalCode!: FacilityRefusalCode;

  @Field(() => String, { description: 'The reason, for people, in the language of accept-language.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The input field at fault, as a path.' })
  field!: readonly string[] | null;
}

export const FacilityResultType = createUnionType({
  name: 'FacilityResult',
  description: 'The facility as it now stands, or why nothing changed.',
  types: () => [FacilityType, FacilityRefusalType] as const,
  resolveType: (value) => ('message' in value ? FacilityRefusalType : FacilityType),
});

export function shownFacilityRefusal(refusal: FacilityRefusal, language: Language): FacilityRefusalType {
  const { code: refusalCode, message, field } = shownRefusal(refusal, language);
  return { refusalCode, message, field };
}
