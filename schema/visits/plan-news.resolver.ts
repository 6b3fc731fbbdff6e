import { Arg, Ctx, ID, Resolver, Root, Subscription } from 'type-graphql';
import { dayOf } from '../../src/shared/china-time.js';
import type { Topic } from '../../src/shared/live/live-event.js';
import type { LiveSignal } from '../../src/shared/live/live-feed.js';
import { findPlan, type StoredPlan } from '../../src/visits/plans/find-plan.js';
import { newsOfPlan, type PlanNews } from '../../src/visits/plans/plan-news.js';
import type { Context } from '../context.js';
import { forbidden } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { liveFeed } from '../shared/live.js';
import { PlanType, shownPlan } from './plan.type.js';

const operation = 'planProgress';
/** Nobody's id. */
const nobody = 0;

/** The least time between two answers, in milliseconds: a search finds better plans faster than anybody reads. */
const everyMs = 500;

/** How far the search for a plan comes, as it comes. */
@Resolver()
export class PlanNewsResolver {
  @Subscription(() => PlanType, {
    subscribe: liveFeed(topicsOf, everyMs),
    description:
      '[manager] The plan as it stands, at the start and whenever its search came further, ended, or the plan was applied, twice a second at most. FORBIDDEN for a plan that is unknown, or of whose stations the caller does not cover all.',
  })
  async planProgress(
    @Root() _signal: LiveSignal<PlanNews>,
    @Ctx() context: Context,
    @Arg('planId', () => ID, { description: 'The number of the plan.' }) planId: string,
  ): Promise<PlanType> {
    const plan = await found(planId, context);
    if (!plan) throw forbidden(context.language);
    return shownPlan(plan);
  }
}

async function topicsOf(
  { planId }: { planId: string },
  context: Context,
): Promise<readonly Topic<PlanNews>[]> {
  const plan = await found(planId, context);
  if (!plan) throw forbidden(context.language);
  return [newsOfPlan(plan.id)];
}

function found(planId: string, context: Context): Promise<StoredPlan | undefined> {
  const scope = context.scopeFor(operation);
  const clocks = { today: dayOf(context.now), heardNow: context.services.staff.clock.now() };
  return context.database.read((manager) => findPlan(manager, idOf(planId) ?? nobody, scope, clocks));
}
