import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { answerNotInService } from '../shared/not-in-service.js';
import { DateScalar } from '../shared/scalars.js';
import { BedConnectionType, BedObjectType, BedStayType } from './bed.type.js';
import { BedStateEnum, type BedStateValue, BedTypeEnum, type BedTypeValue } from './bed-state.type.js';
import { OccupancyPointType } from './occupancy-point.type.js';

const onDay = { nullable: true, description: 'The day asked about; today without it.' } as const;
const beneath = 'The facility asked about, with everything beneath it.';

/** What can be asked about beds: in the contract, and not in service yet (docs/decisions/0007). */
@Resolver(() => BedObjectType)
export class BedResolver {
  @Query(() => BedConnectionType, { description: '[manager] Beds free for the whole of [from, to).' })
  availableBeds(
    @Ctx() context: Context,
    @Arg('within', () => ID, { description: beneath }) _within: string,
    @Arg('type', () => BedTypeEnum, {
      nullable: true,
      description: 'Only beds of this type; of every type without it.',
    })
    _type: BedTypeValue | undefined,
    @Arg('from', () => DateScalar, { description: 'The first day.' }) _from: string,
    @Arg('to', () => DateScalar, {
      nullable: true,
      description: 'The first day left out; for good without it.',
    })
    _to: string | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: 'How many at most, 0 to 200.' })
    _first: number,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    _after?: string,
  ): BedConnectionType {
    return answerNotInService(context);
  }

  @Query(() => [OccupancyPointType], { description: '[manager] One point a day over [from, to).' })
  occupancy(
    @Ctx() context: Context,
    @Arg('within', () => ID, { description: beneath }) _within: string,
    @Arg('from', () => DateScalar, { description: 'The first day.' }) _from: string,
    @Arg('to', () => DateScalar, { description: 'The first day left out.' }) _to: string,
  ): OccupancyPointType[] {
    return answerNotInService(context);
  }

  @FieldResolver(() => BedStateEnum, {
    description: 'What the bed is on a day: it follows from stays, holds and closures.',
  })
  state(@Ctx() context: Context, @Arg('on', () => DateScalar, onDay) _on?: string): BedStateValue {
    return answerNotInService(context);
  }

  @FieldResolver(() => BedStayType, {
    nullable: true,
    description: 'The stay that has the bed on a day; null when none.',
  })
  stay(@Ctx() context: Context, @Arg('on', () => DateScalar, onDay) _on?: string): BedStayType | null {
    return answerNotInService(context);
  }
}
