import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql';
import type { FlagRule, FlagState } from '../../entities/meals/fraud-flag.entity.js';
import type { SwipeOutcome } from '../../entities/meals/swipe.entity.js';
import type { FlagRemedy } from '../../src/meals/flags/flag-remedies.rules.js';
import type { FlagRefusalCode } from '../../src/meals/flags/step-flag.js';
import { enumeration } from '../shared/enumeration.js';
import { PageInfo } from '../shared/paging.js';
import { DateScalar, DateTimeScalar, FenScalar } from '../shared/scalars.js';
import { SwipeOutcomeEnum } from './swipe-outcome.type.js';

export const FraudRuleEnum = enumeration<FlagRule>(
  'FraudRule',
  'A sign of fraud. What each is held against stands in flagThresholds.',
  {
    MANY_CARDS:
      'Many different cards within seconds on one reader, meals handed over as ordered left out; measured in cards.',
    TOO_FAST_TRAVEL:
      'One elder at two canteens faster than the way takes; measured in seconds. Where positions are not known, canteens of different counties are compared.',
    DURING_STAY:
      'Swipes while the elder lived in an institution, or was in hospital from a bed of any kind; leaves at home are none. Measured in swipes.',
    AFTER_END: 'Swipes after the day on which the elder’s file ended, as by death; measured in swipes.',
    OUTSIDE_WINDOWS: 'Swipes at one reader while no meal was served; measured in swipes.',
    LONG_BACKFILL: 'Swipes of one reader that were uploaded long after the tap; measured in swipes.',
    BEYOND_SEATS: 'More meals eaten in than the canteen has room for during one meal; measured in meals.',
    SAME_ORDER: 'The same cards in the same order day after day; measured in per cent.',
    OWN_DELIVERIES: 'Meals that one account ordered and handed over itself; measured in swipes.',
  },
);

export const FraudFlagStateEnum = enumeration<FlagState>(
  'FraudFlagState',
  'How far a sign of fraud has been worked through.',
  {
    OPEN: 'Nobody works on it.',
    IN_WORK: 'Somebody works on it, and decides on it alone unless another takes it over.',
    CONFIRMED: 'It was fraud, or a fault. Nothing follows by itself.',
    HARMLESS: 'There is an explanation. A swipe that was not among its evidence opens it again.',
  },
);

export const FraudRemedyEnum = enumeration<FlagRemedy>(
  'FraudRemedy',
  'What can be done about a swipe of a confirmed flag; each has its own operation and its own rules.',
  {
    DECIDE_REVIEW: 'decideReview: its review is open.',
    VOID_SWIPE: 'voidSwipe: it is recorded and not voided; in a frozen month it is refused.',
    DISPUTE_LINE:
      'disputeLine: it has a subsidy, and its line can be doubted while the statement is submitted.',
  },
);

@ObjectType('FraudFlagSwipe', { simpleResolvers: true, description: 'A swipe that shows a sign of fraud.' })
export class FraudFlagSwipeType {
  @Field(() => ID, { description: "The reader's id for the swipe." })
  swipeId!: string;

  @Field(() => String, { description: 'The name of the canteen.' })
  canteenName!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The name of the reader; null for a meal that was handed over as ordered.',
  })
  readerName!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Family name kept, given name starred; null when the card is unknown.',
  })
  elderName!: string | null;

  @Field(() => String, { description: 'The last four characters of the card’s number.' })
  cardEnd!: string;

  @Field(() => DateTimeScalar, { description: "The reader's clock at the tap." })
  swipedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it was uploaded.' })
  receivedAt!: Date;

  @Field(() => SwipeOutcomeEnum, { description: 'What happened to it.' })
  outcome!: SwipeOutcome;

  @Field(() => FenScalar, { description: 'The price on the menu, in fen.' })
  grossFen!: number;

  @Field(() => FenScalar, { description: 'What funders bore of it by the swipe, in fen.' })
  subsidyFen!: number;

  @Field(() => Boolean, { description: 'True once it was voided.' })
  voided!: boolean;

  @Field(() => [FraudRemedyEnum], {
    description: 'What can be done about it now; nothing until the flag is confirmed.',
  })
  remedies!: readonly FlagRemedy[];
}

