import { createUnionType, Field, ID, ObjectType } from 'type-graphql';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { SwipeOutcome } from '../../entities/meals/swipe.entity.js';
import type { ReviewBearer } from '../../entities/meals/swipe-review.entity.js';
import type { ReviewRefusalCode } from '../../src/meals/review-refusals.js';
import { enumeration } from '../shared/enumeration.js';
import { PageInfo } from '../shared/paging.js';
import { DateScalar, DateTimeScalar, FenScalar } from '../shared/scalars.js';
import { MealEnum } from './meal.type.js';
import { SwipeOutcomeEnum } from './swipe-outcome.type.js';

export const ReviewBearerEnum = enumeration<ReviewBearer>(
  'ReviewBearer',
  'Who bears the whole price of a meal that was recorded for review.',
  {
    CANTEEN: 'The canteen, as it did until the decision.',
    FUNDER:
      'A funder. The meal is the elder’s meal of that day from then on, so it must not be taken otherwise, and the elder’s file must not have ended before it.',
    ELDER: 'The elder, out of the balance, which must be as high as the price.',
  },
);

@ObjectType('ReviewDecision', {
  simpleResolvers: true,
  description: 'What was decided on a meal for review; it is never changed, but the swipe can be voided.',
})
export class ReviewDecisionType {
  @Field(() => ReviewBearerEnum, { description: 'Who bears the price.' })
  bornBy!: ReviewBearer;

  @Field(() => String, { nullable: true, description: 'The code of the funder; null unless one bears it.' })
  funderCode!: string | null;

  @Field(() => String, { nullable: true, description: 'The name of the funder; null unless one bears it.' })
  funder!: string | null;

  @Field(() => String, { description: 'Why, in the words of who decided.' })
  note!: string;

  @Field(() => DateTimeScalar, { description: 'When it was decided.' })
  decidedAt!: Date;

  @Field(() => String, { description: 'The name of the account that decided.' })
  decidedBy!: string;
}

@ObjectType('SwipeReview', {
  simpleResolvers: true,
  description: 'A meal that was eaten offline and would have been refused, and what was decided on it.',
})
export class SwipeReviewType {
  @Field(() => ID, { description: "The reader's id for the swipe." })
  swipeId!: string;

  /** For the edge to the canteen; not a field of the graph. */
  canteenId!: number;

  @Field(() => String, { description: 'Family name kept, given name starred.' })
  elderName!: string;

  @Field(() => DateScalar, { description: 'The day of the tap.' })
  mealDate!: string;

  @Field(() => MealEnum, { description: 'The meal it was recorded as.' })
  meal!: Meal;

  @Field(() => DateTimeScalar, { description: "The reader's clock at the tap." })
  swipedAt!: Date;

  @Field(() => FenScalar, { description: 'The price on the menu, in fen, which is what is decided on.' })
  grossFen!: number;

  @Field(() => SwipeOutcomeEnum, { description: 'What the swipe would have been refused for.' })
  reason!: SwipeOutcome;

  @Field(() => Boolean, { description: 'True once the swipe was voided; then there is nothing to decide.' })
  voided!: boolean;

  @Field(() => ReviewDecisionType, { nullable: true, description: 'Null until it is decided.' })
  decision!: ReviewDecisionType | null;
}

@ObjectType('SwipeReviewConnection', { simpleResolvers: true, description: 'A page of reviews.' })
export class SwipeReviewConnectionType {
  @Field(() => [SwipeReviewType], { description: 'The oldest meal first.' })
  nodes!: SwipeReviewType[];

  @Field(() => PageInfo, { description: 'Where the page ends and whether another follows.' })
  pageInfo!: PageInfo;
}

export const ReviewRefusalCodeEnum = enumeration<ReviewRefusalCode>(
  'ReviewRefusalCode',
  'Why a review was not decided. When several apply, the first in this list is the answer.',
  {
    REQUEST_ID_MALFORMED: 'The requestId is no UUID.',
    NOTE_INVALID: 'The note is empty, longer than 200 characters, or holds a control character.',
    FUNDER_NOT_FITTING: 'bornBy is FUNDER and none is named, or one is named and bornBy is not FUNDER.',
    REVIEW_UNKNOWN: 'No swipe of this id was recorded for review, as far as the caller may see.',
    REQUEST_ID_REUSED: 'The requestId was used before with other content; nothing was written.',
    ALREADY_DECIDED: 'It was decided before.',
    SWIPE_VOIDED: 'The swipe was voided, so nobody bears it.',
    MONTH_CLOSED: 'The statement of the month in which it would be booked, which is today’s, is frozen.',
    FUNDER_UNKNOWN: 'No funder has this code.',
    ELDER_NOT_ENTITLED: 'The file of the elder had ended on the day of the meal.',
    MEAL_ALREADY_TAKEN: 'The elder had this meal of the day on another swipe; no meal is subsidised twice.',
    BALANCE_TOO_LOW: 'The balance of the elder is lower than the price.',
  },
);

@ObjectType('ReviewRefusal', { simpleResolvers: true, description: 'Nothing was decided, and why.' })
export class ReviewRefusalType {
  @Field(() => ReviewRefusalCodeEnum, { description: 'Why.' })
  code!: ReviewRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

export const ReviewResultUnion = createUnionType({
  name: 'ReviewResult',
  description: 'The review with its decision, or why nothing was decided.',
  types: () => [SwipeReviewType, ReviewRefusalType] as const,
  resolveType: (value) => ('code' in value ? ReviewRefusalType : SwipeReviewType),
});
