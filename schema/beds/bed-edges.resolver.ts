import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { dayOf } from '../../src/shared/china-time.js';
import type { Context } from '../context.js';
import { ElderType } from '../elders/elder.type.js';
import { FacilityType } from '../network/facility.type.js';
import { forbidden } from '../shared/errors.js';
import { DateScalar } from '../shared/scalars.js';
import { BedObjectType, BedStayType, shownBed, shownStay } from './bed.type.js';
import { BedStateEnum, type BedStateValue } from './bed-state.type.js';

const onDay = { nullable: true, description: 'The day asked about; today without it.' } as const;

/** From a bed to where it stands and who has it. */
@Resolver(() => BedObjectType)
export class BedEdgesResolver {
  @FieldResolver(() => FacilityType, { description: 'Where the bed stands.' })
  facility(@Root() { facilityId }: BedObjectType, @Ctx() { loaders }: Context): Promise<FacilityType> {
    return loaders.facilityById.load(facilityId);
  }

  @FieldResolver(() => BedStateEnum, {
    description:
      'What the bed is on a day: it follows from stays, holds and closures. FORBIDDEN outside what the caller’s grants cover.',
  })
  async state(
    @Root() bed: BedObjectType,
    @Ctx() context: Context,
    @Arg('on', () => DateScalar, onDay) on?: string | null,
  ): Promise<BedStateValue> {
    await mustCover(bed.facilityId, 'Bed.state', context);
    const shared = on ?? dayOf(context.now);
    return (await context.loaders.bedOnDay.load({ id: bed.id, shared })).state;
  }

  @FieldResolver(() => BedStayType, {
    nullable: true,
    description:
      'The stay, or the hold, that has the bed on a day; null when none. FORBIDDEN outside what the caller’s grants cover.',
  })
  async stay(
    @Root() bed: BedObjectType,
    @Ctx() context: Context,
    @Arg('on', () => DateScalar, onDay) on?: string | null,
  ): Promise<BedStayType | null> {
    await mustCover(bed.facilityId, 'Bed.stay', context);
    const shared = on ?? dayOf(context.now);
    const { stay } = await context.loaders.bedOnDay.load({ id: bed.id, shared });
    return stay && shownStay(stay);
  }
}

/** From a stay to its bed and its elder. */
@Resolver(() => BedStayType)
export class BedStayEdgesResolver {
  @FieldResolver(() => BedObjectType, { description: 'The bed; no two live stays share one on a day.' })
  async bed(@Root() { bedId }: BedStayType, @Ctx() { loaders }: Context): Promise<BedObjectType> {
    return shownBed(await loaders.bedById.load(bedId));
  }

  @FieldResolver(() => ElderType, {
    description:
      'Who has it; an elder has no two beds on a day. Of a file that a station elsewhere keeps, only what is needed to know the resident is open.',
  })
  async elder(@Root() { elderId, facilityId }: BedStayType, @Ctx() context: Context): Promise<ElderType> {
    const operation = 'BedStay.elder';
    if (await context.loaders.facilityCovered.load({ id: facilityId, shared: operation })) {
      context.shownByBeds.add(elderId);
    } else if (!(await context.loaders.elderCovered.load({ id: elderId, shared: operation }))) {
      throw forbidden(context.language);
    }
    return context.loaders.elderById.load(elderId);
  }
}

/** A stay may lead from an elder to a bed of somebody else's facility. */
async function mustCover(facilityId: number, operation: string, context: Context): Promise<void> {
  const isCovered = await context.loaders.facilityCovered.load({ id: facilityId, shared: operation });
  if (!isCovered) throw forbidden(context.language);
}
