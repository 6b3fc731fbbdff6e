import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { accountStatement } from '../../src/meals/account-statement.js';
import { elderCardsState } from '../../src/meals/card-state.js';
import { closeMealAccount } from '../../src/meals/close-meal-account.js';
import { movementText } from '../../src/meals/movement-texts.rules.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isMonth } from '../../src/shared/month.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { notFound, shownRefusal } from '../shared/refusal.js';
import {
  AccountMovementType,
  AccountStatementType,
  CloseMealAccountResultUnion,
  HeirInput,
} from './account.type.js';

/** Stands for an id that is malformed: no row has it. */
const nobody = 0;

@Resolver(() => AccountMovementType)
export class AccountResolver {
  @Query(() => AccountStatementType, {
    nullable: true,
    description:
      '[manager, family] An elder’s own money in one month; a relative needs the right MONEY; null when there is no such elder in the caller’s scope, or one who never had a card.',
  })
  async accountStatement(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'The elder.' }) elderId: string,
    @Arg('month', () => String, { description: 'The month, YYYY-MM.' }) month: string,
  ): Promise<AccountStatementType | null> {
    const { language } = context;
    if (!isMonth(month)) {
      const text = { zh: '月份须写作 2026-01', en: 'a month is written as in 2026-01' };
      throw badUserInput(['month'], text, language);
    }
    const asked = { elderId: idOf(elderId) ?? nobody, month };
    const scope = await context.elderScopeFor('accountStatement');
    const found = await context.database.read((manager) =>
      accountStatement(manager, asked, scope, dayOf(context.now)),
    );
    if (!found) {
      await context.audit.refused('accountStatement', notFound, { elderId });
      return null;
    }
    const movements = found.movements.map((movement) => ({
      ...movement,
      text: movementText(movement, language),
    }));
    return { ...found, movements };
  }

  @Mutation(() => CloseMealAccountResultUnion, {
    description:
      '[manager] Closes an elder’s meal account: pays the whole balance out once, to the elder or, after a death, to an heir, and closes every card. A new card opens it again; money that comes back, as of a voided meal, is paid out by another closing.',
  })
  async closeMealAccount(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, {
      description: 'A UUID that the caller makes; sending it again returns the first answer.',
    })
    requestId: string,
    @Arg('elderId', () => ID, { description: 'The elder, whose file may have ended.' }) elderId: string,
    @Arg('heir', () => HeirInput, {
      nullable: true,
      description:
        'Who gets the money in place of the elder; needed after a death when there is any, refused before the death is entered.',
    })
    heir: HeirInput | null | undefined,
  ): Promise<typeof CloseMealAccountResultUnion> {
    const id = await context.services.ids.take(1);
    const { accountId: byId, now } = context;
    const closing = { id, requestId, elderId: idOf(elderId) ?? nobody, heir: heir ?? null, byId, now };
    const scope = context.scopeFor('closeMealAccount');
    const result = await context.audit.write((manager) => closeMealAccount(manager, closing, scope), {
      state: (manager) => elderCardsState(manager, closing.elderId),
    });
    if (isRefusal(result)) return shownRefusal(result, context.language);
    context.loaders.cardByElder.clear(result.elderId);
    context.loaders.balanceByElder.clear(result.elderId);
    return result;
  }

  @FieldResolver(() => FacilityType, {
    nullable: true,
    description: 'The canteen of the meal; null for money that was paid in or out at a counter.',
  })
  place(@Root() { meal }: AccountMovementType, @Ctx() context: Context): Promise<FacilityType> | null {
    return meal && context.loaders.facilityById.load(meal.canteenId);
  }
}
