import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { ElderType } from '../elders/elder.type.js';
import { BedStayType, shownStay } from './bed.type.js';

/** The edge from an elder to the bed the elder has today. */
@Resolver(() => ElderType)
export class ElderStayResolver {
  @FieldResolver(() => BedStayType, {
    nullable: true,
    description: 'The stay the elder is in today, on leave too; null without one.',
  })
  async stay(@Root() { id }: ElderType, @Ctx() { loaders }: Context): Promise<BedStayType | null> {
    const stay = await loaders.stayByElder.load(id);
    return stay && shownStay(stay);
  }
}
