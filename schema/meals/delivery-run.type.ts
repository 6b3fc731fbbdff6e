import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { DeliveryState } from '../../entities/meals/delivery-order.entity.js';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import { DateScalar } from '../shared/scalars.js';
import { DeliveryStateEnum } from './delivery.type.js';
import { MealEnum } from './meal.type.js';

@ObjectType('DeliveryStop', {
  simpleResolvers: true,
  description:
    'One door of a run. Address, phone, note and position are told while the meal is under way; each look is recorded.',
})
export class DeliveryStopType {
  @Field(() => ID, { description: 'The delivery.' })
  deliveryId!: number;

  /** For the edge to the canteen; not a field of the graph. */
  canteenId!: number;

  @Field(() => Int, { description: 'Its place in the run; the first is 1.' })
  place!: number;

  @Field(() => DeliveryStateEnum, { description: 'Where the meal stands.' })
  state!: DeliveryState;

  @Field(() => String, { description: 'Whom to ask for at the door.' })
  elderName!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Null when it is not known, and once the meal is not under way.',
  })
  address!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Null when it is not known, and once the meal is not under way.',
  })
  phone!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'How the door is found; null when there is nothing to say.',
  })
  note!: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Degrees, WGS 84. Null when it is not known: such stops come last, by their addresses.',
  })
  latitude!: number | null;

  @Field(() => Float, { nullable: true, description: 'Degrees, WGS 84.' })
  longitude!: number | null;
}

@ObjectType('DeliveryRun', {
  simpleResolvers: true,
  description: 'What the caller is to bring of one meal of today.',
})
export class DeliveryRunType {
  @Field(() => DateScalar, { description: 'Today.' })
  date!: string;

  @Field(() => MealEnum, { description: 'The meal.' })
  meal!: Meal;

  @Field(() => [DeliveryStopType], {
    description:
      'In walking order from the canteen; of several canteens one after the other. A stop keeps its place when it is done; at most 200.',
  })
  stops!: DeliveryStopType[];
}
