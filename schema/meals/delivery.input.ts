import { Field, ID, InputType } from 'type-graphql';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import { DateScalar } from '../shared/scalars.js';
import { MealEnum } from './meal.type.js';

@InputType({ description: 'One meal of each of some days that is to be brought to an elder.' })
export class OrderDeliveryInput {
  @Field(() => ID, {
    description: 'A UUID that the caller makes; sending it again returns the first answer.',
  })
  requestId!: string;

  @Field(() => ID, { description: 'The elder.' })
  elderId!: string;

  @Field(() => ID, { description: 'A canteen that has meals brought, anywhere in the network.' })
  canteenId!: string;

  @Field(() => MealEnum, { description: 'The meal.' })
  meal!: Meal;

  @Field(() => [DateScalar], { description: '1 to 31 days, each once, at most 62 days ahead.' })
  days!: string[];
}
