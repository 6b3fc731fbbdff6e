import { createUnionType, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { CanteenRefusalCode } from '../../src/meals/configure-canteen.js';
import { enumeration } from '../shared/enumeration.js';
import { DateScalar, FenScalar } from '../shared/scalars.js';
import { MealEnum } from './meal.type.js';

@ObjectType('CanteenDay', {
  simpleResolvers: true,
  description: "A canteen's day in figures, voided meals left out.",
})
export class CanteenDayType {
  /** For the edge to the canteen; not a field of the graph. */
  canteenId!: number;

  @Field(() => DateScalar, { description: 'The day of the taps.' })
  date!: string;

  @Field(() => Int, { description: 'Meals recorded, those for review among them.' })
  meals!: number;

  @Field(() => Int, { description: 'Meals among them that were delivered.' })
  deliveries!: number;

  @Field(() => FenScalar, { description: 'Sum of the prices, in fen.' })
  grossFen!: number;

  @Field(() => FenScalar, { description: 'What levels of government bear of it, in fen.' })
  subsidyFen!: number;

  @Field(() => FenScalar, {
    description: 'What the canteen or a donor bears, in fen; meals for review are in it until decided.',
  })
  discountFen!: number;

  @Field(() => FenScalar, { description: 'What the elders bear, in fen.' })
  selfPaidFen!: number;

  @Field(() => Int, { description: 'Meals that a manager has to decide on.' })
  forReview!: number;

  @Field(() => Int, {
    description:
      'Sequence numbers that are missing and nobody explained, from the last received before that day to the last of it, summed over the readers.',
  })
  missing!: number;
}

@ObjectType('MealWindow', { simpleResolvers: true, description: 'When a canteen serves a meal, every day.' })
export class MealWindowType {
  @Field(() => MealEnum, { description: 'The meal.' })
  meal!: Meal;

  @Field(() => Int, { description: 'The first minute, counted from midnight, 0 to 1439.' })
  fromMinute!: number;

  @Field(() => Int, { description: 'The first minute after it, 1 to 1440.' })
  toMinute!: number;
}

@ObjectType('CanteenSettings', {
  simpleResolvers: true,
  description: 'What a canteen serves, when, and up to which price.',
})
export class CanteenSettingsType {
  @Field(() => ID, { description: "The canteen's facility." })
  canteenId!: number;

  @Field(() => FenScalar, { description: 'The dearest meal that a reader may record, in fen.' })
  priceFenMax!: number;

  @Field(() => [MealWindowType], { description: 'One for each meal served; they do not overlap.' })
  windows!: readonly MealWindowType[];

  @Field(() => Int, { nullable: true, description: 'How many eat there at once; null where nobody counted.' })
  seats!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many times the seats are filled during a meal; null means once.',
  })
  seatings!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Degrees north of the equator (WGS 84); null where nobody measured.',
  })
  latitude!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Degrees east of Greenwich (WGS 84); null where nobody measured.',
  })
  longitude!: number | null;
}

@InputType({ description: 'When a canteen serves a meal, every day over [fromMinute, toMinute).' })
export class MealWindowInput {
  @Field(() => MealEnum, { description: 'The meal; once in a list.' })
  meal!: Meal;

  @Field(() => Int, { description: 'The first minute, counted from midnight, 0 to 1439.' })
  fromMinute!: number;

  @Field(() => Int, { description: 'The first minute after it, 1 to 1440.' })
  toMinute!: number;
}

@InputType({ description: 'The settings that replace those a canteen has.' })
export class ConfigureCanteenInput {
  @Field(() => ID, { description: 'A facility of kind ELDER_CANTEEN.' })
  canteenId!: string;

  @Field(() => FenScalar, { description: 'The dearest meal, 1 to 1000000 fen.' })
  priceFenMax!: number;

  @Field(() => [MealWindowInput], { description: 'One for each meal served, without overlap.' })
  windows!: MealWindowInput[];

  @Field(() => Int, {
    nullable: true,
    description:
      'How many eat there at once, 1 to 5000; null where nobody counted, left out to keep what is known.',
  })
  seats?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'How many times the seats are filled during a meal, 1 to 20; null means once, left out keeps what is known.',
  })
  seatings?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Degrees north of the equator (WGS 84), with the longitude; null where nobody measured, left out to keep what is known.',
  })
  latitude?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Degrees east of Greenwich (WGS 84), with the latitude.',
  })
  longitude?: number | null;
}

export const CanteenRefusalCodeEnum = enumeration<CanteenRefusalCode>(
  'CanteenRefusalCode',
  "Why a canteen's settings were not changed.",
  {
    PRICE_OUT_OF_RANGE: 'The dearest meal is zero, negative, or above 1000000 fen.',
    WINDOW_INVALID: 'A window is empty, leaves the day, overlaps another or names a meal twice.',
    SEATS_INVALID: 'There are no seats or seatings, or too many.',
    POSITION_INVALID: 'Latitude or longitude is missing beside the other, or is none.',
    CANTEEN_UNKNOWN: 'No canteen has this id, as far as the caller may see.',
    ROOM_NOT_YOURS:
      'Seats, seatings or a position by somebody of the canteen itself: whoever stands above it registers them.',
  },
);

@ObjectType('CanteenRefusal', {
  simpleResolvers: true,
  description: 'The settings stay as they were, and why.',
})
export class CanteenRefusalType {
  @Field(() => CanteenRefusalCodeEnum, { description: 'Why.' })
  code!: CanteenRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The input field at fault, as a path.' })
  field!: readonly string[] | null;
}

export const CanteenResultUnion = createUnionType({
  name: 'CanteenResult',
  description: 'The settings in force from now on, or why not.',
  types: () => [CanteenSettingsType, CanteenRefusalType] as const,
  resolveType: (value) => ('code' in value ? CanteenRefusalType : CanteenSettingsType),
});
