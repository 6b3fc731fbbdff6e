import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { DeliveryState } from '../../entities/meals/delivery-order.entity.js';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import { showsOf } from '../../src/access/caller.js';
import { noSpans } from '../../src/elders/institution-stays.js';
import { cancelDelivery } from '../../src/meals/deliveries/cancel-delivery.js';
import { daysPerOrderMax } from '../../src/meals/deliveries/delivery.rules.js';
import { withCodes } from '../../src/meals/deliveries/delivery-code.js';
import { deliveriesState } from '../../src/meals/deliveries/delivery-state.js';
import { deliveriesOf, deliveriesOn, deliveryLookIns } from '../../src/meals/deliveries/find-deliveries.js';
import { orderDelivery } from '../../src/meals/deliveries/order-delivery.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { assignedIdOf, idOf } from '../shared/ids.js';
import { readPage } from '../shared/paging.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { OrderDeliveryInput } from './delivery.input.js';
import {
  DeliveryOrderConnectionType,
  DeliveryOrderResultUnion,
  DeliveryOrdersResultUnion,
  DeliveryOrderType,
  DeliveryStateEnum,
  deliveryPage,
  shownDelivery,
} from './delivery.type.js';
import { MealEnum } from './meal.type.js';

const pageSize = 50;
const firstArgument = { nullable: true, defaultValue: pageSize, description: 'How many at most, 0 to 200.' };
const afterArgument = { nullable: true, description: 'The endCursor of the page before.' };

/** Stands for an id that is malformed: no row has it. */
const nobody = 0;

@Resolver(() => DeliveryOrderType)
export class DeliveryResolver {
  @Query(() => DeliveryOrderConnectionType, {
    description:
      '[manager] What a canteen has brought of a meal of a day, or is to; an empty page for a canteen beyond the caller’s grants today.',
  })
  async deliveriesOn(
    @Ctx() context: Context,
    @Arg('canteenId', () => ID, { description: "The canteen's facility." }) canteenId: string,
    @Arg('date', () => DateScalar, { description: 'The day of the meal.' }) day: string,
    @Arg('meal', () => MealEnum, { description: 'The meal.' }) meal: Meal,
    @Arg('state', () => DeliveryStateEnum, { nullable: true, description: 'Only those that stand so.' })
    state: DeliveryState | null | undefined,
    @Arg('first', () => Int, firstArgument) first: number | null,
    @Arg('after', () => String, afterArgument) after: string | null | undefined,
  ): Promise<DeliveryOrderConnectionType> {
    const page = readPage(first ?? pageSize, after, context.language);
    const asked = { canteenId: idOf(canteenId) ?? nobody, day, meal, state: state ?? undefined };
    const rows = { afterId: page.afterId, rowsMax: page.first + 1 };
    const scope = context.scopeFor('deliveriesOn');
    const found = await context.database.read((manager) =>
      deliveriesOn(manager, asked, rows, scope, dayOf(context.now)),
    );
    return deliveryPage(found.map(shownDelivery), page.first);
  }

