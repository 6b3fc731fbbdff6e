import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { MealCard } from '../../entities/meals/meal-card.entity.js';
import type { CardRefusal } from '../../src/meals/card-refusals.js';
import { cardState, elderCardsState } from '../../src/meals/card-state.js';
import { issueCard } from '../../src/meals/issue-card.js';
import { refundCard } from '../../src/meals/refund-card.js';
import { replaceCard } from '../../src/meals/replace-card.js';
import { reportCardLost } from '../../src/meals/report-card-lost.js';
import { topUpCard } from '../../src/meals/top-up-card.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { ElderType } from '../elders/elder.type.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateScalar, FenScalar } from '../shared/scalars.js';
import { CardResultUnion, MealCardType } from './card.type.js';

const expiresOnDescription =
  'The first day on which the card no longer pays, after today; it has no end when left out.';
const requestIdDescription = 'A UUID that the caller makes; sending it again returns the first answer.';

@Resolver(() => MealCardType)
export class CardResolver {
  @Mutation(() => CardResultUnion, {
    description:
      '[manager] Gives a card to an elder who has no active one. Asking again for the card that this elder holds is answered with that card.',
  })
  async issueCard(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'The elder, whose file is active.' }) elderId: string,
    @Arg('uid', () => String, { description: 'What the chip answers: 8 to 20 hexadecimal digits.' })
    uid: string,
    @Arg('expiresOn', () => DateScalar, { nullable: true, description: expiresOnDescription })
    expiresOn: string | null | undefined,
  ): Promise<typeof CardResultUnion> {
    const issue = { elderId: idOf(elderId) ?? 0, uid, expiresOn: expiresOn ?? null };
    const scope = context.scopeFor('issueCard');
    const result = await context.audit.write(
      (manager) => issueCard(manager, issue, scope, dayOf(context.now)),
      {
        state: (manager, card) =>
          elderCardsState(manager, issue.elderId, card && !isRefusal(card) ? card.id : undefined),
      },
    );
    return shown(result, context);
  }

  @Mutation(() => CardResultUnion, {
    description: '[manager] Adds the elder’s own money. requestId makes a retry harmless.',
  })
  async topUpCard(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, { description: requestIdDescription }) requestId: string,
    @Arg('cardUid', () => String, { description: 'An active card.' }) cardUid: string,
    @Arg('fen', () => FenScalar, { description: 'What was paid in, in fen, above zero.' }) fen: number,
  ): Promise<typeof CardResultUnion> {
    const { ids, topUpFenMax } = context.services;
    // Taken before the transaction: reserving ids is a transaction of its own.
    const id = await ids.take(1);
    const { accountId: byId, now } = context;
    const topUp = { id, requestId, cardUid, fen, fenMax: topUpFenMax, byId, now };
    const scope = context.scopeFor('topUpCard');
    const result = await context.audit.write((manager) => topUpCard(manager, topUp, scope), {
      state: (manager) => cardState(manager, cardUid),
    });
    return shown(result, context);
  }

  @Mutation(() => CardResultUnion, {
    description:
      '[manager] Pays a part of the elder’s own money out in cash. requestId makes a retry harmless. A lost card does as well as an active one unless there is a newer. After the end of the file the account is closed instead.',
  })
  async refundCard(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, { description: requestIdDescription }) requestId: string,
    @Arg('cardUid', () => String, { description: 'A card of the elder that was not replaced.' })
    cardUid: string,
    @Arg('fen', () => FenScalar, { description: 'What is paid out, in fen, 1 to the balance.' }) fen: number,
  ): Promise<typeof CardResultUnion> {
    const id = await context.services.ids.take(1);
    const refund = { id, requestId, cardUid, fen, byId: context.accountId, now: context.now };
    const scope = context.scopeFor('refundCard');
    const result = await context.audit.write((manager) => refundCard(manager, refund, scope), {
      state: (manager) => cardState(manager, cardUid),
    });
    return shown(result, context);
  }

  @Mutation(() => CardResultUnion, {
    description:
      '[manager, family] Stops an active card from paying; the money stays the elder’s. A relative needs the right MONEY.',
  })
  async reportCardLost(
    @Ctx() context: Context,
    @Arg('cardUid', () => String, { description: 'An active card.' }) cardUid: string,
  ): Promise<typeof CardResultUnion> {
    const scope = await context.elderScopeFor('reportCardLost');
    const result = await context.audit.write(
      (manager) => reportCardLost(manager, cardUid, scope, context.now),
      { state: (manager) => cardState(manager, cardUid) },
    );
    return shown(result, context);
  }

  @Mutation(() => CardResultUnion, {
    description: '[manager] The balance moves to the new card; the answer is the new card.',
  })
  async replaceCard(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, { description: requestIdDescription }) requestId: string,
    @Arg('cardUid', () => String, { description: 'The old card: active, lost or expired.' }) cardUid: string,
    @Arg('newCardUid', () => String, { description: 'A card that was never issued.' }) newCardUid: string,
    @Arg('expiresOn', () => DateScalar, { nullable: true, description: expiresOnDescription })
    expiresOn: string | null | undefined,
  ): Promise<typeof CardResultUnion> {
    const replacement = {
      requestId,
      cardUid,
      newCardUid,
      expiresOn: expiresOn ?? null,
      now: context.now,
    };
    const scope = context.scopeFor('replaceCard');
    const result = await context.audit.write((manager) => replaceCard(manager, replacement, scope), {
      state: (manager) => cardState(manager, cardUid),
    });
    return shown(result, context);
  }

  @FieldResolver(() => ElderType, { description: 'The elder whose card it is, for good.' })
  elder(@Root() card: MealCardType, @Ctx() context: Context): Promise<ElderType> {
    return context.loaders.elderById.load(card.elderId);
  }

  @FieldResolver(() => FenScalar, {
    description:
      'The elder’s own money in fen, the same on each of the elder’s cards; the subsidy is never stored on a card.',
  })
  balanceFen(@Root() card: MealCardType, @Ctx() context: Context): Promise<number> {
    return context.loaders.balanceByElder.load(card.elderId);
  }
}

function shown(result: MealCard | CardRefusal, context: Context): typeof CardResultUnion {
  if (isRefusal(result)) return shownRefusal(result, context.language);
  // An operation before this one in the same request may have looked at the card and the balance.
  context.loaders.cardByElder.clear(result.elderId);
  context.loaders.balanceByElder.clear(result.elderId);
  return result;
}
