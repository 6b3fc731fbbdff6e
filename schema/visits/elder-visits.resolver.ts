import { Arg, Ctx, FieldResolver, Int, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { ElderType } from '../elders/elder.type.js';
import { nothingRegistered } from '../shared/not-in-service.js';
import type { Connection } from '../shared/paging.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { VisitConnectionType } from './visit.type.js';

/** The edge from an elder to the elder's visits. */
@Resolver(() => ElderType)
export class ElderVisitsResolver {
  @FieldResolver(() => VisitConnectionType, {
    description:
      "The elder's visits that start over [from, to), in order of start. None is booked on the platform yet. Of the group BOOKING: FORBIDDEN to a relative without that right.",
  })
  visits(
    @Ctx() context: Context,
    @Arg('from', () => DateTimeScalar, { nullable: true, description: 'The earliest start; all without it.' })
    _from: Date | undefined,
    @Arg('to', () => DateTimeScalar, {
      nullable: true,
      description: 'The first start left out; none without it.',
    })
    _to: Date | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: 'How many at most, 0 to 200.' })
    first: number,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after?: string,
  ): Connection<never> {
    return nothingRegistered(first, after, context);
  }
}
