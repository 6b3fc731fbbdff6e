import { Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { canteenOf } from '../../src/access/caller.js';
import { lastSequenceOf } from '../../src/meals/last-sequence.js';
import type { Context } from '../context.js';
import { ElderType } from '../elders/elder.type.js';
import { FacilityType } from '../network/facility.type.js';
import { unauthenticated } from '../shared/errors.js';
import { GrantType, grantType, ViewerType } from './viewer.type.js';

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Query(() => ViewerType, { description: '[any] The caller itself, and what it may do where.' })
  viewer(@Ctx() context: Context): ViewerType {
    const { caller, language } = context;
    if (!caller) throw unauthenticated(language);
    return { id: String(caller.accountId), name: caller.name, grants: caller.grants.map(grantType) };
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Of a reader, the highest number of its counter that was recorded: a reader that has lost its store goes on behind it. Null before the first swipe, and for whoever is no reader.',
  })
  lastSequence(@Ctx() { caller, database }: Context): Promise<number | null> | null {
    if (!caller || canteenOf(caller) === undefined) return null;
    return database.read((manager) => lastSequenceOf(manager, caller.accountId));
  }
}

@Resolver(() => GrantType)
export class GrantResolver {
  @FieldResolver(() => FacilityType, {
    nullable: true,
    description:
      'The facility that the grant covers, with everything beneath it; null for the whole network, and for a family member.',
  })
  async facility(@Root() grant: GrantType, @Ctx() context: Context): Promise<FacilityType | null> {
    if (grant.facilityId === null) return null;
    return (await context.loaders.facilityById.load(grant.facilityId)) ?? null;
  }

  @FieldResolver(() => ElderType, {
    nullable: true,
    description: "The elder that a family member's grant covers; null for every other role.",
  })
  elder(@Root() grant: GrantType, @Ctx() context: Context): Promise<ElderType> | null {
    return grant.elderId === null ? null : context.loaders.elderById.load(grant.elderId);
  }
}
