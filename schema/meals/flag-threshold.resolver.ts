import { Arg, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql';
import { type ThresholdInForce, thresholdsInForce } from '../../src/meals/flags/flag-thresholds.js';
import { type ThresholdName, thresholdKinds } from '../../src/meals/flags/flag-thresholds.rules.js';
import { setFlagThreshold, thresholdState } from '../../src/meals/flags/set-flag-threshold.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { badUserInput } from '../shared/errors.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { FlagThresholdNameEnum, FlagThresholdResultUnion, FlagThresholdType } from './flag-threshold.type.js';

/** Since when there are values. */
const firstDay = '2000-01-01';

@Resolver()
export class FlagThresholdResolver {
  @Query(() => [FlagThresholdType], {
    description: '[manager] What signs of fraud are held against on a day, today without it.',
  })
  async flagThresholds(
    @Ctx() context: Context,
    @Arg('on', () => DateScalar, { nullable: true, description: 'The day of the taps, from 2000-01-01 on.' })
    on: string | null | undefined,
  ): Promise<FlagThresholdType[]> {
    const day = on ?? dayOf(context.now);
    if (day < firstDay) {
      const text = { zh: `不得早于 ${firstDay}`, en: `must not lie before ${firstDay}` };
      throw badUserInput(['on'], text, context.language);
    }
    const inForce = await context.database.read((manager) => thresholdsInForce(manager, day));
    return inForce.map((threshold) => shown(threshold, context));
  }

  @Mutation(() => FlagThresholdResultUnion, {
    description:
      '[administrator] Sets what a sign of fraud is held against from a day on, everywhere. Days before it keep their values.',
  })
  async setFlagThreshold(
    @Ctx() context: Context,
    @Arg('name', () => FlagThresholdNameEnum, { description: 'Which.' }) name: ThresholdName,
    @Arg('value', () => Int, { description: 'The number, in its unit.' }) value: number,
    @Arg('fromDay', () => DateScalar, {
      description: 'The first day of taps that it counts for; not before today.',
    })
    fromDay: string,
  ): Promise<typeof FlagThresholdResultUnion> {
    const { accountId: byId, now } = context;
    const scope = context.scopeFor('setFlagThreshold');
    const result = await context.audit.write(
      (manager) => setFlagThreshold(manager, { name, value, fromDay, byId, now }, scope),
      { state: (manager) => thresholdState(manager, { name, fromDay }) },
    );
    return isRefusal(result) ? shownRefusal(result, context.language) : shown(result, context);
  }
}

function shown(threshold: ThresholdInForce, { language }: Context): FlagThresholdType {
  const { unit, means } = thresholdKinds[threshold.name];
  return { ...threshold, unit, meaning: means[language] };
}
