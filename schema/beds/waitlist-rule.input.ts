import { Field, InputType, Int } from 'type-graphql';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { ElderCategoryEnum } from '../elders/elder.type.js';

@InputType('WaitlistRuleInput', { description: 'How beds are offered; all of it counts together.' })
export class WaitlistRuleInput {
  @Field(() => Int, { description: 'For how long an offer counts, 1 to 720 hours.' })
  offerHours!: number;

  @Field(() => Int, { description: 'How many days after an offer its stay may begin, 0 to 90.' })
  moveInDaysMax!: number;

  @Field(() => Int, { description: 'So many refusals close the list to an elder, 1 to 20.' })
  refusalsMax!: number;

  @Field(() => Int, { description: 'Within so many days, 1 to 3660.' })
  refusalDays!: number;

  @Field(() => Int, { description: 'And for so many days, 0 to 3660.' })
  closedDays!: number;

  @Field(() => Boolean, { description: 'Whether an offer that nobody answered is a refusal.' })
  silenceRefuses!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether a bed that somebody did not take is offered to the next in line by itself, where the facility says nothing else; otherwise it waits for a manager.',
  })
  passesOn!: boolean;
}

@InputType('WaitlistClassInput', {
  description:
    'Who belongs to a class of waiting lists: whoever meets all that it asks, and no class above it.',
})
export class WaitlistClassInput {
  @Field(() => Int, {
    description: 'Lower ranks come first, 1 to 30; not lower than that of the class above.',
  })
  rank!: number;

  @Field(() => ElderCategoryEnum, {
    nullable: true,
    description: 'Asks for this category; for none without it.',
  })
  category!: ElderCategory | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Asks for an unexpired GB/T 42195-2022 level of at least this, 0 to 4; for none without it.',
  })
  levelMin!: number | null | undefined;

  @Field(() => Int, { nullable: true, description: 'Asks for so many completed years; for none without it.' })
  ageMin!: number | null | undefined;

  @Field(() => Boolean, {
    description: 'Whether they come before everybody, and are admitted whoever waits.',
  })
  atOnce!: boolean;

  @Field(() => String, { description: 'The name in Chinese, 1 to 60 characters.' })
  nameZh!: string;

  @Field(() => String, { description: 'The name in English, 1 to 120 characters.' })
  nameEn!: string;
}
