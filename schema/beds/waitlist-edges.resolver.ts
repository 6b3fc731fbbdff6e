import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { ElderType } from '../elders/elder.type.js';
import { FacilityType } from '../network/facility.type.js';
import { forbidden } from '../shared/errors.js';
import { BedObjectType, shownBed } from './bed.type.js';
import { BedOfferType, WaitlistEntryType } from './waitlist.type.js';

/** From a place in line to who stands there, and where. */
@Resolver(() => WaitlistEntryType)
export class WaitlistEdgesResolver {
  @FieldResolver(() => ElderType, {
    description:
      'Who is waiting. Of a file that a station elsewhere keeps, only what is needed to know the person is open.',
  })
  async elder(
    @Root() { elderId, facilityId }: WaitlistEntryType,
    @Ctx() context: Context,
  ): Promise<ElderType> {
    const operation = 'WaitlistEntry.elder';
    if (await context.loaders.facilityCovered.load({ id: facilityId, shared: operation })) {
      context.shownByBeds.add(elderId);
    } else if (!(await context.loaders.elderCovered.load({ id: elderId, shared: operation }))) {
      throw forbidden(context.language);
    }
    return context.loaders.elderById.load(elderId);
  }

  @FieldResolver(() => FacilityType, { description: 'Where.' })
  facility(@Root() { facilityId }: WaitlistEntryType, @Ctx() { loaders }: Context): Promise<FacilityType> {
    return loaders.facilityById.load(facilityId);
  }
}

/** From an offer to the bed. */
@Resolver(() => BedOfferType)
export class BedOfferEdgesResolver {
  @FieldResolver(() => BedObjectType, {
    description: 'The bed, held until the offer is answered or expires.',
  })
  async bed(@Root() { bedId }: BedOfferType, @Ctx() { loaders }: Context): Promise<BedObjectType> {
    return shownBed(await loaders.bedById.load(bedId));
  }
}
