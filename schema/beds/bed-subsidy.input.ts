import { Field, InputType, Int } from 'type-graphql';
import type { SubsidyPeriod } from '../../entities/beds/bed-subsidy.entity.js';
import { enumeration } from '../shared/enumeration.js';
import { FenScalar } from '../shared/scalars.js';
import { BedTypeEnum, type BedTypeValue } from './bed-state.type.js';

export const SubsidyPeriodEnum = enumeration<SubsidyPeriod>(
  'SubsidyPeriod',
  'For what a rate for occupied beds is paid.',
  {
    DAY: 'For each day that counts.',
    MONTH: 'For a month; each day that counts is its part of the days of the month.',
  },
);

@InputType('BedSubsidyRateInput', { description: 'What is paid for whom.' })
export class BedSubsidyRateInput {
  @Field(() => BedTypeEnum, { nullable: true, description: 'Only for beds of this type; of any without it.' })
  bedType?: BedTypeValue | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The least GB/T 42195-2022 level, 0 to 4, with levelMax; without both it is for everybody, whoever has no level that counts too.',
  })
  levelMin?: number | null;

  @Field(() => Int, { nullable: true, description: 'The greatest level, levelMin to 4.' })
  levelMax?: number | null;

  @Field(() => FenScalar, { description: 'How much, 0 to 1000000 fen.' })
  fen!: number;
}

@InputType('BedSubsidyInput', {
  description: 'What a funder pays for occupied beds; all of it counts together.',
})
export class BedSubsidyInput {
  @Field(() => SubsidyPeriodEnum, { description: 'Whether a rate is for a day or for a month.' })
  per!: SubsidyPeriod;

  @Field(() => Int, {
    nullable: true,
    description:
      'Of monthly rates: from how many days of an elder that count a month is paid whole, 1 to 31; without it each day is its part of the month.',
  })
  wholeMonthDays?: number | null;

  @Field(() => Int, { description: 'How many days of leave at home of a month count, 0 to 31.' })
  homeLeaveDaysMax!: number;

  @Field(() => Int, { description: 'How many days in hospital of a month count, 0 to 31.' })
  hospitalDaysMax!: number;

  @Field(() => [BedSubsidyRateInput], {
    description: 'At most 40, of which the first that suits counts; without any nothing is paid.',
  })
  rates!: BedSubsidyRateInput[];
}
