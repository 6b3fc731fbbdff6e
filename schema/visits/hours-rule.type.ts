import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { HoursRuleStatus } from '../../entities/visits/hours-rule.entity.js';
import type { HoursRuleRefusalCode } from '../../src/visits/propose-hours-rules.js';
import { enumeration } from '../shared/enumeration.js';
import { PageInfo } from '../shared/paging.js';
import { DateScalar, DateTimeScalar } from '../shared/scalars.js';

export const HoursRuleStatusEnum = enumeration<HoursRuleStatus>(
  'HoursRuleStatus',
  'What became of a version of rules of hours. Only a proposed one can still change.',
  {
    PROPOSED: 'Waits for a second person; it counts nowhere.',
    APPROVED: 'Counts from its first day on, and is never changed.',
    REJECTED: 'Was turned down.',
    WITHDRAWN: 'Was taken back by its author.',
  },
);

const documentDescription = 'JSON in the format of docs/home-care-hours.md, at most 60000 bytes.';

@ObjectType('HoursRuleSet', {
  simpleResolvers: true,
  description:
    'A version of a set of rules of government hours, for the home-care stations beneath a facility. Of the approved versions of a code the one that began last counts on a day.',
})
export class HoursRuleSetType {
  @Field(() => ID, { description: 'Of this version.' })
  id!: number;

  @Field(() => String, { description: 'Of the set; all its versions share it.' })
  code!: string;

  @Field(() => Int, { description: 'Counted from 1 for each code.' })
  version!: number;

  /** For the edge to the facility; not a field of the graph. */
  facilityId!: number;

  @Field(() => DateScalar, { description: 'The first day on which it counts.' })
  fromDay!: string;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The first day on which nothing of it counts any more; null while no end is known.',
  })
  toDay!: string | null;

  @Field(() => HoursRuleStatusEnum, { description: 'Whether it counts.' })
  status!: HoursRuleStatus;

  @Field(() => String, { description: documentDescription })
  document!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The account that proposed it; null for what the command line brought in.',
  })
  proposedById!: number | null;

  @Field(() => DateTimeScalar, { description: 'When it was proposed.' })
  proposedAt!: Date;

  @Field(() => ID, {
    nullable: true,
    description: 'The account that approved, rejected or withdrew it; never the author of an approved one.',
  })
  decidedById!: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was decided on.' })
  decidedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'What was said with the decision.' })
  decisionNote!: string | null;
}

@ObjectType('HoursRuleSetConnection', { simpleResolvers: true, description: 'A page of versions.' })
export class HoursRuleSetConnectionType {
  @Field(() => [HoursRuleSetType], { description: 'In the order in which they were proposed.' })
  nodes!: HoursRuleSetType[];

  @Field(() => PageInfo, { description: 'Where the page ends.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'How many there are on all pages.' })
  totalCount!: number | (() => Promise<number>);
}

@InputType({ description: 'A new version of a set of rules of government hours.' })
export class ProposeHoursRuleSetInput {
  @Field(() => String, { description: 'Of the set: 1 to 32 of A-Z, 0-9 and the hyphen.' })
  code!: string;

  @Field(() => ID, {
    description: 'It counts at the home-care stations beneath this facility; the same for all versions.',
  })
  facilityId!: string;

  @Field(() => DateScalar, { description: 'The first day on which it counts; not over when it is approved.' })
  fromDay!: string;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The first day on which nothing of it counts any more; null while no end is known.',
  })
  toDay?: string | null;

  @Field(() => String, { description: documentDescription })
  document!: string;
}

export const HoursRuleRefusalCodeEnum = enumeration<HoursRuleRefusalCode>(
  'HoursRuleRefusalCode',
  'Why rules were not proposed or decided on.',
  {
    DOCUMENT_INVALID: 'It is not a document of the format; the field is named.',
    INTERVAL_INVALID: 'An interval of ages or levels is empty.',
    CODE_REUSED: 'Two grants have one code.',
    SHARES_INVALID: 'The per cents of the funders do not come to 100, or a funder is named twice.',
    FUNDER_UNKNOWN: 'A grant names a funder that is not there.',
    CODE_INVALID: 'The code is not 1 to 32 of A-Z, 0-9 and the hyphen.',
    DATE_OUT_OF_RANGE: 'The days do not exist or end before they begin.',
    FACILITY_UNKNOWN: 'No facility has this id, as far as the caller may see.',
    FACILITY_DIFFERS: 'Other versions of the code are for another facility.',
    VERSIONS_OVERLAP: 'An approved version begins later, and before this one ends.',
    RULES_UNKNOWN: 'No version has this id, as far as the caller may see.',
    NOT_PROPOSED: 'It was decided on before.',
    SAME_PERSON: 'Who proposed it may not approve it.',
    NOT_THE_AUTHOR: 'Its author alone may withdraw it.',
    BACKDATED: 'Its first day is over.',
    NOTE_INVALID: 'The note is missing, or longer than 200 characters.',
  },
);

@ObjectType('HoursRuleRefusal', { simpleResolvers: true, description: 'Nothing was written, and why.' })
export class HoursRuleRefusalType {
  @Field(() => HoursRuleRefusalCodeEnum, { description: 'Why.' })
  code!: HoursRuleRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'The input field at fault, as a path; into the document where it is there.',
  })
  field!: readonly string[] | null;
}

export const HoursRuleSetResultUnion = createUnionType({
  name: 'HoursRuleSetResult',
  description: 'The version as it now is, or why nothing was written.',
  types: () => [HoursRuleSetType, HoursRuleRefusalType] as const,
  resolveType: (value) => ('message' in value ? HoursRuleRefusalType : HoursRuleSetType),
});
