import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { forbidden } from '../shared/errors.js';
import { readPage } from '../shared/paging.js';
import { BedConnectionType, bedPage } from './bed.type.js';

/** The edge from a facility to its own beds. */
@Resolver(() => FacilityType)
export class FacilityBedsResolver {
  @FieldResolver(() => BedConnectionType, {
    description:
      "[manager] The facility's own beds that are registered today, not those beneath it, in the order of their numbers. FORBIDDEN outside what the caller’s grants cover.",
  })
  async beds(
    @Root() { id }: FacilityType,
    @Ctx() context: Context,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50, description: 'How many at most, 0 to 200.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after?: string | null,
  ): Promise<BedConnectionType> {
    const covered = await context.loaders.facilityCovered.load({ id, shared: 'Facility.beds' });
    if (!covered) throw forbidden(context.language);
    const page = readPage(first ?? 50, after, context.language);
    const { loaders } = context;
    const shared = { afterId: page.afterId, rowsMax: page.first + 1 };
    const beds = await loaders.bedsByFacility.load({ id, shared });
    return bedPage(beds, page.first, () => loaders.bedsByFacilityCount.load(id));
  }
}
