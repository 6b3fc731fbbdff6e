import { Arg, Ctx, ID, Resolver, Subscription } from 'type-graphql';
import { canteenDay, mayReadCanteenDay } from '../../src/meals/canteen-day.js';
import { canteenDayOf, canteenNewsMs } from '../../src/meals/canteen-news.js';
import { dayOf } from '../../src/shared/china-time.js';
import type { Topic } from '../../src/shared/live/live-event.js';
import type { Context } from '../context.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { liveFeed } from '../shared/live.js';
import { notFound } from '../shared/refusal.js';
import { CanteenDayType } from './canteen.type.js';

const operation = 'canteenDayChanged';

/** A canteen's day as it grows. */
@Resolver()
export class CanteenDayNewsResolver {
  @Subscription(() => CanteenDayType, {
    subscribe: liveFeed(topicsOf, canteenNewsMs),
    description:
      '[manager] Today in figures, as `canteenDay` answers it: once at the start, and again when swipes were recorded or decided on, at most once a second.',
  })
  async canteenDayChanged(
    @Ctx() context: Context,
    @Arg('canteenId', () => ID, { description: "The canteen's facility." }) canteenId: string,
  ): Promise<CanteenDayType> {
    const today = dayOf(context.now);
    const wanted = { canteenId: idOf(canteenId), date: today };
    const scope = context.scopeFor(operation);
    const day = await context.database.read((manager) => canteenDay(manager, wanted, scope, today));
    return day ?? refuse(canteenId, context);
  }
}

async function topicsOf(
  { canteenId }: { canteenId: string },
  context: Context,
): Promise<Topic<{ canteenId: number }>[]> {
  const id = idOf(canteenId);
  const scope = context.scopeFor(operation);
  const mayRead = await context.database.read((manager) =>
    mayReadCanteenDay(manager, id, scope, dayOf(context.now)),
  );
  return mayRead && id !== undefined ? [canteenDayOf(id)] : refuse(canteenId, context);
}

async function refuse(canteenId: string, { audit, language }: Context): Promise<never> {
  await audit.refused(operation, notFound, { canteenId });
  throw badUserInput(['canteenId'], { zh: '无此食堂', en: 'no such canteen' }, language);
}
