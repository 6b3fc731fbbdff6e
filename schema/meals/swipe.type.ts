import { Field, ID, ObjectType } from 'type-graphql';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { DiningMode, SwipeOutcome } from '../../entities/meals/swipe.entity.js';
import type { StoredUses } from '../../src/meals/rules/rule-catalog.js';
import { DateScalar, DateTimeScalar, FenScalar } from '../shared/scalars.js';
import { DiningModeEnum, MealEnum } from './meal.type.js';
import { SwipeOutcomeEnum } from './swipe-outcome.type.js';

@ObjectType('FundingShare', {
  simpleResolvers: true,
  description: 'The part of a subsidy that one funder bears.',
})
export class FundingShareType {
  @Field(() => String, { description: "The funder's name." })
  funder!: string;

  @Field(() => FenScalar, { description: 'Its part, in fen.' })
  fen!: number;
}

@ObjectType('RuleUse', {
  simpleResolvers: true,
  description: 'What one rule gave towards a meal, as caps count it.',
})
export class RuleUseType {
  @Field(() => String, {
    description: 'The rule as SET/GROUP/RULE, by the codes that it keeps from version to version.',
  })
  rule!: string;

  @Field(() => FenScalar, { description: 'What it gave, in fen.' })
  fen!: number;
}

@ObjectType('SwipeReceipt', {
  simpleResolvers: true,
  description: 'A recorded meal, as its reader prints it.',
})
export class SwipeReceiptType {
  /** For the edge to the canteen; not a field of the graph. */
  canteenId!: number;

  /** What the rules gave as it is stored; the edge to it reads it. */
  uses!: StoredUses;

  @Field(() => String, { description: 'Unique: the day of the meal and a number.' })
  serial!: string;

  @Field(() => String, { description: 'Family name kept, given name starred.' })
  elderName!: string;

  @Field(() => MealEnum, { description: 'The meal; of a swipe outside all windows, the nearest one.' })
  meal!: Meal;

  @Field(() => DateScalar, { description: 'The day of the tap.' })
  mealDate!: string;

  @Field(() => DiningModeEnum, { description: 'Where it is eaten.' })
  mode!: DiningMode;

  @Field(() => DateTimeScalar, { description: "The reader's clock at the tap." })
  swipedAt!: Date;

  @Field(() => FenScalar, { description: 'The price on the menu, in fen.' })
  grossFen!: number;

  @Field(() => [FundingShareType], {
    description: 'Who paid which part of the subsidy; their sum is subsidyFen.',
  })
  funding!: FundingShareType[];

  @Field(() => FenScalar, { description: 'Borne by funders, in fen.' })
  subsidyFen!: number;

  @Field(() => FenScalar, {
    description: 'Borne by the canteen or a donor, in fen; the whole price while a manager has to decide.',
  })
  discountFen!: number;

  @Field(() => FenScalar, {
    description: 'Borne by the elder, in fen: grossFen = subsidyFen + discountFen + selfPaidFen, always.',
  })
  selfPaidFen!: number;

  @Field(() => FenScalar, { description: "The elder's own money after this swipe, in fen." })
  balanceFen!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The rule and version that decided the split; null when no rule gave anything.',
  })
  rule!: string | null;

  @Field(() => Boolean, { description: 'True once a manager has taken the meal back.' })
  voided!: boolean;
}

@ObjectType('SwipeResult', { simpleResolvers: true, description: 'The answer to one swipe.' })
export class SwipeResultType {
  @Field(() => ID, { description: 'The id that the reader sent.' })
  swipeId!: string;

  @Field(() => SwipeOutcomeEnum, { description: 'What happened.' })
  outcome!: SwipeOutcome;

  @Field(() => Boolean, { description: 'True when this answer was given before.' })
  replayed!: boolean;

  @Field(() => String, {
    description: "For the reader's display, in the language of the request's accept-language.",
  })
  message!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The input field at fault; null when no one field is.',
  })
  field!: string | null;

  @Field(() => SwipeReceiptType, { nullable: true, description: 'Null when nothing was recorded.' })
  receipt!: SwipeReceiptType | null;
}

@ObjectType('SwipePreview', { simpleResolvers: true, description: 'What a swipe at this instant would do.' })
export class SwipePreviewType {
  @Field(() => SwipeOutcomeEnum, { description: 'ACCEPTED, or what stands in the way.' })
  outcome!: SwipeOutcome;

  @Field(() => String, { description: "For the reader's display, in the language of the request." })
  message!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Family name kept, given name starred; null when the card is unknown.',
  })
  elderName!: string | null;

  @Field(() => FenScalar, { description: 'What funders would bear, in fen.' })
  subsidyFen!: number;

  @Field(() => FenScalar, { description: 'What the canteen or a donor would bear, in fen.' })
  discountFen!: number;

  @Field(() => FenScalar, { description: 'What the elder would bear, in fen.' })
  selfPaidFen!: number;

  @Field(() => FenScalar, {
    nullable: true,
    description: 'The balance after such a swipe, in fen; null when the card is unknown.',
  })
  balanceFen!: number | null;
}
