import { createUnionType, Field, InputType, ObjectType } from 'type-graphql';
import type { AccountRefusalCode } from '../../src/meals/close-meal-account.js';
import type { MovementKind } from '../../src/meals/movement-texts.rules.js';
import { enumeration } from '../shared/enumeration.js';
import { DateScalar, DateTimeScalar, FenScalar } from '../shared/scalars.js';

@InputType({ description: 'Who gets the money of a closed account in place of the elder.' })
export class HeirInput {
  @Field(() => String, { description: 'The name, 1 to 60 characters; kept encrypted.' })
  name!: string;

  @Field(() => String, { description: 'What that person is to the elder, such as 女儿; 1 to 20 characters.' })
  relation!: string;

  @Field(() => String, {
    description:
      'The number of the document that proves it, such as a notarial certificate’s; 1 to 60 characters, kept encrypted.',
  })
  documentReference!: string;
}

@ObjectType('HeirShown', {
  simpleResolvers: true,
  description: 'Who got the money in place of the elder.',
})
export class HeirShownType {
  @Field(() => String, { description: 'Family name kept, given name starred.' })
  name!: string;

  @Field(() => String, { description: 'What that person is to the elder.' })
  relation!: string;
}

@ObjectType('ClosedMealAccount', {
  simpleResolvers: true,
  description: 'A meal account that was closed, and what was paid out at that.',
})
export class ClosedMealAccountType {
  /** For the edge to the elder; not a field of the graph. */
  elderId!: number;

  @Field(() => FenScalar, { description: 'The whole balance, paid out in cash, in fen.' })
  paidOutFen!: number;

  @Field(() => DateTimeScalar, { description: 'When it was closed.' })
  closedAt!: Date;

  @Field(() => HeirShownType, { nullable: true, description: 'Null when the elder got it.' })
  heir!: HeirShownType | null;
}

export const AccountRefusalCodeEnum = enumeration<AccountRefusalCode>(
  'MealAccountRefusalCode',
  'Why a meal account was not closed. When several apply, the first in this list is the answer.',
  {
    REQUEST_ID_MALFORMED: 'The requestId is no UUID.',
    HEIR_INVALID: 'A field of the heir is empty, too long or holds a control character.',
    ELDER_UNKNOWN: 'No elder has this id, as far as the caller may see.',
    REQUEST_ID_REUSED: 'The requestId was used before with other content; nothing was written.',
    ACCOUNT_UNKNOWN: 'The elder never had a card, and so no account.',
    ACCOUNT_CLOSED: 'The account is closed already, and is empty.',
    HEIR_REQUIRED: 'The elder has died, there is money in the account, and no heir is named.',
    ELDER_NOT_DECEASED: 'An heir is named, and no death of the elder is entered: the elder gets the money.',
  },
);

@ObjectType('MealAccountRefusal', { simpleResolvers: true, description: 'Nothing was closed, and why.' })
export class MealAccountRefusalType {
  @Field(() => AccountRefusalCodeEnum, { description: 'Why.' })
  code!: AccountRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

export const CloseMealAccountResultUnion = createUnionType({
  name: 'CloseMealAccountResult',
  description: 'The closed account, or why it was not closed.',
  types: () => [ClosedMealAccountType, MealAccountRefusalType] as const,
  resolveType: (value) => ('code' in value ? MealAccountRefusalType : ClosedMealAccountType),
});

export const MovementKindEnum = enumeration<MovementKind>(
  'MovementKind',
  'What moved money of an elder’s account.',
  {
    SWIPE: 'The elder’s part of a meal.',
    VOID: 'A meal that was voided: the elder’s part came back.',
    REVIEW: 'A meal for review that the elder bears by a decision.',
    TOP_UP: 'Money paid in at a counter.',
    REFUND: 'Money paid out at a counter.',
    CLOSING: 'The rest, paid out when the account was closed.',
  },
);

@ObjectType('AccountMovement', {
  simpleResolvers: true,
  description: 'One posting on an elder’s account.',
})
export class AccountMovementType {
  @Field(() => DateScalar, { description: 'The day on which it was booked.' })
  bookedOn!: string;

  @Field(() => DateTimeScalar, { description: 'When it was booked.' })
  postedAt!: Date;

  @Field(() => MovementKindEnum, { description: 'What moved it.' })
  kind!: MovementKind;

  @Field(() => FenScalar, { description: 'In fen: above zero what came in, below zero what went out.' })
  fen!: number;

  @Field(() => FenScalar, { description: 'The balance after it, in fen.' })
  balanceFen!: number;

  @Field(() => String, {
    description: 'What it was, with the meal and its day, in the language of the request.',
  })
  text!: string;

  /** For the edge to the canteen; not a field of the graph. */
  meal!: { canteenId: number } | null;
}

@ObjectType('AccountStatement', {
  simpleResolvers: true,
  description: 'An elder’s own money in one month, as the ledger has it.',
})
export class AccountStatementType {
  /** For the edge to the elder; not a field of the graph. */
  elderId!: number;

  @Field(() => String, { description: 'The month, YYYY-MM.' })
  month!: string;

  @Field(() => FenScalar, { description: 'The balance before the first movement of the month, in fen.' })
  openingFen!: number;

  @Field(() => [AccountMovementType], { description: 'In the order in which they were booked.' })
  movements!: AccountMovementType[];

  @Field(() => FenScalar, { description: 'openingFen and all movements together, in fen.' })
  closingFen!: number;
}
