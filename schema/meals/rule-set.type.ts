import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { RuleStatus } from '../../entities/meals/subsidy-rule.entity.js';
import type { RuleRefusalCode } from '../../src/meals/rules/propose-rules.js';
import { enumeration } from '../shared/enumeration.js';
import { PageInfo } from '../shared/paging.js';
import { DateScalar, DateTimeScalar } from '../shared/scalars.js';

export const RuleStatusEnum = enumeration<RuleStatus>(
  'SubsidyRuleStatus',
  'What became of a version of subsidy rules. Only a proposed one can still change.',
  {
    PROPOSED: 'Waits for a second person; it counts nowhere.',
    APPROVED: 'Counts from its first day on, and is never changed.',
    REJECTED: 'Was turned down.',
    WITHDRAWN: 'Was taken back by its author.',
  },
);

const documentDescription = 'JSON in the format of docs/meal-subsidy-rules.md, at most 60000 bytes.';

@ObjectType('SubsidyRuleSet', {
  simpleResolvers: true,
  description:
    'A version of a set of subsidy rules, for the canteens beneath a facility. Of the approved versions of a code the one that began last counts on a day.',
})
export class SubsidyRuleSetType {
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

  @Field(() => RuleStatusEnum, { description: 'Whether it counts.' })
  status!: RuleStatus;

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

@ObjectType('SubsidyRuleSetConnection', { simpleResolvers: true, description: 'A page of versions.' })
export class SubsidyRuleSetConnectionType {
  @Field(() => [SubsidyRuleSetType], { description: 'In the order in which they were proposed.' })
  nodes!: SubsidyRuleSetType[];

  @Field(() => PageInfo, { description: 'Where the page ends.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'How many there are on all pages.' })
  totalCount!: number | (() => Promise<number>);
}

@InputType({ description: 'A new version of a set of subsidy rules.' })
export class ProposeRuleSetInput {
  @Field(() => String, { description: 'Of the set: 1 to 32 of A-Z, 0-9 and the hyphen.' })
  code!: string;

  @Field(() => ID, {
    description: 'It counts in the canteens beneath this facility; the same for all versions.',
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

export const RuleRefusalCodeEnum = enumeration<RuleRefusalCode>(
  'SubsidyRuleRefusalCode',
  'Why rules were not proposed or decided on.',
  {
    DOCUMENT_INVALID: 'It is not a document of the format; the field is named.',
    AMOUNT_OUT_OF_RANGE: 'An amount is below or above what it may be, in fen.',
    INTERVAL_INVALID: 'An interval of ages, levels, times, days or bills is empty.',
    CODE_REUSED: 'Two groups, or two rules, have one code.',
    RULES_OVERLAP: 'Two rules that should exclude each other may apply together.',
    RULES_CONTRADICT: 'Two rules contradict each other, or a rule its document.',
    PAYS_MORE_THAN_BILL: 'A rule could pay more than the bill and does not say that it stops there.',
    SHARES_INVALID: 'A share has not one bearer and one size, or the shares are more than what is given.',
    FUNDER_UNKNOWN: 'A share names a funder that is not there.',
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

@ObjectType('SubsidyRuleRefusal', { simpleResolvers: true, description: 'Nothing was written, and why.' })
export class SubsidyRuleRefusalType {
  @Field(() => RuleRefusalCodeEnum, { description: 'Why.' })
  code!: RuleRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'The input field at fault, as a path; into the document where it is there.',
  })
  field!: readonly string[] | null;
}

export const RuleSetResultUnion = createUnionType({
  name: 'SubsidyRuleSetResult',
  description: 'The version as it now is, or why nothing was written.',
  types: () => [SubsidyRuleSetType, SubsidyRuleRefusalType] as const,
  resolveType: (value) => ('message' in value ? SubsidyRuleRefusalType : SubsidyRuleSetType),
});
