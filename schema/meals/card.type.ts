import { createUnionType, Field, ObjectType } from 'type-graphql';
import type { CardStatus } from '../../entities/meals/meal-card.entity.js';
import type { CardRefusalCode } from '../../src/meals/card-refusals.js';
import type { Day } from '../../src/shared/china-time.js';
import { enumeration } from '../shared/enumeration.js';
import { DateScalar } from '../shared/scalars.js';

export const CardStatusEnum = enumeration<CardStatus>(
  'CardStatus',
  'Where a card stands in its life. Only an active card pays, and an elder has one active card at most.',
  {
    ACTIVE: 'It pays.',
    LOST: 'Reported lost: it pays no more and can only be replaced.',
    REPLACED: 'Another card took its place.',
    EXPIRED: 'Its last day has passed: it pays no more and can only be replaced.',
    CLOSED: 'Its account was closed, or the file of the elder was erased.',
  },
);

@ObjectType('MealCard', { simpleResolvers: true, description: 'The card that an elder pays meals with.' })
export class MealCardType {
  @Field(() => String, { description: 'What the chip answers: 8 to 20 upper-case hexadecimal digits.' })
  uid!: string;

  @Field(() => CardStatusEnum, { description: 'Where the card stands in its life.' })
  status!: CardStatus;

  @Field(() => DateScalar, { description: 'The day on which the elder got it.' })
  issuedOn!: Day;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The first day on which it no longer pays; null for a card without an end.',
  })
  expiresOn!: Day | null;

  /** For the edge to the elder; not a field of the graph. */
  elderId!: number;
}

export const CardRefusalCodeEnum = enumeration<CardRefusalCode>(
  'CardRefusalCode',
  'Why nothing happened to a card. When several apply, the first in this list is the answer.',
  {
    REQUEST_ID_MALFORMED: 'The requestId is no UUID.',
    UID_MALFORMED: 'A card uid is not 8 to 20 hexadecimal digits.',
    REQUEST_ID_REUSED: 'The requestId was used before with other content; nothing was written.',
    ELDER_UNKNOWN: 'No elder has this id, as far as the caller may see.',
    CARD_UNKNOWN: 'No card has this uid, as far as the caller may see.',
    CARD_NOT_ACTIVE: 'The status of the card does not allow it.',
    ELDER_NOT_ACTIVE: 'Deceased, moved away, or the file is closed.',
    ELDER_HAS_CARD: 'The elder has another active card.',
    AMOUNT_OUT_OF_RANGE: 'Zero, negative, or above what one top-up may be.',
    BALANCE_TOO_LOW: 'The elder’s own money is less than what is to be paid out.',
    DAY_OUT_OF_RANGE: 'The day on which the card is to expire is not after today.',
    UID_TAKEN: 'The uid is registered already, here or elsewhere in the network.',
  },
);

@ObjectType('CardRefusal', { simpleResolvers: true, description: 'Nothing was written, and why.' })
export class CardRefusalType {
  @Field(() => CardRefusalCodeEnum, { description: 'Why.' })
  code!: CardRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

export const CardResultUnion = createUnionType({
  name: 'CardResult',
  description: 'The card as it now stands, or why nothing changed.',
  types: () => [MealCardType, CardRefusalType] as const,
  resolveType: (value) => ('code' in value ? CardRefusalType : MealCardType),
});
