import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import type { VersionStatus } from '../../entities/rule-version.js';
import type { HoursRuleRefusalCode } from '../../src/visits/hours-rules.js';
import { enumeration } from '../shared/enumeration.js';
import {
  ProposeVersionInput,
  RuleRefusalType,
  RuleVersionConnectionType,
  RuleVersionType,
  versionRefusalTexts,
  versionStatusTexts,
} from '../shared/rule-version.js';

export const HoursRuleStatusEnum = enumeration<VersionStatus>(
  'HoursRuleStatus',
  'What became of a version of rules of hours. Only a proposed one can still change.',
  versionStatusTexts,
);

const documentDescription = 'JSON in the format of docs/home-care-hours.md, at most 60000 bytes.';

@ObjectType('HoursRuleSet', {
  simpleResolvers: true,
  description:
    'A version of a set of rules of government hours, for the home-care stations beneath a facility. Of the approved versions of a code the one that began last counts on a day.',
})
export class HoursRuleSetType extends RuleVersionType {
  @Field(() => HoursRuleStatusEnum, { description: 'Whether it counts.' })
  status!: VersionStatus;

  @Field(() => String, { description: documentDescription })
  document!: string;
}

@ObjectType('HoursRuleSetConnection', { simpleResolvers: true, description: 'A page of versions.' })
export class HoursRuleSetConnectionType extends RuleVersionConnectionType {
  @Field(() => [HoursRuleSetType], { description: 'In the order in which they were proposed.' })
  nodes!: HoursRuleSetType[];
}

@InputType({ description: 'A new version of a set of rules of government hours.' })
export class ProposeHoursRuleSetInput extends ProposeVersionInput {
  @Field(() => ID, {
    description: 'It counts at the home-care stations beneath this facility; the same for all versions.',
  })
  facilityId!: string;

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
    ...versionRefusalTexts,
  },
);

@ObjectType('HoursRuleRefusal', { simpleResolvers: true, description: 'Nothing was written, and why.' })
export class HoursRuleRefusalType extends RuleRefusalType {
  @Field(() => HoursRuleRefusalCodeEnum, { description: 'Why.' })
  code!: HoursRuleRefusalCode;
}

export const HoursRuleSetResultUnion = createUnionType({
  name: 'HoursRuleSetResult',
  description: 'The version as it now is, or why nothing was written.',
  types: () => [HoursRuleSetType, HoursRuleRefusalType] as const,
  resolveType: (value) => ('message' in value ? HoursRuleRefusalType : HoursRuleSetType),
});
