import { Field, ID, InputType, Int } from 'type-graphql';
import type { DiningMode, MenuKind } from '../../entities/meals/swipe.entity.js';
import { DateTimeScalar, FenScalar } from '../shared/scalars.js';
import { DiningModeEnum, MenuKindEnum } from './meal.type.js';

@InputType({ description: 'One tap of a card at a reader.' })
export class SwipeInput {
  @Field(() => ID, {
    description:
      'A UUID the reader makes and stores before it sends. Sending it again returns the first answer, however late.',
  })
  swipeId!: string;

  @Field(() => Int, {
    description: "The reader's own counter, one more for every swipe, never reset: gaps show lost swipes.",
  })
  sequence!: number;

  @Field(() => String, { description: 'What the chip answers: 8 to 20 hexadecimal digits.' })
  cardUid!: string;

  @Field(() => DateTimeScalar, { description: "The reader's clock at the tap." })
  swipedAt!: Date;

  @Field(() => FenScalar, { description: 'The price on the menu, before any subsidy or discount, in fen.' })
  grossFen!: number;

  @Field(() => DiningModeEnum, { defaultValue: 'DINE_IN', description: 'Where the meal is eaten.' })
  mode!: DiningMode;

  @Field(() => MenuKindEnum, {
    defaultValue: 'SET_MEAL',
    description: 'What is eaten, for rules that tell it apart.',
  })
  menu!: MenuKind;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'The reader could not ask when the card was tapped.',
  })
  offline!: boolean;
}
