import type { ExecutionResult, GraphQLError } from 'graphql';
import { NothingToTell } from '../../../schema/shared/live.js';

type Answer = IteratorResult<ExecutionResult, undefined>;

const over: Answer = { done: true, value: undefined };

/** What ends a subscription: its caller may no longer ask what it asked. */
const endingCodes = new Set<unknown>(['UNAUTHENTICATED', 'FORBIDDEN', 'BAD_USER_INPUT']);

export function endsSubscription(errors: readonly GraphQLError[] = []): boolean {
  return errors.some(({ extensions }) => endingCodes.has(extensions.code));
}

/**
 * The answers of one subscription, one for each signal of its feed and none before it is asked for, so that a client
 * which reads slowly slows nothing but its own feed. `return` does not wait for a signal that may never come, as that
 * of an async generator would.
 */
export class LiveResults implements AsyncIterableIterator<ExecutionResult, undefined> {
  private ending: ExecutionResult | undefined;
  private closed = false;

  /**
   * @param answerTo reads what there is to say to a signal; undefined when the caller is gone
   * @param onFailure told of an answer that failed for no fault of the caller's
   */
  constructor(
    private readonly feed: AsyncIterator<unknown>,
    private readonly answerTo: (signal: unknown) => Promise<ExecutionResult | undefined>,
    private readonly onFailure: (errors: readonly GraphQLError[]) => void,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<Answer> {
    while (!this.closed) {
      const signal = await this.feed.next();
      if (this.ending) return this.last(this.ending);
      if (signal.done) break;
      const result = await this.answerTo(signal.value);
      if (this.ending) return this.last(this.ending);
      if (!result || this.closed) break;
      if (saysNothing(result)) continue;
      if (result.data) return { done: false, value: result };
      return this.failed(result);
    }
    await this.return();
    return over;
  }

  /** Says this last and ends, whatever is waiting. */
  end(result: ExecutionResult): void {
    this.ending ??= result;
    void this.feed.return?.();
  }

  async return(): Promise<Answer> {
    this.closed = true;
    await this.feed.return?.();
    return over;
  }

  /** A caller that may not ask is told so and hears no more; any other failure is left to whoever was told of it. */
  private async failed(result: ExecutionResult): Promise<Answer> {
    const errors = result.errors ?? [];
    if (!endsSubscription(errors)) this.onFailure(errors);
    return this.last(result);
  }

  private async last(result: ExecutionResult): Promise<Answer> {
    await this.return();
    this.ending = undefined;
    return { done: false, value: result };
  }
}

function saysNothing({ errors = [] }: ExecutionResult): boolean {
  return errors.some(({ originalError }) => originalError instanceof NothingToTell);
}
