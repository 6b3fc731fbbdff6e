import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
} from 'graphql';
import type { RequestContext } from '../context.js';
import { endsSubscription, LiveResults } from './live-results.js';

export interface OpenSubscription {
  results: LiveResults;
  /** Asks for it again, and ends it when the caller would be refused now. */
  recheck(): Promise<void>;
}

export interface Subscriber {
  /** What the caller is by now, for one more answer; undefined when it is nobody any more. */
  contextNow(): Promise<RequestContext | undefined>;
  onFailure(errors: readonly GraphQLError[]): void;
}

/**
 * Begins a subscription. Each answer has a context of its own: the caller is looked up again, nothing that was loaded
 * for an earlier answer is shown, and every rule sees the instant of this one.
 */
export async function subscribe(
  args: ExecutionArgs,
  { contextNow, onFailure }: Subscriber,
): Promise<OpenSubscription | { errors: readonly GraphQLError[] }> {
  const feed = await createSourceEventStream(args);
  if (!isFeed(feed)) return { errors: feed.errors ?? [] };
  const answerTo = async (signal: unknown): Promise<ExecutionResult | undefined> => {
    const contextValue = await contextNow();
    return contextValue && execute({ ...args, rootValue: signal, contextValue });
  };
  const results = new LiveResults(feed[Symbol.asyncIterator](), answerTo, onFailure);
  const recheck = async () => {
    const contextValue = await contextNow();
    if (!contextValue) return;
    const again = await createSourceEventStream({ ...args, contextValue });
    if (isFeed(again)) await again[Symbol.asyncIterator]().return?.();
    else if (endsSubscription(again.errors)) results.end({ data: null, ...again });
    else onFailure(again.errors ?? []);
  };
  return { results, recheck };
}

function isFeed(given: AsyncIterable<unknown> | ExecutionResult): given is AsyncIterable<unknown> {
  return Symbol.asyncIterator in given;
}
