import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import type { Day } from '../../src/shared/china-time.js';
import { ElderCategoryEnum } from '../elders/elder.type.js';
import { DateScalar } from '../shared/scalars.js';
import { CareRefusalType } from './care-refusal.type.js';

const texts = {
  leadMinutes:
    'How many minutes before its start a family may book a visit, or move one to, at the latest, 0 to 10080.',
  horizonDays: 'How many days after today may be booked, 1 to 366.',
  rasterMinutes: 'Minutes between the starts that are offered, 5 to 240; any other start may be booked too.',
  noticeMinutes:
    'How many minutes before its start a family may move a visit or call it off at the latest, 0 to 10080.',
  abilityFrom:
    '0 for everybody of the category, whether assessed or not; else the least ability level, 1 to 4.',
} as const;

@ObjectType('VisitTerms', {
  simpleResolvers: true,
  description: 'On which terms visits are booked at a facility and beneath it.',
})
export class VisitTermsType {
  @Field(() => Int, { description: texts.leadMinutes })
  leadMinutes!: number;

  @Field(() => Int, { description: texts.horizonDays })
  horizonDays!: number;

  @Field(() => Int, { description: texts.rasterMinutes })
  rasterMinutes!: number;

  @Field(() => Int, { description: texts.noticeMinutes })
  noticeMinutes!: number;
}

@InputType('VisitTermsInput', {
  description: 'Terms from a day on; what is left out stays as it was until then.',
})
export class VisitTermsInput {
  @Field(() => ID, { description: 'For this facility and all beneath it that has none of its own.' })
  facilityId!: string;

  @Field(() => DateScalar, { description: 'From this day on, not before today.' })
  fromDay!: Day;

  @Field(() => Int, { nullable: true, description: texts.leadMinutes })
  leadMinutes?: number | null;

  @Field(() => Int, { nullable: true, description: texts.horizonDays })
  horizonDays?: number | null;

  @Field(() => Int, { nullable: true, description: texts.rasterMinutes })
  rasterMinutes?: number | null;

  @Field(() => Int, { nullable: true, description: texts.noticeMinutes })
  noticeMinutes?: number | null;
}

export const VisitTermsResultUnion = createUnionType({
  name: 'VisitTermsResult',
  description: 'The terms from that day on, or why nothing changed.',
  types: () => [VisitTermsType, CareRefusalType] as const,
  resolveType: (value) => ('code' in value ? CareRefusalType : VisitTermsType),
});

@ObjectType('VisitDuty', {
  simpleResolvers: true,
  description:
    'Elders of a category, from an ability level on, are to be visited every month at a place and beneath it.',
})
export class VisitDutyType {
  @Field(() => ID, { description: 'The place that has the duty.' })
  facilityId!: number;

  @Field(() => ElderCategoryEnum, { description: 'Of which elders.' })
  category!: ElderCategory;

  @Field(() => Int, { description: texts.abilityFrom })
  abilityFrom!: number;

  @Field(() => DateScalar, { description: 'Its first day.' })
  fromDay!: Day;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The first day on which it is no duty any more; null while no end is said.',
  })
  toDay!: Day | null;
}

@InputType('VisitDutyInput', { description: 'Whether it is a duty from a day on.' })
export class VisitDutyInput {
  @Field(() => ID, { description: 'For the elders whose home station lies at this facility or beneath it.' })
  facilityId!: string;

  @Field(() => ElderCategoryEnum, { description: 'Of which elders.' })
  category!: ElderCategory;

  @Field(() => Int, { description: texts.abilityFrom })
  abilityFrom!: number;

  @Field(() => DateScalar, { description: 'From this day on, not before today.' })
  fromDay!: Day;

  @Field(() => Boolean, { description: 'True where it is a duty from then on, false where it is none.' })
  isDuty!: boolean;
}

@ObjectType('VisitDuties', { simpleResolvers: true, description: 'The duties of one facility.' })
export class VisitDutiesType {
  @Field(() => [VisitDutyType], {
    description: 'Past ones and those to come too, by category, level and first day.',
  })
  duties!: VisitDutyType[];
}

export const VisitDutyResultUnion = createUnionType({
  name: 'VisitDutyResult',
  description: 'The duties of the facility as they are now, or why nothing changed.',
  types: () => [VisitDutiesType, CareRefusalType] as const,
  resolveType: (value) => ('code' in value ? CareRefusalType : VisitDutiesType),
});
