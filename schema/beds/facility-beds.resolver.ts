import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { forbidden } from '../shared/errors.js';
import { nothingRegistered } from '../shared/not-in-service.js';
import type { Connection } from '../shared/paging.js';
import { BedConnectionType } from './bed.type.js';

/** The edge from a facility to its own beds. */
@Resolver(() => FacilityType)
export class FacilityBedsResolver {
  @FieldResolver(() => BedConnectionType, {
    description:
      "[manager] The facility's own beds, not those beneath it. FORBIDDEN outside what the caller’s grants cover. None is registered on the platform yet.",
  })
  async beds(
    @Root() { id }: FacilityType,
    @Ctx() context: Context,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50, description: 'How many at most, 0 to 200.' })
    first: number,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after?: string,
  ): Promise<Connection<never>> {
    const covered = await context.loaders.facilityCovered.load({ id, shared: 'Facility.beds' });
    if (!covered) throw forbidden(context.language);
    return nothingRegistered(first, after, context);
  }
}
