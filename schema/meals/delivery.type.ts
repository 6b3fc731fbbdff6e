import { createUnionType, Field, ID, ObjectType } from 'type-graphql';
import type {
  ComeBackReason,
  DeliveryProof,
  DeliveryState,
} from '../../entities/meals/delivery-order.entity.js';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { DeliveryRefusalCode } from '../../src/meals/deliveries/delivery-refusals.js';
import type { Delivery } from '../../src/meals/deliveries/read-deliveries.js';
import { enumeration } from '../shared/enumeration.js';
import { cursorOf, PageInfo } from '../shared/paging.js';
import { DateScalar, DateTimeScalar, FenScalar } from '../shared/scalars.js';
import { MealEnum } from './meal.type.js';

export const DeliveryStateEnum = enumeration<DeliveryState>(
  'DeliveryState',
  'Where a meal that is brought stands in its life.',
  {
    ORDERED: 'Ordered; nobody is to bring it yet.',
    ASSIGNED: 'Given to a courier.',
    OUT: 'Left the canteen.',
    HANDED_OVER: 'Handed over with proof, and charged. It stays so.',
    CAME_BACK: 'Came back undelivered; nothing is charged. It stays so.',
    CANCELLED: 'Called off; nothing is charged. It stays so.',
  },
);

export const DeliveryProofEnum = enumeration<DeliveryProof>(
  'DeliveryProof',
  'What proves that a meal was handed over.',
  { CODE: 'The elder said the code.', PHOTO: 'A photo, which is kept elsewhere.' },
);

export const ComeBackReasonEnum = enumeration<ComeBackReason>('ComeBackReason', 'Why a meal came back.', {
  NOBODY_AT_HOME: 'Nobody opened. Of an elder who lives alone it comes among deliveryLookIns.',
  REFUSED_BY_ELDER: 'The elder did not want it.',
  IN_HOSPITAL: 'The elder is in hospital.',
  ADDRESS_WRONG: 'The elder does not live there.',
  WEATHER: 'The weather did not allow it.',
  OTHER: 'Another reason, which the text says.',
});

@ObjectType('DeliveryOrder', {
  simpleResolvers: true,
  description: 'One meal of one day that is to be brought to an elder, and what became of it.',
})
export class DeliveryOrderType {
  @Field(() => ID, { description: 'The number of the delivery.' })
  id!: number;

  @Field(() => ID, { description: 'The elder.' })
  elderId!: number;

  @Field(() => String, { description: 'Family name kept, given name starred.' })
  elderName!: string;

  /** For the edge to the canteen; not a field of the graph. */
  canteenId!: number;

  @Field(() => DateScalar, { description: 'The day of the meal.' })
  day!: string;

  @Field(() => MealEnum, { description: 'The meal.' })
  meal!: Meal;

  @Field(() => FenScalar, { description: 'The price on the menu when it was ordered, in fen.' })
  grossFen!: number;

  @Field(() => FenScalar, {
    description:
      'What the rule lets the elder be asked for the bringing, in fen, 0 where it is free. It is paid in cash: no account is charged with it.',
  })
  feeFen!: number;

  @Field(() => DeliveryStateEnum, { description: 'Where it stands.' })
  state!: DeliveryState;

  @Field(() => String, {
    nullable: true,
    description:
      'The four digits that the elder says at the door. Told to the elder’s side alone, when it orders and in deliveriesOf, until the meal was handed over, came back or was called off; else null. To whoever is told it, it is no proof in handOverDelivery.',
  })
  code!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was ordered.' })
  orderedAt!: Date;

  @Field(() => ID, { nullable: true, description: 'The account that is to bring it; null until one is.' })
  courierId!: number | null;

  @Field(() => String, { nullable: true, description: 'The name of that account.' })
  courierName!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it left the canteen.' })
  outAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was handed over, came back or was called off.',
  })
  endedAt!: Date | null;

  /** For who may read the reason: whoever gave it; not a field of the graph. */
  endedById!: number | null;

  @Field(() => DeliveryProofEnum, { nullable: true, description: 'Null unless it was handed over.' })
  proof!: DeliveryProof | null;

  @Field(() => String, {
    nullable: true,
    description: 'Under which name the photo is kept; null unless a photo is the proof.',
  })
  photoReference!: string | null;

  @Field(() => ComeBackReasonEnum, {
    nullable: true,
    description:
      'Null unless it came back. Of the group HEALTH: null with the error FORBIDDEN for a relative without that right.',
  })
  reason!: ComeBackReason | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the courier wrote beside the reason; of the group HEALTH, as that is.',
  })
  reasonText!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The id of the swipe as which the meal was charged; null unless it was handed over.',
  })
  swipeId!: string | null;
}

