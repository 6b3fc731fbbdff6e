import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { BedCountType } from '../beds/bed-count.type.js';
import type { Context } from '../context.js';
import { FenScalar } from '../shared/scalars.js';
import { KindCountType, NetworkRollupType } from './network-rollup.type.js';

/** The fields of a roll-up: each is one loader, so a whole page of facilities is counted at once. */
@Resolver(() => NetworkRollupType)
export class NetworkRollupResolver {
  @FieldResolver(() => [KindCountType], {
    description:
      'Facilities open that day by kind, the facility itself counted; kinds without one are left out.',
  })
  facilities(@Root() rollup: NetworkRollupType, @Ctx() { loaders }: Context): Promise<KindCountType[]> {
    return loaders.rollupFacilities.load(rollupKey(rollup));
  }

  @FieldResolver(() => Int, {
    description: 'Elders registered by that day and not yet ended, by where their home station stood.',
  })
  elders(@Root() rollup: NetworkRollupType, @Ctx() { loaders }: Context): Promise<number> {
    return loaders.rollupElders.load(rollupKey(rollup));
  }

  @FieldResolver(() => BedCountType, {
    description: 'Beds by state that day; zeros while the platform registers none.',
  })
  beds(@Root() rollup: NetworkRollupType, @Ctx() { loaders }: Context): Promise<BedCountType> {
    return loaders.rollupBeds.load(rollupKey(rollup));
  }

  @FieldResolver(() => Int, { description: 'Meals recorded that day, voided ones left out.' })
  async meals(@Root() rollup: NetworkRollupType, @Ctx() { loaders }: Context): Promise<number> {
    return (await loaders.rollupMeals.load(rollupKey(rollup))).meals;
  }

  @FieldResolver(() => FenScalar, { description: 'What funders bear of those meals, in fen.' })
  async subsidyFen(@Root() rollup: NetworkRollupType, @Ctx() { loaders }: Context): Promise<number> {
    return (await loaders.rollupMeals.load(rollupKey(rollup))).subsidyFen;
  }

  @FieldResolver(() => FenScalar, { description: 'What the elders themselves paid for those meals, in fen.' })
  async selfPaidFen(@Root() rollup: NetworkRollupType, @Ctx() { loaders }: Context): Promise<number> {
    return (await loaders.rollupMeals.load(rollupKey(rollup))).selfPaidFen;
  }

  @FieldResolver(() => Int, {
    description: 'Visits to begin that day, cancelled ones left out, by where their station stood.',
  })
  async visitsPlanned(@Root() rollup: NetworkRollupType, @Ctx() { loaders }: Context): Promise<number> {
    return (await loaders.rollupVisits.load(rollupKey(rollup))).planned;
  }

  @FieldResolver(() => Int, {
    description: 'Of the visits planned for that day, those completed.',
  })
  async visitsCompleted(@Root() rollup: NetworkRollupType, @Ctx() { loaders }: Context): Promise<number> {
    return (await loaders.rollupVisits.load(rollupKey(rollup))).completed;
  }
}

/** One statement counts all facilities that are asked about the same day. */
function rollupKey({ facilityId, on }: NetworkRollupType): { id: number; shared: string } {
  return { id: facilityId, shared: on };
}
