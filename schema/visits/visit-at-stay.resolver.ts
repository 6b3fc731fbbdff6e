import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { noSpans } from '../../src/elders/institution-stays.js';
import { daysAhead, visitsAtStays } from '../../src/visits/visits-at-stay.js';
import type { Context } from '../context.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { type ShownVisit, VisitType } from './visit.type.js';
import { VisitAtStayType } from './visit-at-stay.type.js';

/** No facility has it. */
const nowhere = 0;
const firstMax = 200;

/** What stations have to ask about when elders are away. */
@Resolver(() => VisitAtStayType)
export class VisitAtStayResolver {
  @Query(() => [VisitAtStayType], {
    description: `[manager] Visits of the next ${daysAhead} days, of stations at or beneath a facility, whose elder may still be in an institution or in hospital then: after the day on which a patient was expected back, in a stay that is to begin, and when whoever is on leave from an institution is due to return there. In order of start. Those whose elder is surely away are called off and not listed. Empty for a facility beyond the caller's grants.`,
  })
  async visitsAtStays(
    @Ctx() context: Context,
    @Arg('within', () => ID, { description: 'The facility.' }) within: string,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: firstMax,
      description: `How many at most, 0 to ${firstMax}.`,
    })
    first: number | null,
  ): Promise<VisitAtStayType[]> {
    const rowsMax = first ?? firstMax;
    if (rowsMax < 0 || rowsMax > firstMax) {
      const text = { zh: `须为 0 至 ${firstMax}`, en: `must be 0 to ${firstMax}` };
      throw badUserInput(['first'], text, context.language);
    }
    const { database, awaySpans: spansOf = noSpans } = context.services;
    const asker = { scope: context.scopeFor('visitsAtStays'), spansOf, now: context.now };
    return database.read((manager) => visitsAtStays(manager, idOf(within) ?? nowhere, asker, rowsMax));
  }

  @FieldResolver(() => VisitType, { description: 'The visit.' })
  visit(@Root() { visitId }: VisitAtStayType, @Ctx() { loaders }: Context): Promise<ShownVisit> {
    return loaders.plannedVisitById.load(visitId);
  }
}
