import { Arg, Ctx, ID, Resolver, Subscription } from 'type-graphql';
import { bedBoard } from '../../src/beds/bed-board.js';
import { type BoardNews, boardNewsMs, boardTopics } from '../../src/beds/bed-news.js';
import { nowhere } from '../../src/network/scope.js';
import { dayOf } from '../../src/shared/china-time.js';
import type { Topic } from '../../src/shared/live/live-event.js';
import type { Context } from '../context.js';
import { forbidden } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { liveFeed } from '../shared/live.js';
import { BoardBedType, shownBoard } from './bed-board.type.js';

const operation = 'bedBoardChanged';

/** A facility's board as it changes. */
@Resolver()
export class BedBoardNewsResolver {
  @Subscription(() => [BoardBedType], {
    subscribe: liveFeed(topicsOf, boardNewsMs),
    description:
      '[manager] The board of today, as `bedBoard` answers it: once at the start, and again when a bed, a hold, a stay or a leave of the facility changed, at most once a second. What a day brings by itself, such as a hold that expires, is not told. FORBIDDEN for a facility that is unknown or beyond the caller’s grants.',
  })
  async bedBoardChanged(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'The facility.' }) facilityId: string,
  ): Promise<BoardBedType[]> {
    const { now } = context;
    const asked = { facilityId: idOf(facilityId) ?? nowhere, on: dayOf(now), now };
    const scope = context.scopeFor(operation);
    return shownBoard(await context.database.read((manager) => bedBoard(manager, asked, scope)), context);
  }
}

async function topicsOf(
  { facilityId }: { facilityId: string },
  context: Context,
): Promise<readonly Topic<BoardNews>[]> {
  const scope = context.scopeFor(operation);
  const topics = await context.database.read((manager) =>
    boardTopics(manager, idOf(facilityId) ?? nowhere, scope, dayOf(context.now)),
  );
  if (!topics) throw forbidden(context.language);
  return topics;
}
