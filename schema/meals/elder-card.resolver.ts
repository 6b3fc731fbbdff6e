import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { ElderType } from '../elders/elder.type.js';
import { forbidden } from '../shared/errors.js';
import { MealCardType } from './card.type.js';

/** The edge from an elder to the elder's card. */
@Resolver(() => ElderType)
export class ElderCardResolver {
  @FieldResolver(() => MealCardType, {
    nullable: true,
    description:
      'The active card, else the one issued last; null for an elder who never had one. FORBIDDEN to whoever sees the elder as a caregiver.',
  })
  async card(@Root() elder: ElderType, @Ctx() context: Context): Promise<MealCardType | null> {
    const covered = await context.loaders.elderCovered.load({ elder, operation: 'Elder.card' });
    if (!covered) throw forbidden(context.language);
    return context.loaders.cardByElder.load(elder.id);
  }
}
