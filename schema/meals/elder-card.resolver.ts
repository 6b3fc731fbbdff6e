import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { ElderType } from '../elders/elder.type.js';
import { MealCardType } from './card.type.js';

/** The edge from an elder to the elder's card. */
@Resolver(() => ElderType)
export class ElderCardResolver {
  @FieldResolver(() => MealCardType, {
    nullable: true,
    description:
      'The active card, else the one issued last; null for an elder who never had one. Of the group MONEY: null with the error FORBIDDEN for a relative without that right, and for whoever sees the elder as a caregiver.',
  })
  card(@Root() elder: ElderType, @Ctx() context: Context): Promise<MealCardType | null> {
    return context.loaders.cardByElder.load(elder.id);
  }
}
