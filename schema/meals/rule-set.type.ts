import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import type { VersionStatus } from '../../entities/rule-version.js';
import type { RuleRefusalCode } from '../../src/meals/rules/subsidy-rules.js';
import { enumeration } from '../shared/enumeration.js';
import {
  ProposeVersionInput,
  RuleRefusalType,
  RuleVersionConnectionType,
  RuleVersionType,
  versionRefusalTexts,
  versionStatusTexts,
} from '../shared/rule-version.js';

export const RuleStatusEnum = enumeration<VersionStatus>(
  'SubsidyRuleStatus',
  'What became of a version of subsidy rules. Only a proposed one can still change.',
  versionStatusTexts,
);

const documentDescription = 'JSON in the format of docs/meal-subsidy-rules.md, at most 60000 bytes.';

@ObjectType('SubsidyRuleSet', {
  simpleResolvers: true,
  description:
    'A version of a set of subsidy rules, for the canteens beneath a facility. Of the approved versions of a code the one that began last counts on a day.',
})
export class SubsidyRuleSetType extends RuleVersionType {
  @Field(() => RuleStatusEnum, { description: 'Whether it counts.' })
  status!: VersionStatus;

  @Field(() => String, { description: documentDescription })
  document!: string;
}

@ObjectType('SubsidyRuleSetConnection', { simpleResolvers: true, description: 'A page of versions.' })
export class SubsidyRuleSetConnectionType extends RuleVersionConnectionType {
  @Field(() => [SubsidyRuleSetType], { description: 'In the order in which they were proposed.' })
  nodes!: SubsidyRuleSetType[];
}

@InputType({ description: 'A new version of a set of subsidy rules.' })
export class ProposeRuleSetInput extends ProposeVersionInput {
  @Field(() => ID, {
    description: 'It counts in the canteens beneath this facility; the same for all versions.',
  })
  facilityId!: string;

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
    ...versionRefusalTexts,
  },
);

@ObjectType('SubsidyRuleRefusal', { simpleResolvers: true, description: 'Nothing was written, and why.' })
export class SubsidyRuleRefusalType extends RuleRefusalType {
  @Field(() => RuleRefusalCodeEnum, { description: 'Why.' })
  code!: RuleRefusalCode;
}

export const RuleSetResultUnion = createUnionType({
  name: 'SubsidyRuleSetResult',
  description: 'The version as it now is, or why nothing was written.',
  types: () => [SubsidyRuleSetType, SubsidyRuleRefusalType] as const,
  resolveType: (value) => ('message' in value ? SubsidyRuleRefusalType : SubsidyRuleSetType),
});