  @Query(() => DeliveryOrderConnectionType, {
    description:
      'What is ordered for an elder over [from, to), and what became of it, with the codes of meals that are still to come; an empty page for an elder whom the caller may not ask about. A relative needs the right BOOKING.',
  })
  async deliveriesOf(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'The elder.' }) elderIdText: string,
    @Arg('from', () => DateScalar, { description: 'The first day.' }) from: string,
    @Arg('to', () => DateScalar, { description: 'The first day after them.' }) to: string,
    @Arg('first', () => Int, firstArgument) first: number | null,
    @Arg('after', () => String, afterArgument) after: string | null | undefined,
  ): Promise<DeliveryOrderConnectionType> {
    const page = readPage(first ?? pageSize, after, context.language);
    const asked = { elderId: idOf(elderIdText) ?? nobody, from, to };
    const rows = { afterId: page.afterId, rowsMax: page.first + 1 };
    const scope = await context.elderScopeFor('deliveriesOf');
    const found = await context.database.read(async (manager) =>
      withCodes(manager, await deliveriesOf(manager, asked, rows, scope, dayOf(context.now))),
    );
    return deliveryPage(found, page.first);
  }

  @Query(() => DeliveryOrderConnectionType, {
    description:
      '[manager] Whom somebody should look in on: elders who live alone and were not at home when their meal came, at the canteens and the home stations that the caller’s grants cover today.',
  })
  async deliveryLookIns(
    @Ctx() context: Context,
    @Arg('date', () => DateScalar, { description: 'The day of the meals.' }) day: string,
    @Arg('first', () => Int, firstArgument) first: number | null,
    @Arg('after', () => String, afterArgument) after: string | null | undefined,
  ): Promise<DeliveryOrderConnectionType> {
    const page = readPage(first ?? pageSize, after, context.language);
    const rows = { afterId: page.afterId, rowsMax: page.first + 1 };
    const scope = context.scopeFor('deliveryLookIns');
    const found = await context.database.read((manager) =>
      deliveryLookIns(manager, day, rows, scope, dayOf(context.now)),
    );
    return deliveryPage(found.map(shownDelivery), page.first);
  }

  @Mutation(() => DeliveryOrdersResultUnion, {
    description:
      'Orders one meal of each of some days, all of them or none, up to the cutoff of the canteen. The elder must be entitled on each of them; nothing is charged before a meal is handed over. A relative needs the right BOOKING.',
  })
  async orderDelivery(
    @Ctx() context: Context,
    @Arg('input', () => OrderDeliveryInput, { description: 'What is ordered.' }) input: OrderDeliveryInput,
  ): Promise<typeof DeliveryOrdersResultUnion> {
    const { services, caller, accountId: byId, now } = context;
    const { awaySpans: spansOf = noSpans } = services;
    const elderId = idOf(input.elderId) ?? nobody;
    const canteenId = idOf(input.canteenId) ?? nobody;
    const keys = input.days.slice(0, daysPerOrderMax).map((day) => ({ canteenId, day }));
    const terms = await services.canteenTerms.of(keys);
    const firstId = await services.ids.take(daysPerOrderMax);
    const showsHealth = caller !== undefined && showsOf(caller, 'HEALTH', elderId) === 'yes';
    const wanted = { ...input, elderId, canteenId, byId, now, firstId, terms, spansOf, showsHealth };
    const scope = await context.elderScopeFor('orderDelivery');
    const result = await context.audit.write(
      async (manager) => {
        const ordered = await orderDelivery(manager, wanted, scope);
        return isRefusal(ordered) ? ordered : { nodes: withCodes(manager, ordered) };
      },
      { told: () => ({ elderId, facilityId: canteenId }) },
    );
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }

  @Mutation(() => DeliveryOrderResultUnion, {
    description:
      'Calls a delivery off: the elder’s side before the cutoff, the canteen’s until it has left. Again is as once.',
  })
  async cancelDelivery(
    @Ctx() context: Context,
    @Arg('deliveryId', () => ID, { description: 'The delivery.' }) deliveryId: string,
  ): Promise<typeof DeliveryOrderResultUnion> {
    const id = assignedIdOf(deliveryId) ?? nobody;
    const { accountId: byId, now } = context;
    const elders = await context.elderScopeFor('cancelDelivery');
    const reach = { ...context.deliveryReachFor('cancelDelivery'), elders };
    const result = await context.audit.write((manager) => cancelDelivery(manager, { id, byId, now }, reach), {
      state: (manager) => deliveriesState(manager, [id]),
    });
    return isRefusal(result) ? shownRefusal(result, context.language) : shownDelivery(result);
  }

  @FieldResolver(() => FacilityType, { description: 'The canteen.' })
  canteen(@Root() delivery: DeliveryOrderType, @Ctx() context: Context): Promise<FacilityType> {
    return context.loaders.facilityById.load(delivery.canteenId);
  }
}
