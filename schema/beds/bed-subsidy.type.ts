import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql';
import type { SubsidyPeriod } from '../../entities/beds/bed-subsidy.entity.js';
import type { KeptSubsidy } from '../../src/beds/bed-days/read-subsidies.js';
import { DateScalar, FenScalar } from '../shared/scalars.js';
import { BedRefusalType } from './bed-refusal.type.js';
import { BedTypeEnum, type BedTypeValue } from './bed-state.type.js';
import { SubsidyPeriodEnum } from './bed-subsidy.input.js';

@ObjectType('BedSubsidyRate', { simpleResolvers: true, description: 'What is paid for whom.' })
export class BedSubsidyRateType {
  @Field(() => BedTypeEnum, { nullable: true, description: 'Only for beds of this type; null for any.' })
  bedType!: BedTypeValue | null;

  @Field(() => Int, { nullable: true, description: 'The least ability level; null for everybody.' })
  levelMin!: number | null;

  @Field(() => Int, { nullable: true, description: 'The greatest ability level; null for everybody.' })
  levelMax!: number | null;

  @Field(() => FenScalar, { description: 'How much for a day or a month, in fen.' })
  fen!: number;
}

@ObjectType('BedSubsidy', {
  simpleResolvers: true,
  description:
    'What a funder pays homes for occupied beds from a day on, until a later rule of the same place.',
})
export class BedSubsidyType {
  @Field(() => ID, { nullable: true, description: 'Where, with all beneath it; null for everywhere.' })
  facilityId!: number | null;

  @Field(() => String, { description: 'The code of the funder.' })
  funder!: string;

  @Field(() => String, { description: 'The name of the funder.' })
  funderName!: string;

  @Field(() => DateScalar, { description: 'The first day on which it counts.' })
  from!: string;

  @Field(() => SubsidyPeriodEnum, { description: 'Whether a rate is for a day or for a month.' })
  per!: SubsidyPeriod;

  @Field(() => Int, {
    nullable: true,
    description: 'From how many days that count a month is paid whole; null where each day is its part.',
  })
  wholeMonthDays!: number | null;

  @Field(() => Int, { description: 'How many days of leave at home of a month count.' })
  homeLeaveDaysMax!: number;

  @Field(() => Int, { description: 'How many days in hospital of a month count.' })
  hospitalDaysMax!: number;

  @Field(() => [BedSubsidyRateType], { description: 'Tried from the top; none when nothing is paid.' })
  rates!: readonly BedSubsidyRateType[];
}

export const BedSubsidyResultUnion = createUnionType({
  name: 'BedSubsidyResult',
  description: 'The rule as it was set, or why it was not.',
  types: () => [BedSubsidyType, BedRefusalType] as const,
  resolveType: (value) => ('code' in value ? BedRefusalType : BedSubsidyType),
});

export function shownSubsidy({ funder, fromDay, ...rule }: KeptSubsidy): BedSubsidyType {
  return { ...rule, funder: funder.code, funderName: funder.name, from: fromDay };
}
