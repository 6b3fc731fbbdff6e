import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { ComeBackReason } from '../../entities/meals/delivery-order.entity.js';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import {
  assignDeliveries,
  deliveriesAtOnceMax,
  startDeliveries,
} from '../../src/meals/deliveries/assign-deliveries.js';
import { bringBackDelivery } from '../../src/meals/deliveries/bring-back-delivery.js';
import { deliveryRun, looksOf } from '../../src/meals/deliveries/delivery-run.js';
import { deliveriesState } from '../../src/meals/deliveries/delivery-state.js';
import { handOverDelivery } from '../../src/meals/deliveries/hand-over-delivery.js';
import { dayOf } from '../../src/shared/china-time.js';
import { systemClock } from '../../src/shared/clock.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { assignedIdOf, idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import {
  ComeBackReasonEnum,
  DeliveryOrderResultUnion,
  DeliveryOrdersResultUnion,
  shownDelivery,
} from './delivery.type.js';
import { DeliveryRunType, DeliveryStopType } from './delivery-run.type.js';
import { MealEnum } from './meal.type.js';

/** Stands for an id that is malformed: no row has it. */
const nobody = 0;
// One more than may be is enough to refuse a list that is too long.
const idsOf = (texts: readonly string[]) =>
  texts.slice(0, deliveriesAtOnceMax + 1).map((text) => assignedIdOf(text) ?? nobody);
const requestIdArgument = {
  description: 'A UUID that the caller makes; sending it again returns the first answer.',
};
const listArgument = { description: '1 to 200 deliveries, each once.' };

@Resolver(() => DeliveryStopType)
export class DeliveryRunResolver {
  @Query(() => DeliveryRunType, {
    description:
      '[courier] What the caller is to bring of a meal of today, in walking order, and nothing else.',
  })
  async myDeliveryRun(
    @Ctx() context: Context,
    @Arg('meal', () => MealEnum, { description: 'The meal.' }) meal: Meal,
  ): Promise<DeliveryRunType> {
    const date = dayOf(context.now);
    const { own } = context.deliveryReachFor('myDeliveryRun');
    const stops = await context.database.read((manager) => deliveryRun(manager, own, meal, date));
    await context.noteIdentityLooks(looksOf(stops));
    return { date, meal, stops };
  }

  @Mutation(() => DeliveryOrdersResultUnion, {
    description:
      '[manager] Gives meals to a courier of their canteens, all of them or none; what has not left may go over to another. The elder must still be entitled on the day of the meal.',
  })
  async assignDeliveries(
    @Ctx() context: Context,
    @Arg('deliveryIds', () => [ID], listArgument) deliveryIds: string[],
    @Arg('courierId', () => ID, {
      description: 'An account with the role COURIER at the canteen or above it.',
    })
    courierId: string,
  ): Promise<typeof DeliveryOrdersResultUnion> {
    const ids = idsOf(deliveryIds);
    const asked = {
      ids,
      courierId: idOf(courierId) ?? nobody,
      now: context.now,
      grantsAt: systemClock.now(),
    };
    const reach = context.deliveryReachFor('assignDeliveries');
    const result = await context.audit.write((manager) => assignDeliveries(manager, asked, reach), {
      state: (manager) => deliveriesState(manager, ids),
    });
    if (isRefusal(result)) return shownRefusal(result, context.language);
    return { nodes: result.map(shownDelivery) };
  }

  @Mutation(() => DeliveryOrdersResultUnion, {
    description:
      '[courier] Says that meals have left the canteen, on their day, all of them or none. Again is as once.',
  })
  async startDeliveries(
    @Ctx() context: Context,
    @Arg('deliveryIds', () => [ID], listArgument) deliveryIds: string[],
  ): Promise<typeof DeliveryOrdersResultUnion> {
    const ids = idsOf(deliveryIds);
    const reach = context.deliveryReachFor('startDeliveries');
    const result = await context.audit.write(
      (manager) => startDeliveries(manager, { ids, now: context.now }, reach),
      { state: (manager) => deliveriesState(manager, ids) },
    );
    if (isRefusal(result)) return shownRefusal(result, context.language);
    return { nodes: result.map(shownDelivery) };
  }

  @Mutation(() => DeliveryOrderResultUnion, {
    description:
      '[courier] Hands a meal over against the elder’s code or a photo, and charges it to the elder’s active card as a swipe with mode DELIVERY, by the same rules. What these refuse is not handed over.',
  })
  async handOverDelivery(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, requestIdArgument) requestId: string,
    @Arg('deliveryId', () => ID, { description: 'The delivery.' }) deliveryId: string,
    @Arg('code', () => String, {
      nullable: true,
      description:
        'The four digits that the elder said; none for who ordered the meal or stands on the elder’s side, and may read them.',
    })
    code: string | null | undefined,
    @Arg('photoReference', () => String, {
      nullable: true,
      description:
        'Under which name a photo is kept elsewhere, in place of a code: 8 to 120 letters and digits, with - _ . / between them; a photo proves one meal.',
    })
    photoReference: string | null | undefined,
  ): Promise<typeof DeliveryOrderResultUnion> {
    const id = assignedIdOf(deliveryId) ?? nobody;
    const { services, accountId: byId, now, origin } = context;
    const { swipeLimits: limits, stays } = services;
    const firstId = await services.ids.take(1);
    const recording = {
      firstId,
      now,
      limits,
      recordedAt: systemClock.now(),
      ...(stays ? { stays } : {}),
    };
    const proof = { code: code ?? null, photoReference: photoReference ?? null };
    const given = { id, requestId, ...proof, byId, address: origin.address, recording };
    const elders = await context.elderScopeFor('deliveriesOf');
    const reach = { ...context.deliveryReachFor('handOverDelivery'), elders };
    const result = await context.audit.write((manager) => handOverDelivery(manager, given, reach), {
      state: (manager) => deliveriesState(manager, [id]),
    });
    if (isRefusal(result)) return shownRefusal(result, context.language);
    // An operation before this one may have looked at the balance.
    context.forgetLoaders();
    return shownDelivery(result);
  }

  @Mutation(() => DeliveryOrderResultUnion, {
    description: '[courier] Says that a meal came back undelivered, and why. Nothing is charged for it.',
  })
  async bringBackDelivery(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, requestIdArgument) requestId: string,
    @Arg('deliveryId', () => ID, { description: 'The delivery.' }) deliveryId: string,
    @Arg('reason', () => ComeBackReasonEnum, { description: 'Why.' }) reason: ComeBackReason,
    @Arg('text', () => String, { nullable: true, description: 'At most 200 characters; needed with OTHER.' })
    text: string | null | undefined,
  ): Promise<typeof DeliveryOrderResultUnion> {
    const id = assignedIdOf(deliveryId) ?? nobody;
    const { accountId: byId, now } = context;
    const given = { id, requestId, reason, text: text ?? null, byId, now };
    const reach = context.deliveryReachFor('bringBackDelivery');
    const result = await context.audit.write((manager) => bringBackDelivery(manager, given, reach), {
      state: (manager) => deliveriesState(manager, [id]),
    });
    return isRefusal(result) ? shownRefusal(result, context.language) : shownDelivery(result);
  }

  @FieldResolver(() => FacilityType, { description: 'The canteen from which it is brought.' })
  canteen(@Root() stop: DeliveryStopType, @Ctx() context: Context): Promise<FacilityType> {
    return context.loaders.facilityById.load(stop.canteenId);
  }
}
