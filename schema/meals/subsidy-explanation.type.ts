import { Field, ID, ObjectType } from 'type-graphql';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import { enumeration } from '../shared/enumeration.js';
import { DateScalar, DateTimeScalar, FenScalar } from '../shared/scalars.js';
import { MealEnum } from './meal.type.js';
import { FundingShareType } from './swipe.type.js';

export type RuleFinding =
  | 'APPLIED'
  | 'UNMET'
  | 'CAP'
  | 'NOTHING_LEFT'
  | 'LOST'
  | 'OTHER_RULE'
  | 'OTHER_SET'
  | 'TOO_MANY';

export const RuleFindingEnum = enumeration<RuleFinding>(
  'SubsidyRuleFinding',
  'What was found of a rule for a meal.',
  {
    APPLIED: 'It gave something.',
    UNMET: 'A condition is not met.',
    CAP: 'All that it gives in a meal, a day, a week or a month has been had.',
    NOTHING_LEFT: 'Nothing of the bill was left for it to pay.',
    LOST: 'Nobody bears it where the elder eats.',
    OTHER_RULE:
      'Another rule of its group counts instead: it gives more, or stands before it, even where that gives nothing.',
    OTHER_SET: 'Another set of rules gives more, or as much and stands before it.',
    TOO_MANY: 'A meal has room for 20 rules, and other sets left too little for this one.',
  },
);

@ObjectType('ExplainedRule', { simpleResolvers: true, description: 'A rule that was looked at for a meal.' })
export class ExplainedRuleType {
  @Field(() => String, { description: 'The set and its version, as receipts name them.' })
  ruleSet!: string;

  @Field(() => String, { description: 'The code of the rule.' })
  code!: string;

  @Field(() => String, { description: 'Its name, in the language of the request.' })
  name!: string;

  @Field(() => RuleFindingEnum, { description: 'What was found.' })
  finding!: RuleFinding;

  @Field(() => String, { description: 'The same in words that can be read to the elder.' })
  reason!: string;

  @Field(() => FenScalar, { description: 'What it gave, in fen; 0 unless it applied.' })
  fen!: number;
}

@ObjectType('SubsidyExplanation', {
  simpleResolvers: true,
  description: 'How the bill of a meal is split, and which rules were looked at.',
})
export class SubsidyExplanationType {
  @Field(() => ID, { description: 'The canteen’s facility.' })
  canteenId!: number;

  @Field(() => DateScalar, { description: 'The day of the meal.' })
  date!: string;

  @Field(() => MealEnum, { description: 'The meal.' })
  meal!: Meal;

  @Field(() => DateTimeScalar, {
    description:
      'The instant that rules with hours were asked about: that of the tap, moved into the serving time for a meal that is brought; where only date and meal were given, the middle of the canteen’s serving time, and the summary says so if a rule asks for it.',
  })
  judgedAt!: Date;

  @Field(() => FenScalar, { description: 'The bill, in fen.' })
  grossFen!: number;

  @Field(() => FenScalar, { description: 'What levels of government bear, in fen.' })
  subsidyFen!: number;

  @Field(() => FenScalar, { description: 'What the canteen or donors bear, in fen.' })
  discountFen!: number;

  @Field(() => FenScalar, { description: 'What the elder pays, in fen.' })
  selfPaidFen!: number;

  @Field(() => [FundingShareType], { description: 'Who pays which part of the subsidy.' })
  funding!: FundingShareType[];

  @Field(() => String, {
    description: 'All of it in words that can be read to the elder, in the language of the request.',
  })
  summary!: string;

  @Field(() => [ExplainedRuleType], {
    description: 'Every rule in force there that day, in their order; none where no swipe would be accepted.',
  })
  rules!: ExplainedRuleType[];
}
