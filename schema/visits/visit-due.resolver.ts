import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { noStays } from '../../src/elders/institution-stays.js';
import { countVisitsDue, visitsDue } from '../../src/visits/visits-due.js';
import type { Context } from '../context.js';
import { ElderType } from '../elders/elder.type.js';
import { idOf } from '../shared/ids.js';
import type { Connection } from '../shared/paging.js';
import { readStartPage, startConnectionOf } from '../shared/start-paging.js';
import { VisitDueConnectionType, VisitDueType } from './visit-due.type.js';

const pageSize = 50;
const nowhere = 0;

/** The monthly duty: who of the government's list is still to be visited. */
@Resolver(() => VisitDueType)
export class VisitDueResolver {
  @Query(() => VisitDueConnectionType, {
    description:
      "[manager] Elders of the government's list at home stations at or beneath a facility who have no visit this month, neither brought nor planned: who was never visited first, then by the last visit. An empty page for a facility beyond the caller's grants.",
  })
  async visitsDue(
    @Ctx() context: Context,
    @Arg('within', () => ID, { description: 'The facility.' }) within: string,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: pageSize,
      description: 'How many at most, 0 to 200.',
    })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null | undefined,
  ): Promise<Connection<VisitDueType>> {
    const page = readStartPage(first ?? pageSize, after, context.language);
    const { database, now } = context;
    const facilityId = idOf(within) ?? nowhere;
    const { stays = noStays } = context.services;
    const asker = { scope: context.scopeFor('visitsDue'), now, stays };
    const asked = { after: page.after, rowsMax: page.first + 1 };
    const rows = await database.read((manager) => visitsDue(manager, facilityId, asked, asker));
    const nodes = rows.map(({ elderId, lastVisitAt, dueOn }) => ({
      id: elderId,
      startsAt: lastVisitAt ?? new Date(0),
      lastVisitAt,
      dueOn,
    }));
    return startConnectionOf(nodes, page.first, () =>
      database.read((manager) => countVisitsDue(manager, facilityId, asker)),
    );
  }

  @FieldResolver(() => ElderType, { description: 'Who is to be visited.' })
  elder(@Root() { id }: VisitDueType, @Ctx() { loaders }: Context): Promise<ElderType> {
    return loaders.elderById.load(id);
  }
}
