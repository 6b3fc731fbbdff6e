import { Arg, Ctx, Float, Mutation, Resolver } from 'type-graphql';
import { SettableClock } from '../../src/shared/clock.js';
import type { Context } from '../context.js';
import { badUserInput, forbidden } from '../shared/errors.js';
import { DateTimeScalar } from '../shared/scalars.js';

/** A day in 86 seconds is 1,000; more than this is a slip of the keyboard. */
const rateMax = 100_000;

@Resolver()
export class ClockResolver {
  @Mutation(() => DateTimeScalar, {
    description:
      "[admin] Sets the server's clock, so that a day can be played in minutes; FORBIDDEN in production. Who may call is still decided by the real time. Answers what the clock shows.",
  })
  async setClock(
    @Ctx() context: Context,
    @Arg('at', () => DateTimeScalar, {
      nullable: true,
      description: 'What the clock shows from now on; null for the real time, at its own pace.',
    })
    at: Date | null | undefined,
    @Arg('rate', () => Float, {
      defaultValue: 1,
      description: `Simulated seconds in a real second, 0 to ${rateMax}; 0 stops the clock. Without meaning when at is null.`,
    })
    rate: number,
  ): Promise<Date> {
    const { clock } = context.services;
    if (!(clock instanceof SettableClock)) throw forbidden(context.language);
    if (rate < 0 || rate > rateMax) {
      const range = `0-${rateMax}`;
      throw badUserInput(
        ['rate'],
        { zh: `须在 ${range} 之间`, en: `must be within ${range}` },
        context.language,
      );
    }
    // First the record, then the clock: nothing in the database changes, so there is no other way to have both.
    await context.audit.write(async () => undefined);
    if (at) clock.set(at, rate);
    else clock.reset();
    return clock.now();
  }
}
