import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { daysBetween } from '../../src/beds/bed.rules.js';
import { bedBoard } from '../../src/beds/bed-board.js';
import { rateOf } from '../../src/beds/bed-count.rules.js';
import { bedFigures, freeBedsByType, freeDays } from '../../src/beds/bed-figures.js';
import { bedSeries, seriesDaysMax } from '../../src/beds/bed-series.js';
import { dischargeReasons } from '../../src/beds/discharge.js';
import { availableBeds, countAvailableBeds } from '../../src/beds/find-beds.js';
import { stayCharges } from '../../src/beds/stay-charges.js';
import { covers, nowhere } from '../../src/network/scope.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isMonth } from '../../src/shared/month.js';
import type { Context } from '../context.js';
import { badUserInput } from '../shared/errors.js';
import { assignedIdOf, idOf } from '../shared/ids.js';
import { readPage } from '../shared/paging.js';
import { DateScalar } from '../shared/scalars.js';
import { BedConnectionType, bedPage } from './bed.type.js';
import { BoardBedType, shownBoard } from './bed-board.type.js';
import { BedFiguresType, DischargeReasonType, FreeBedsType, StayChargesType } from './bed-results.type.js';
import { BedTypeEnum, type BedTypeValue } from './bed-state.type.js';
import { OccupancyPointType } from './occupancy-point.type.js';

const beneath = 'The facility asked about, with everything beneath it.';
const firstDay = { description: 'The first day, past or future.' };
const lastDay = { description: 'The first day left out, at most 1100 days later.' };

/** What can be asked about beds. Beyond the caller's grants there are none, as in a place that does not exist. */
@Resolver()
export class BedResolver {
  @Query(() => BedConnectionType, {
    description:
      '[manager] Beds free for the whole of [from, to), beneath a facility as the tree stands today.',
  })
  async availableBeds(
    @Ctx() context: Context,
    @Arg('within', () => ID, { description: beneath }) within: string,
    @Arg('type', () => BedTypeEnum, {
      nullable: true,
      description: 'Only beds of this type; of every type without it.',
    })
    type: BedTypeValue | null | undefined,
    @Arg('from', () => DateScalar, { description: 'The first day.' }) from: string,
    @Arg('to', () => DateScalar, {
      nullable: true,
      description: 'The first day left out; for good without it.',
    })
    to: string | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: 'How many at most, 0 to 200.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after?: string | null,
  ): Promise<BedConnectionType> {
    const { database, language, now } = context;
    const page = readPage(first ?? 20, after, language);
    if (to !== null && to !== undefined && to <= from) {
      throw badUserInput(['to'], { zh: '须晚于首日', en: 'must be after the first day' }, language);
    }
    const span = { from, to: to ?? null };
    const asked = { within: idOf(within) ?? nowhere, type: type ?? undefined, ...span, now };
    const scope = context.scopeFor('availableBeds');
    const rows = { afterId: page.afterId, rowsMax: page.first + 1 };
    const beds = await database.read((manager) => availableBeds(manager, asked, rows, scope));
    return bedPage(beds, page.first, () =>
      database.read((manager) => countAvailableBeds(manager, asked, scope)),
    );
  }

  @Query(() => [OccupancyPointType], {
    description: '[manager] One point a day over [from, to), each by the tree of its day.',
  })
  async occupancy(
    @Ctx() context: Context,
    @Arg('within', () => ID, { description: beneath }) within: string,
    @Arg('from', () => DateScalar, firstDay) from: string,
    @Arg('to', () => DateScalar, lastDay) to: string,
  ): Promise<OccupancyPointType[]> {
    checkSpan(from, to, context);
    const place = await placeOf(within, 'occupancy', context);
    const series = await context.database.read((manager) =>
      bedSeries(manager, { within: place, from, to, now: context.now }),
    );
    return series.map((counts) => ({
      ...counts,
      rate: rateOf(counts.occupied, counts.open),
      ratePerRegistered: rateOf(counts.occupied, counts.total),
    }));
  }