@ObjectType('FraudFlagEvent', { simpleResolvers: true, description: 'A step in the life of a flag.' })
export class FraudFlagEventType {
  @Field(() => String, {
    description:
      'FIND, GROW and REOPEN by the scan, the latter two for new swipes; TAKE, RELEASE, CONFIRM and CLEAR by somebody.',
  })
  step!: string;

  @Field(() => FraudFlagStateEnum, { description: 'The state that it led to.' })
  toState!: FlagState;

  @Field(() => String, { nullable: true, description: 'The name of who took it; null for the scan.' })
  by!: string | null;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: Date;

  @Field(() => String, { nullable: true, description: 'Why, in the words of who took it.' })
  note!: string | null;
}

@ObjectType('FraudFlag', {
  simpleResolvers: true,
  description:
    'A sign of fraud about one subject on one day: a reason to look, and no more. Whoever supervises the canteen from above sees it; the canteen itself does not.',
})
export class FraudFlagType {
  @Field(() => ID, { description: 'The flag’s id.' })
  id!: number;

  @Field(() => FraudRuleEnum, { description: 'Which sign it is.' })
  rule!: FlagRule;

  @Field(() => String, { description: 'The same with its numbers in words, in the language of the request.' })
  reason!: string;

  @Field(() => DateScalar, { description: 'The day of the taps.' })
  day!: string;

  /** For the edge to the canteen; not a field of the graph. */
  canteenId!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Family name kept, given name starred; null where it is about no single elder.',
  })
  elderName!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name of the reader, or of who ordered and handed over; null where it is about neither.',
  })
  readerName!: string | null;

  @Field(() => Int, { description: 'What was measured, in the unit of the rule.' })
  measured!: number;

  @Field(() => Int, { description: 'What it was held against, in the same unit.' })
  threshold!: number;

  @Field(() => Int, { description: 'How many swipes show it; at most 50 of them are listed.' })
  swipeCount!: number;

  @Field(() => FraudFlagStateEnum, { description: 'How far it has been worked through.' })
  state!: FlagState;

  @Field(() => String, {
    nullable: true,
    description: 'The name of who works on it; null while nobody does.',
  })
  assigneeName!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was found first.' })
  foundAt!: Date;
}

@ObjectType('FraudFlagConnection', { simpleResolvers: true, description: 'A page of signs of fraud.' })
export class FraudFlagConnectionType {
  @Field(() => [FraudFlagType], { description: 'The latest day first.' })
  nodes!: FraudFlagType[];

  @Field(() => PageInfo, { description: 'Where the page ends and whether another follows.' })
  pageInfo!: PageInfo;
}

export const FraudFlagRefusalCodeEnum = enumeration<FlagRefusalCode>(
  'FraudFlagRefusalCode',
  'Why a step was not taken. When several apply, the first in this list is the answer.',
  {
    NOTE_INVALID:
      'The note is missing where it is needed, longer than 200 characters, or holds a control character.',
    FLAG_UNKNOWN: 'No flag has this id, as far as the caller may see.',
    WRONG_STATE: 'The flag was decided on, or nobody works on it.',
    IN_OTHER_HANDS: 'Somebody else works on it; take it over first.',
    EVIDENCE_CHANGED:
      'Swipes were added after it was found or decided on, and the caller has not taken it since: take it, look at them, then decide.',
  },
);

@ObjectType('FraudFlagRefusal', { simpleResolvers: true, description: 'The flag stays as it was, and why.' })
export class FraudFlagRefusalType {
  @Field(() => FraudFlagRefusalCodeEnum, { description: 'Why.' })
  code!: FlagRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

export const FraudFlagResultUnion = createUnionType({
  name: 'FraudFlagResult',
  description: 'The flag after the step, or why it was not taken.',
  types: () => [FraudFlagType, FraudFlagRefusalType] as const,
  resolveType: (value) => ('code' in value ? FraudFlagRefusalType : FraudFlagType),
});
