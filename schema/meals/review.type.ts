import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { ReviewBearer, ReviewReason } from '../../entities/meals/swipe-review.entity.js';
import type { ReviewRefusalCode } from '../../src/meals/review-refusals.js';
import { enumeration } from '../shared/enumeration.js';
import { PageInfo } from '../shared/paging.js';
import { DateScalar, DateTimeScalar, FenScalar } from '../shared/scalars.js';
import { MealEnum } from './meal.type.js';

export const ReviewBearerEnum = enumeration<ReviewBearer>(
  'ReviewBearer',
  'Who bears the whole price of a meal that was recorded for review, or the subsidy of one that was doubted later.',
  {
    CANTEEN: 'The canteen, as it did until the decision.',
    FUNDER:
      'A funder, of a meal that was recorded for review: one that pays for the place of the canteen or of the elder’s home, or by the rules of that day. The meal is the elder’s meal of that day from then on, so it must not be taken otherwise, the elder’s file must not have ended before it, and the elder must not live in an institution then, unless the rules of that day have this funder pay for residents.',
    ELDER: 'The elder, out of the balance, which must be as high as what is decided on.',
    AS_PAID:
      'The funders that bear it now, of a meal that is doubted later: what they paid stands. Not after the day on which the elder’s file ended.',
  },
);

export const ReviewReasonEnum = enumeration<ReviewReason>(
  'ReviewReason',
  'Why a meal is reviewed: what an offline swipe would have been refused for, or what became known after an accepted one.',
  {
    CARD_NOT_ACTIVE: 'The card was lost, replaced, closed, or had expired.',
    ELDER_NOT_ACTIVE: 'Deceased, moved away, or the file was closed.',
    MEAL_NOT_SERVED: 'The canteen was closed or no meal was served at that time.',
    MEAL_ALREADY_TAKEN: 'The elder had had this meal of that day already.',
    PRICE_OUT_OF_RANGE: 'The price was above the canteen’s limit.',
    INSUFFICIENT_BALANCE: 'The elder’s part was more than the elder’s own money.',
    STAY_ENTERED_LATE:
      'Borne by funders, and then it was entered that the elder lived in an institution on that day.',
    END_ENTERED_LATE:
      'Borne by funders, and then it was entered that the elder’s file had ended by that day.',
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
  description:
    'A meal that was eaten offline and would have been refused, or of which funders bear something that is doubted since, and what was decided on it.',
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

  @Field(() => FenScalar, {
    description: 'The price on the menu, in fen: what is decided on unless doubtedFen is.',
  })
  grossFen!: number;

  @Field(() => Int, {
    description:
      '1 for the first review of the swipe; the next one looks at what was decided before it, when more becomes known.',
  })
  number!: number;

  @Field(() => FenScalar, {
    nullable: true,
    description:
      'What funders bear, in fen, and would not have been charged: what is decided on. Null for the price of a meal that was recorded for review.',
  })
  doubtedFen!: number | null;

  @Field(() => ReviewReasonEnum, {
    description: 'What the swipe would have been refused for, or what became known after it.',
  })
  reason!: ReviewReason;

  @Field(() => Boolean, { description: 'True once the swipe was voided; then there is nothing to decide.' })
  voided!: boolean;

  @Field(() => Boolean, {
    description:
      'True once no stay of the elder covers the day of the meal any more: the review ended by itself, and what funders bear stands.',
  })
  withdrawn!: boolean;

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
    DISPUTE_UPHELD:
      'A dispute about it was upheld: the canteen bears its subsidy, and nothing is left to decide.',
    REVIEW_WITHDRAWN:
      'No stay of the elder covers the day of the meal any more: the review ended by itself, and what funders bear stands.',
    MONTH_CLOSED: 'The statement of the month in which it would be booked, which is today’s, is frozen.',
    SUPERVISOR_NEEDED:
      'bornBy is FUNDER or AS_PAID, and the caller has no grant above the canteen: no canteen spends the money of funders on itself.',
    BEARER_NOT_FITTING: 'AS_PAID of a meal that was recorded for review, or FUNDER of one that is doubted.',
    FUNDER_UNKNOWN: 'No funder has this code.',
    FUNDER_ELSEWHERE:
      'The funder pays neither for the place of the canteen or of the elder’s home nor by the rules in force there on that day.',
    ELDER_NOT_ENTITLED: 'The file of the elder had ended on the day of the meal.',
    ELDER_IN_INSTITUTION:
      'The elder lived in an institution or was in hospital on the day of the meal, and by the rules of that day this funder does not pay for residents.',
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