  @Query(() => BedFiguresType, {
    description: '[manager] How beds were used over [from, to): added up from the days that occupancy shows.',
  })
  async bedFigures(
    @Ctx() context: Context,
    @Arg('within', () => ID, { description: beneath }) within: string,
    @Arg('from', () => DateScalar, firstDay) from: string,
    @Arg('to', () => DateScalar, lastDay) to: string,
  ): Promise<BedFiguresType> {
    checkSpan(from, to, context);
    const place = await placeOf(within, 'bedFigures', context);
    return context.database.read((manager) =>
      bedFigures(manager, { within: place, from, to, now: context.now }),
    );
  }

  @Query(() => [FreeBedsType], {
    description: '[manager] Free beds by type on a day and each day of the fortnight after it.',
  })
  async freeBeds(
    @Ctx() context: Context,
    @Arg('within', () => ID, { description: beneath }) within: string,
    @Arg('on', () => DateScalar, { nullable: true, description: 'The day; today without it.' })
    on?: string | null,
  ): Promise<FreeBedsType[]> {
    const place = await placeOf(within, 'freeBeds', context);
    const day = on ?? dayOf(context.now);
    checkFortnight(day, context);
    return context.database.read((manager) =>
      freeBedsByType(manager, { within: place, on: day, now: context.now }),
    );
  }

  @Query(() => [BoardBedType], {
    description:
      "[manager] A facility's own registered beds on a day with who has them or is expected, by building, floor and room; at most 2000.",
  })
  async bedBoard(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'The facility.' }) facilityId: string,
    @Arg('on', () => DateScalar, { nullable: true, description: 'The day; today without it.' })
    on?: string | null,
  ): Promise<BoardBedType[]> {
    const asked = { facilityId: idOf(facilityId) ?? nowhere, on: on ?? dayOf(context.now), now: context.now };
    const scope = context.scopeFor('bedBoard');
    return shownBoard(await context.database.read((manager) => bedBoard(manager, asked, scope)), context);
  }

  @Query(() => StayChargesType, {
    nullable: true,
    description:
      '[manager] What a stay costs for a month, line by line; null for one that there is not within the caller’s grants.',
  })
  async stayCharges(
    @Ctx() context: Context,
    @Arg('stayId', () => ID, { description: 'Which stay.' }) stayId: string,
    @Arg('month', () => String, { description: 'The month, YYYY-MM.' }) month: string,
  ): Promise<StayChargesType | null> {
    if (!isMonth(month)) {
      throw badUserInput(['month'], { zh: '须为 YYYY-MM', en: 'must be YYYY-MM' }, context.language);
    }
    const asked = { stayId: assignedIdOf(stayId) ?? nowhere, month, now: context.now };
    const scope = context.scopeFor('stayCharges');
    return (await context.database.read((manager) => stayCharges(manager, asked, scope))) ?? null;
  }

  @Query(() => [DischargeReasonType], { description: '[manager] The reasons that discharge may be given.' })
  async dischargeReasons(@Ctx() { database, language }: Context): Promise<DischargeReasonType[]> {
    const reasons = await database.read(dischargeReasons);
    return reasons.map(({ code, name, endsFile }) => ({ code, name: name[language], endsFile }));
  }
}

function checkSpan(from: string, to: string, { language }: Context): void {
  if (to >= from && daysBetween(from, to) <= seriesDaysMax) return;
  const text = {
    zh: `须不早于首日，至多 ${seriesDaysMax} 天`,
    en: `must not be before the first day, and at most ${seriesDaysMax} days after it`,
  };
  throw badUserInput(['to'], text, language);
}

/** The databases know no day after the year 9999. */
function checkFortnight(on: string, { language }: Context): void {
  if (daysBetween(on, '9999-12-31') >= freeDays) return;
  const text = { zh: '过于遥远', en: 'is too far ahead' };
  throw badUserInput(['on'], text, language);
}

/** The facility, when the caller may ask about all of it; otherwise none. */
async function placeOf(within: string, operation: string, context: Context): Promise<number> {
  const id = idOf(within) ?? nowhere;
  const scope = context.scopeFor(operation);
  const today = dayOf(context.now);
  return (await context.database.read((manager) => covers(manager, scope, id, today))) ? id : nowhere;
}
