import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { bedSubsidyState, setBedSubsidy, subsidiesAt } from '../../src/beds/bed-days/set-bed-subsidy.js';
import { nowhere } from '../../src/network/scope.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { BedSubsidyInput } from './bed-subsidy.input.js';
import { BedSubsidyResultUnion, BedSubsidyType, shownSubsidy } from './bed-subsidy.type.js';

/** An id that no facility has. */
const unknown = -1;

/** What funders pay for occupied beds. */
@Resolver()
export class BedSubsidyResolver {
  @Query(() => [BedSubsidyType], {
    description:
      '[manager, finance, auditor] What each funder pays for occupied beds at a facility on a day: the rule that counts there, one for each funder that has any. None beyond the caller’s grants.',
  })
  async bedSubsidies(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'The home, or a centre above homes.' }) facilityId: string,
    @Arg('on', () => DateScalar, {
      nullable: true,
      description: 'The day, past or future; today without it.',
    })
    on?: string | null,
  ): Promise<BedSubsidyType[]> {
    const today = dayOf(context.now);
    const asked = { facilityId: idOf(facilityId) ?? nowhere, on: on ?? today, today };
    const scope = context.scopeFor('bedSubsidies');
    const found = await context.database.read((manager) => subsidiesAt(manager, asked, scope));
    return found.map(shownSubsidy);
  }

  @Mutation(() => BedSubsidyResultUnion, {
    description:
      '[finance, administrator] Sets what a funder pays homes for occupied beds from a day on, today or later, at a facility and beneath it, or everywhere. Of each funder the nearest rule counts; days before stay worth what they were.',
  })
  async setBedSubsidy(
    @Ctx() context: Context,
    @Arg('funder', () => String, { description: 'The code of the funder.' }) funder: string,
    @Arg('from', () => DateScalar, { description: 'The first day, today or later.' }) from: string,
    @Arg('rule', () => BedSubsidyInput, { description: 'What it pays.' }) rule: BedSubsidyInput,
    @Arg('facilityId', () => ID, {
      nullable: true,
      description: 'Where, with all beneath it; everywhere without it, which takes a grant everywhere.',
    })
    facility: string | null | undefined,
  ): Promise<typeof BedSubsidyResultUnion> {
    const facilityId = facility === null || facility === undefined ? null : (idOf(facility) ?? unknown);
    const key = { facilityId, funder, from };
    const rates = rule.rates.map(({ bedType, levelMin, levelMax, fen }) => ({
      ...{ bedType: bedType ?? null, levelMin: levelMin ?? null, levelMax: levelMax ?? null, fen },
    }));
    const terms = { ...rule, wholeMonthDays: rule.wholeMonthDays ?? null, rates };
    const { accountId: byId, now } = context;
    const scope = context.scopeFor('setBedSubsidy');
    const result = await context.audit.write(
      (manager) => setBedSubsidy(manager, { key, terms, byId, now }, scope),
      { state: (manager) => bedSubsidyState(manager, key) },
    );
    return isRefusal(result) ? shownRefusal(result, context.language) : shownSubsidy(result);
  }
}
