import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { canteenDay } from '../../src/meals/canteen-day.js';
import { readRoom } from '../../src/meals/canteen-room.js';
import { canteenState } from '../../src/meals/canteen-state.js';
import { configureCanteen } from '../../src/meals/configure-canteen.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { notFound, shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { CanteenDayType, CanteenResultUnion, ConfigureCanteenInput } from './canteen.type.js';

@Resolver(() => CanteenDayType)
export class CanteenResolver {
  @Query(() => CanteenDayType, { description: "[manager] A canteen's day in figures." })
  async canteenDay(
    @Ctx() context: Context,
    @Arg('canteenId', () => ID, { description: "The canteen's facility." }) canteenId: string,
    @Arg('date', () => DateScalar, { description: 'The day of the taps.' }) date: string,
  ): Promise<CanteenDayType> {
    const scope = context.scopeFor('canteenDay');
    const day = await context.database.read((manager) =>
      canteenDay(manager, { canteenId: idOf(canteenId), date }, scope, dayOf(context.now)),
    );
    if (!day) {
      await context.audit.refused('canteenDay', notFound, { canteenId, date });
      throw badUserInput(['canteenId'], { zh: '无此食堂', en: 'no such canteen' }, context.language);
    }
    return day;
  }

  @Mutation(() => CanteenResultUnion, {
    description: "[manager] Sets a canteen's dearest meal and its meal windows, replacing those it had.",
  })
  async configureCanteen(
    @Ctx() context: Context,
    @Arg('input', () => ConfigureCanteenInput, { description: 'The new settings.' })
    input: ConfigureCanteenInput,
  ): Promise<typeof CanteenResultUnion> {
    const { priceFenMax, windows, seats, seatings, latitude, longitude } = input;
    const canteenId = idOf(input.canteenId) ?? 0;
    const room = { seats, seatings, latitude, longitude };
    const settings = { canteenId, priceFenMax, windows, room };
    const scope = context.scopeFor('configureCanteen');
    const result = await context.audit.write(
      (manager) => configureCanteen(manager, settings, scope, dayOf(context.now)),
      { state: (manager) => canteenState(manager, settings.canteenId) },
    );
    if (isRefusal(result)) return shownRefusal(result, context.language);
    return { ...result, ...(await context.database.read((manager) => readRoom(manager, canteenId))) };
  }

  @FieldResolver(() => FacilityType, { description: 'The canteen.' })
  canteen(@Root() day: CanteenDayType, @Ctx() context: Context): Promise<FacilityType> {
    return context.loaders.facilityById.load(day.canteenId);
  }
}
