import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import {
  type ThresholdName,
  type ThresholdUnit,
  thresholdKinds,
  thresholdNames,
} from '../../src/meals/flags/flag-thresholds.rules.js';
import type { ThresholdRefusalCode } from '../../src/meals/flags/set-flag-threshold.js';
import { enumeration } from '../shared/enumeration.js';
import { DateScalar } from '../shared/scalars.js';

const described = (name: ThresholdName) => {
  const { unit, min, max, means } = thresholdKinds[name];
  return [name, `In ${unit}, ${min} to ${max}: ${means.en}.`] as const;
};

export const FlagThresholdNameEnum = enumeration<ThresholdName>(
  'FlagThresholdName',
  'A number that signs of fraud are held against.',
  Object.fromEntries(thresholdNames.map(described)) as Record<ThresholdName, string>,
);

export const FlagThresholdUnitEnum = enumeration<ThresholdUnit>(
  'FlagThresholdUnit',
  'What a threshold counts.',
  {
    SWIPES: 'Swipes.',
    CARDS: 'Different cards.',
    SECONDS: 'Seconds.',
    MINUTES: 'Minutes.',
    HOURS: 'Hours.',
    DAYS: 'Days with meals.',
    KMH: 'Kilometres an hour.',
    METERS: 'Metres, as the crow flies.',
    PERCENT: 'Per cent.',
  },
);

@ObjectType('FlagThreshold', {
  simpleResolvers: true,
  description: 'A number that signs of fraud are held against, and since when it counts.',
})
export class FlagThresholdType {
  @Field(() => FlagThresholdNameEnum, { description: 'Which.' })
  name!: ThresholdName;

  @Field(() => Int, { description: 'The number, in its unit.' })
  value!: number;

  @Field(() => FlagThresholdUnitEnum, { description: 'What it counts.' })
  unit!: ThresholdUnit;

  @Field(() => String, { description: 'What it means, in the language of the request.' })
  meaning!: string;

  @Field(() => DateScalar, { description: 'The first day of taps that are held against it.' })
  fromDay!: string;
}

export const FlagThresholdRefusalCodeEnum = enumeration<ThresholdRefusalCode>(
  'FlagThresholdRefusalCode',
  'Why a threshold was not set. When several apply, the first in this list is the answer.',
  {
    NOT_ENTITLED: 'It counts everywhere, and the caller administers a part.',
    VALUE_OUT_OF_RANGE: 'The value is smaller or larger than this threshold may be.',
    BACKDATED: 'The first day lies before today.',
  },
);

@ObjectType('FlagThresholdRefusal', {
  simpleResolvers: true,
  description: 'The threshold stays as it was, and why.',
})
export class FlagThresholdRefusalType {
  @Field(() => FlagThresholdRefusalCodeEnum, { description: 'Why.' })
  code!: ThresholdRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

export const FlagThresholdResultUnion = createUnionType({
  name: 'FlagThresholdResult',
  description: 'The threshold as it counts from that day on, or why it was not set.',
  types: () => [FlagThresholdType, FlagThresholdRefusalType] as const,
  resolveType: (value) => ('code' in value ? FlagThresholdRefusalType : FlagThresholdType),
});
