import type { LivePayload, Topic } from '../../src/shared/live/live-event.js';
import type { LiveFeed } from '../../src/shared/live/live-feed.js';
import type { Context } from '../context.js';

/** What type-graphql hands to the `subscribe` of a subscription. */
interface Subscribing {
  args: Record<string, unknown>;
  context: Context;
}

/**
 * The `subscribe` of a subscription. `topicsOf` refuses by throwing, as a query would; it is asked when the
 * subscription begins and again every few seconds while it is open, so it looks and changes nothing. The field's
 * resolver is then called for each signal, with a context of its own, and reads what the caller may see by then.
 *
 * @param everyMs the least time between two answers, in milliseconds
 */
export function liveFeed<Args, Payload extends LivePayload>(
  topicsOf: (args: Args, context: Context) => Promise<readonly Topic<Payload>[]>,
  everyMs = 0,
) {
  return async ({ args, context }: Subscribing): Promise<LiveFeed<Payload>> => {
    const topics = await topicsOf(args as Args, context);
    const { live, liveWaitingMax: waitingMax, onLiveDropped: onDropped } = context.services;
    return live.listen(topics, { waitingMax, everyMs, ...(onDropped ? { onDropped } : {}) });
  };
}

/**
 * Thrown by the resolver of a subscription for a signal that says nothing to this subscriber: nothing is sent, and the
 * subscription goes on.
 */
export class NothingToTell extends Error {
  override name = 'NothingToTell';
}
