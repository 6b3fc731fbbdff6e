import { Arg, Ctx, ID, Resolver, Subscription } from 'type-graphql';
import { placesOfElder } from '../../src/beds/find-waitlist.js';
import { type LineNews, waitingTopics } from '../../src/beds/waitlist-news.js';
import type { Topic } from '../../src/shared/live/live-event.js';
import type { Context } from '../context.js';
import { forbidden } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { liveFeed } from '../shared/live.js';
import { shownEntry, WaitlistEntryType } from './waitlist.type.js';

const operation = 'waitlistChanged';
/** Nobody's id. */
const nobody = 0;

/** Where an elder waits, and what is offered, as it changes. */
@Resolver()
export class WaitlistNewsResolver {
  @Subscription(() => [WaitlistEntryType], {
    subscribe: liveFeed(topicsOf),
    description:
      '[family, manager] Where an elder stands in each line, as `waitlistPositionOf` answers it: once at the start, and again when a place in line began or ended, or a bed was offered, accepted, declined or passed on. That others before the elder leave a line is not told. FORBIDDEN for an elder who is unknown or not the caller’s. Of the group BOOKING.',
  })
  async waitlistChanged(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'Who waits.' }) elderId: string,
  ): Promise<WaitlistEntryType[]> {
    const { now, language } = context;
    const scope = await context.elderScopeFor(operation);
    const id = idOf(elderId) ?? nobody;
    const entries = await context.database.read((manager) => placesOfElder(manager, id, scope, now));
    return entries.map((entry) => shownEntry(entry, language));
  }
}

async function topicsOf(
  { elderId }: { elderId: string },
  context: Context,
): Promise<readonly Topic<LineNews>[]> {
  const scope = await context.elderScopeFor(operation);
  const topics = await context.database.read((manager) =>
    waitingTopics(manager, idOf(elderId) ?? nobody, scope, context.now),
  );
  if (!topics) throw forbidden(context.language);
  return topics;
}
