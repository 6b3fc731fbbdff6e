import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import type { ClassSet } from '../../src/beds/waitlist-terms.js';
import type { Language } from '../../src/shared/text.js';
import { ElderCategoryEnum } from '../elders/elder.type.js';
import { DateScalar } from '../shared/scalars.js';
import { BedRefusalType } from './bed-refusal.type.js';
import { BedTypeEnum, type BedTypeValue } from './bed-state.type.js';

@ObjectType('WaitlistRule', { simpleResolvers: true, description: 'How beds are offered from a day on.' })
export class WaitlistRuleType {
  @Field(() => DateScalar, { description: 'From this day on, until a later rule begins.' })
  from!: string;

  @Field(() => Int, { description: 'For how long an offer counts, in hours.' })
  offerHours!: number;

  @Field(() => Int, { description: 'How many days after an offer its stay may begin.' })
  moveInDaysMax!: number;

  @Field(() => Int, { description: 'So many refusals close the list to an elder.' })
  refusalsMax!: number;

  @Field(() => Int, { description: 'Within so many days.' })
  refusalDays!: number;

  @Field(() => Int, { description: 'And for so many days.' })
  closedDays!: number;

  @Field(() => Boolean, { description: 'Whether an offer that nobody answered is a refusal.' })
  silenceRefuses!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether a bed that somebody did not take is offered on by itself, where a line says nothing else.',
  })
  passesOn!: boolean;
}

@ObjectType('WaitlistClass', { simpleResolvers: true, description: 'A class of waiting lists.' })
export class WaitlistClassType {
  @Field(() => Int, { description: 'Lower ranks come first.' })
  rank!: number;

  @Field(() => ElderCategoryEnum, { nullable: true, description: 'The category it asks for; null for none.' })
  category!: ElderCategory | null;

  @Field(() => Int, { nullable: true, description: 'The least level it asks for, 0 to 4; null for none.' })
  levelMin!: number | null;

  @Field(() => Int, { nullable: true, description: 'The completed years it asks for; null for none.' })
  ageMin!: number | null;

  @Field(() => Boolean, {
    description: 'Whether they come before everybody, and are admitted whoever waits.',
  })
  atOnce!: boolean;

  @Field(() => String, { description: 'The name in the language of accept-language.' })
  name!: string;
}

@ObjectType('WaitlistClasses', {
  simpleResolvers: true,
  description: 'Who comes before whom from a day on: the first class whose conditions an elder meets counts.',
})
export class WaitlistClassesType {
  @Field(() => DateScalar, { description: 'From this day on, until later classes begin.' })
  from!: string;

  @Field(() => [WaitlistClassType], { description: 'In the order in which they are tried.' })
  classes!: WaitlistClassType[];
}

@ObjectType('WaitlistLine', {
  simpleResolvers: true,
  description:
    'The line for beds of a type at a facility, and what becomes of beds that are free or that somebody did not take.',
})
export class WaitlistLineType {
  @Field(() => ID, { description: 'Where.' })
  facilityId!: number;

  @Field(() => BedTypeEnum, { description: 'For which type of bed.' })
  type!: BedTypeValue;

  @Field(() => Boolean, {
    nullable: true,
    description: 'What the facility says on whether they pass on by themselves; null for what the rule says.',
  })
  passesOn!: boolean | null;

  @Field(() => Boolean, { description: 'Whether they pass on by themselves today.' })
  passesOnNow!: boolean;

  @Field(() => Boolean, {
    description: 'Whether free beds are offered by themselves; otherwise they wait for a manager.',
  })
  offersFree!: boolean;
}

export const WaitlistRuleResultUnion = createUnionType({
  name: 'WaitlistRuleResult',
  description: 'The rule as it was set, or why it was not.',
  types: () => [WaitlistRuleType, BedRefusalType] as const,
  resolveType: (value) => ('code' in value ? BedRefusalType : WaitlistRuleType),
});

export const WaitlistClassesResultUnion = createUnionType({
  name: 'WaitlistClassesResult',
  description: 'The classes as they were set, or why they were not.',
  types: () => [WaitlistClassesType, BedRefusalType] as const,
  resolveType: (value) => ('code' in value ? BedRefusalType : WaitlistClassesType),
});

export const WaitlistLineResultUnion = createUnionType({
  name: 'WaitlistLineResult',
  description: 'The line as it now is, or why nothing changed.',
  types: () => [WaitlistLineType, BedRefusalType] as const,
  resolveType: (value) => ('code' in value ? BedRefusalType : WaitlistLineType),
});

export function shownClasses({ from, classes }: ClassSet, language: Language): WaitlistClassesType {
  return { from, classes: classes.map(({ name, ...row }) => ({ ...row, name: name[language] })) };
}
