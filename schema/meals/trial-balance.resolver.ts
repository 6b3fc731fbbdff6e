import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { type TrialBalanceKey, type TrialBalanceLine, trialBalance } from '../../src/meals/trial-balance.js';
import { addDays, dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { DateScalar } from '../shared/scalars.js';
import { TrialBalanceKeyEnum, TrialBalanceLineType, TrialBalanceType } from './trial-balance.type.js';

/** A year and a day: what is longer is asked year by year. */
const daysMax = 367;

/** Stands for an id that is malformed: no row has it. */
const nobody = 0;

@Resolver(() => TrialBalanceLineType)
export class TrialBalanceResolver {
  @Query(() => TrialBalanceType, {
    description:
      '[finance] The books of the places that the caller’s grants cover today. A posting belongs to its canteen, money paid in or out to the home station of its elder.',
  })
  async trialBalance(
    @Ctx() context: Context,
    @Arg('from', () => DateScalar, { description: 'The first day of the bookings.' }) from: string,
    @Arg('to', () => DateScalar, {
      description:
        'The first day after them, at most 367 days later, and in a large city earlier: the error names the latest day that can be answered.',
    })
    to: string,
    @Arg('by', () => TrialBalanceKeyEnum, { description: 'By what the lines are told from each other.' })
    by: TrialBalanceKey,
    @Arg('within', () => ID, {
      nullable: true,
      description: 'Only this facility and those beneath it today.',
    })
    within: string | null | undefined,
  ): Promise<TrialBalanceType> {
    if (to <= from || to > addDays(from, daysMax)) {
      const text = { zh: `须晚于起始日，至多 ${daysMax} 天`, en: `lies 1 to ${daysMax} days after from` };
      throw badUserInput(['to'], text, context.language);
    }
    const place = typeof within === 'string' ? (idOf(within) ?? nobody) : undefined;
    const scope = context.scopeFor('trialBalance');
    const found = await context.database.read((manager) =>
      trialBalance(manager, { within: place, from, to, by }, scope, dayOf(context.now)),
    );
    if (isRefusal(found)) throw badUserInput(found.field ?? ['to'], found.message, context.language);
    const lines = found.map((line) => shownLine(line, by));
    return { lines, sumFen: lines.reduce((total, { sumFen }) => total + sumFen, 0) };
  }

  @FieldResolver(() => FacilityType, {
    nullable: true,
    description: 'The canteen; null unless the balance is by canteen, and on the line of no canteen.',
  })
  canteen(@Root() { key, by }: TrialBalanceLineType, @Ctx() context: Context): Promise<FacilityType> | null {
    return by === 'CANTEEN' && key !== null ? context.loaders.facilityById.load(Number(key)) : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The code of the funder; null unless the balance is by funder, and on the line of no funder.',
  })
  funderCode(@Root() { key, by }: TrialBalanceLineType, @Ctx() context: Context): Promise<string> | null {
    return by === 'FUNDER' && key !== null ? context.loaders.funderCodeById.load(Number(key)) : null;
  }
}

function shownLine(line: TrialBalanceLine, by: TrialBalanceKey): TrialBalanceLineType {
  const { funderFen, donorFen, receivableFen, discountFen, elderFen, cashFen, operatorFen } = line;
  const owed = funderFen + donorFen + receivableFen + discountFen + operatorFen;
  const period = by === 'DAY' || by === 'MONTH' ? line.key : null;
  return { ...line, by, period, sumFen: owed + elderFen + cashFen };
}