@ObjectType('DeliveryOrders', { simpleResolvers: true, description: 'The deliveries of one call.' })
export class DeliveryOrdersType {
  @Field(() => [DeliveryOrderType], { description: 'In the order of their numbers.' })
  nodes!: DeliveryOrderType[];
}

@ObjectType('DeliveryOrderConnection', { simpleResolvers: true, description: 'A page of deliveries.' })
export class DeliveryOrderConnectionType {
  @Field(() => [DeliveryOrderType], { description: 'In the order of their numbers.' })
  nodes!: DeliveryOrderType[];

  @Field(() => PageInfo, { description: 'Where the page ends and whether another follows.' })
  pageInfo!: PageInfo;
}

/** A delivery as it is shown to whoever is not on the elder's side. */
export function shownDelivery(delivery: Delivery): DeliveryOrderType {
  return { ...delivery, code: null };
}

/** Cuts a page out of the rows that were read, one more than asked for. */
export function deliveryPage(rows: readonly DeliveryOrderType[], first: number): DeliveryOrderConnectionType {
  const nodes = rows.slice(0, first);
  const last = nodes.at(-1);
  return {
    nodes,
    pageInfo: { hasNextPage: rows.length > first, endCursor: last ? cursorOf(last.id) : null },
  };
}

export const DeliveryRefusalCodeEnum = enumeration<DeliveryRefusalCode>(
  'DeliveryRefusalCode',
  'Why nothing was done about a delivery. When several apply, the first in this list is the answer.',
  {
    REQUEST_ID_MALFORMED: 'The requestId is no UUID.',
    DAYS_INVALID: 'None, more than 31, one twice, or one more than 62 days ahead.',
    DELIVERIES_INVALID: 'None, more than 200, or one twice.',
    PROOF_INVALID: 'No proof, two, a code that is not four digits, or no reference of a photo.',
    REASON_TEXT_INVALID:
      'The text is missing for OTHER, longer than 200 characters, or holds control characters.',
    ELDER_UNKNOWN: 'No elder has this id, as far as the caller may see.',
    DELIVERY_UNKNOWN: 'No delivery has this id, as far as the caller may see.',
    REQUEST_ID_REUSED: 'The requestId was used before with other content; nothing was written.',
    ELDER_NOT_ACTIVE: 'The file of the elder has ended.',
    DELIVERY_NOT_OFFERED: 'No canteen that has meals brought has this id.',
    MEAL_NOT_SERVED: 'The canteen is not open on that day, or does not serve that meal.',
    WRONG_STATE: 'The delivery is in a state from which this does not lead on.',
    CUTOFF_PASSED: 'It is too late to order or to call off.',
    NOT_ENTITLED:
      'No rule in force lets this elder have meals brought on that day, or the elder lives in an institution or is in hospital then; the message says why.',
    ALREADY_ORDERED: 'That meal of that day is ordered for the elder already.',
    COURIER_UNKNOWN: 'The account is no courier at the canteen.',
    NOT_ITS_DAY: 'Today is not the day of the delivery.',
    CODE_KNOWN: 'The caller ordered the meal or may read its code, so only a photo proves it.',
    CODE_LOCKED: 'A wrong code was given five times; only a photo proves it now.',
    CODE_WRONG: 'The code is not that of the delivery. The try was counted.',
    PHOTO_REUSED: 'The photo proves another delivery already; capitals do not tell photos apart.',
    CARD_MISSING: 'The elder has no active card that could pay.',
    MEAL_REFUSED: 'The meal was refused as a swipe is; the message says why. The refused swipe is kept.',
  },
);

@ObjectType('DeliveryRefusal', {
  simpleResolvers: true,
  description: 'No delivery changed, and why.',
})
export class DeliveryRefusalType {
  @Field(() => DeliveryRefusalCodeEnum, { description: 'Why.' })
  code!: DeliveryRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

export const DeliveryOrderResultUnion = createUnionType({
  name: 'DeliveryOrderResult',
  description: 'The delivery as it now stands, or why nothing changed.',
  types: () => [DeliveryOrderType, DeliveryRefusalType] as const,
  resolveType: (value) => ('message' in value ? DeliveryRefusalType : DeliveryOrderType),
});

export const DeliveryOrdersResultUnion = createUnionType({
  name: 'DeliveryOrdersResult',
  description: 'The deliveries as they now stand, or why none of them changed.',
  types: () => [DeliveryOrdersType, DeliveryRefusalType] as const,
  resolveType: (value) => ('message' in value ? DeliveryRefusalType : DeliveryOrdersType),
});
